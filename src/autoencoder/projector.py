"""Test latents as TensorBoard's projector reads them: folders that `tensorboard --logdir` opens.

A run's folder holds its points, without pictures. The folder above it, the data set's, adds the sprite (all test images
in one picture) and shows the points of all its runs with it. Two folders, because the pictures are not ours to give
away with the points, and the projector waits for ever for a sprite that is missing; the one within the other, because
every file must lie in the folder of its config or below.

Source: tensorboard/plugins/projector/projector_plugin.py (2.21).
"""

import math
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from autoencoder.files import write_atomically

TENSORS, METADATA, SPRITE = "tensors.bytes", "metadata.tsv", "sprite.png"
CONFIG = "projector_config.pbtxt"  # the name that TensorBoard looks for
STEPS_A_DEVIATION = 32
MAX_SPRITE_SIDE = 8192  # pixels; TensorBoard draws no larger one


def folder(dataset: str, run: str = "") -> Path:
    """The projector of one run, or of all of a data set's runs with pictures."""
    return Path("data/projector") / dataset / run


def write_points(run: str, dataset: str, latents: np.ndarray, table: str) -> None:
    """Write a run's projector: latents (n, latent_dim) float32, the table of their labels (`metadata`), the config."""
    files = {
        TENSORS: rounded(latents).astype("<f4").tobytes(),
        METADATA: table.encode(),
        CONFIG: config({run: latents.shape}).encode(),
    }
    for name, content in files.items():
        write_atomically(folder(dataset, run) / name, content)


def write_pictures(dataset: str, images: np.ndarray, latent_dims: dict[str, int]) -> None:
    """Write a data set's projector: the sprite of its test images, and a config that shows each run's points with it.

    images: (n, channels, height, width) uint8. latent_dims: by run.
    """
    buffer = BytesIO()
    sprite(images).save(buffer, "PNG")
    write_atomically(folder(dataset) / SPRITE, buffer.getvalue())
    cell = cell_sides(len(images), (images.shape[2], images.shape[3]))
    shapes = {run: (len(images), latent_dim) for run, latent_dim in latent_dims.items()}
    write_atomically(folder(dataset) / CONFIG, config(shapes, cell).encode())


def rounded(latents: np.ndarray) -> np.ndarray:
    """Latents (n, latent_dim) float32 rounded to about 1/32 of each number's deviation: too little to be seen.

    The step is the nearest power of two, so that most bits of a float are 0: the file packs to a third of its size.
    """
    deviation = latents.std(axis=0, dtype=np.float64)
    step = np.exp2(np.round(np.log2(np.where(deviation > 0, deviation, 1.0) / STEPS_A_DEVIATION)))
    values: np.ndarray = (np.round(latents / step) * step + 0.0).astype(np.float32)  # + 0: no -0
    return values


def metadata(index: np.ndarray, labels: dict[str, np.ndarray], names: dict[str, list[str]]) -> str:
    """A line an image: its labels by name (flags joined, or "none"), and its index in the source; a heading above.

    Without labels there is one column, and then TensorBoard wants no heading. See `prepared.Split` for the arguments.
    """
    columns = {label: _texts(codes, names[label]) for label, codes in labels.items()}
    columns["index"] = [str(place) for place in index.tolist()]
    lines = ["\t".join(line) for line in zip(*columns.values(), strict=True)]
    heading = ["\t".join(map(_plain, columns))] if len(columns) > 1 else []
    return "\n".join(heading + lines) + "\n"


def config(shapes: Mapping[str, tuple[int, ...]], cell: tuple[int, int] | None = None) -> str:
    """A projector's config, as protobuf text. shapes: (n, latent_dim) by run.

    Without `cell` for the folder of one run; with it, the (height, width) of a picture in the sprite, for the folder
    above.
    """
    blocks = []
    for run, (number, latent_dim) in shapes.items():
        below = f"{run}/" if cell else ""
        lines = [
            f'tensor_name: "{run}"',
            f'tensor_path: "{below}{TENSORS}"',
            f"tensor_shape: {number}",
            f"tensor_shape: {latent_dim}",
            f'metadata_path: "{below}{METADATA}"',
        ]
        if cell:
            height, width = cell
            lines.append(f'sprite {{ image_path: "{SPRITE}" single_image_dim: {width} single_image_dim: {height} }}')
        blocks.append("embeddings {\n" + "".join(f"  {line}\n" for line in lines) + "}\n")
    return "".join(blocks)


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
