"""Test latents as TensorBoard's projector reads them: a folder a run that `tensorboard --logdir` opens.

It holds the points, their labels, and the sprite, all test images in one picture. The projector waits for ever for a
sprite that is missing, and wants every file in the folder of its config or below.

Source: tensorboard/plugins/projector/projector_plugin.py (2.21).
"""

import math
from io import BytesIO

import numpy as np
from PIL import Image

from autoencoder.storage import paths
from autoencoder.storage.files import write_atomically

TENSORS, METADATA, SPRITE = "tensors.bytes", "metadata.tsv", "sprite.png"
CONFIG = "projector_config.pbtxt"  # the name that TensorBoard looks for
MAX_SPRITE_SIDE = 8192  # pixels; TensorBoard draws no larger one


def write_projector(run: str, latents: np.ndarray, labels: str, images: np.ndarray) -> None:
    """Write a run's projector: latents (n, latent_dim) float32, the table of labels (`metadata`), the images' sprite.

    images: (n, channels, height, width) uint8.
    """
    buffer = BytesIO()
    sprite(images).save(buffer, "PNG")
    cell = cell_sides(len(images), (images.shape[2], images.shape[3]))
    files = {
        TENSORS: latents.astype("<f4").tobytes(),
        METADATA: labels.encode(),
        SPRITE: buffer.getvalue(),
        CONFIG: config(run, latents.shape, cell).encode(),  # last: with it the folder is complete
    }
    for name, content in files.items():
        write_atomically(paths.projector(run) / name, content)


def metadata(index: np.ndarray, labels: dict[str, np.ndarray], names: dict[str, list[str]]) -> str:
    """A line an image: its labels by name (flags joined, or "none"), and its index in the source; a heading above.

    Without labels there is one column, and then TensorBoard wants no heading. See `prepared.Split` for the arguments.
    """
    columns = {label: _texts(codes, names[label]) for label, codes in labels.items()}
    columns["index"] = [str(place) for place in index.tolist()]
    lines = ["\t".join(line) for line in zip(*columns.values(), strict=True)]
    heading = ["\t".join(map(_plain, columns))] if len(columns) > 1 else []
    return "\n".join(heading + lines) + "\n"


def config(run: str, shape: tuple[int, ...], cell: tuple[int, int]) -> str:
    """A config as protobuf text. shape: (n, latent_dim). cell: (height, width) of a picture in the sprite."""
    height, width = cell
    lines = [
        f'tensor_name: "{run}"',
        f'tensor_path: "{TENSORS}"',
        f"tensor_shape: {shape[0]}",
        f"tensor_shape: {shape[1]}",
        f'metadata_path: "{METADATA}"',
        f'sprite {{ image_path: "{SPRITE}" single_image_dim: {width} single_image_dim: {height} }}',
    ]
    return "embeddings {\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


def cell_sides(number: int, image_sides: tuple[int, int]) -> tuple[int, int]:
    """Height and width of one of `number` pictures in a sprite: as they are, or smaller where it would be too large."""
    height, width = image_sides
    columns = grid_columns(number)
    scale = min(1.0, MAX_SPRITE_SIDE / (columns * max(height, width)))
    return max(1, int(height * scale)), max(1, int(width * scale))


def grid_columns(number: int) -> int:
    """Pictures side by side in a sprite of `number`: it is about as high as wide."""
    return math.isqrt(number - 1) + 1


def sprite(images: np.ndarray) -> Image.Image:
    """All pictures in one, row by row. images: (n, channels, height, width) uint8; one channel is shown grey."""
    height, width = cell_sides(len(images), (images.shape[2], images.shape[3]))
    columns = grid_columns(len(images))
    whole = Image.new("RGB", (columns * width, -(-len(images) // columns) * height))
    for number, image in enumerate(images):
        shown = image.transpose(1, 2, 0) if len(image) == 3 else np.repeat(image[0][..., None], 3, axis=2)
        picture = Image.fromarray(shown)
        if picture.size != (width, height):
            picture = picture.resize((width, height), Image.Resampling.BOX)
        row, column = divmod(number, columns)
        whole.paste(picture, (column * width, row * height))
    return whole


def _texts(codes: np.ndarray, names: list[str]) -> list[str]:
    plain = [_plain(name) for name in names]
    if codes.ndim == 1:
        return [plain[code] for code in codes.tolist()]
    return [" / ".join(plain[which] for which in np.flatnonzero(flags)) or "none" for flags in codes]


def _plain(name: str) -> str:
    """A name without tabs and line ends, which would end its cell."""
    return " ".join(name.split())
