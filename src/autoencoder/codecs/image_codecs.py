"""JPEG and WebP at their lowest sizes, as what everyone uses: whole files, and without what their headers cost."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from autoencoder.measures.image_similarity import compare_pictures
from autoencoder.measures.rounding import significant
from autoencoder.measures.sampling import sample_rows
from autoencoder.storage import paths
from autoencoder.storage.files import Record, read_json, write_json
from autoencoder.storage.prepared import Manifest
from autoencoder.storage.provenance import check_baseline
from autoencoder.storage.results import DIGITS

# Each by its settings at a quality: the smallest files that Pillow writes. "4:2:0" halves the colours' resolution, as
# WebP always does.
FORMATS: dict[str, Callable[[int], dict[str, Any]]] = {
    "JPEG": lambda quality: {"quality": quality, "optimize": True, "subsampling": "4:2:0"},
    "WebP": lambda quality: {"quality": quality, "method": 6},
}
QUALITIES = {"JPEG": (1, 5, 10, 20, 40, 70), "WebP": (0, 5, 10, 20, 40, 70)}
OF_COLOURS = ("subsampling",)  # settings that a grey picture has none of
NOT_COUNTED = "header not counted"
IMAGES = "images"  # in a row: the first digits of the SHA-256 of the test images
# Test images that any codec is measured on, at most, a random sample: SSIM takes most of the time. Fewer large ones.
MAX_IMAGES, MAX_LARGE_IMAGES = 2000, 200
MAX_VALUES = 1 << 23  # numbers of all of them, where that is more than MAX_LARGE_IMAGES have


def measured_rows(images: np.ndarray) -> np.ndarray:
    """Which of the test images (n, channels, height, width) any codec is measured on: (k,) int64, ascending."""
    return sample_rows(len(images), min(MAX_IMAGES, max(MAX_LARGE_IMAGES, MAX_VALUES // images[0].size)))


def tabulate_image_codecs(images: np.ndarray) -> list[Record]:
    """Images (n, channels, height, width) uint8, or a sample of them, through each format at each quality, compared as
    shown.

    Rows of codec, quality, bytes_per_image (the mean), psnr_db, ssim, num_images; each once more with a codec whose
    name ends in `NOT_COUNTED` and the bytes less those of the smallest file of a grey picture of that size.
    """
    images = images[measured_rows(images)]
    rows: list[Record] = []
    for name, settings in FORMATS.items():
        blank = np.full((1, *images.shape[1:]), 128, dtype=np.uint8)
        header = min(write(blank, name, settings(quality))[0] for quality in QUALITIES[name])
        for quality in QUALITIES[name]:
            size, shown = write(images, name, settings(quality))
            psnr_db, ssim = compare_pictures(shown, images)
            for codec, num_bytes in {name: size, f"{name}, {NOT_COUNTED}": size - header}.items():
                numbers = {"bytes_per_image": num_bytes, "psnr_db": psnr_db, "ssim": ssim}
                measured = {key: significant(value) for key, value in numbers.items()}
                rows.append({"codec": codec, "quality": quality, **measured, "num_images": len(images)})
    return sorted(rows, key=lambda row: str(row["codec"]))  # stable: qualities stay in their order


def write(images: np.ndarray, name: str, settings: dict[str, Any]) -> tuple[float, np.ndarray]:
    """The mean number of bytes of the images' files, and what is read from those files again (shape and type alike)."""
    total, shown = 0, np.empty_like(images)
    is_grey = images.shape[1] == 1
    settings = {key: value for key, value in settings.items() if not (is_grey and key in OF_COLOURS)}
    for row, image in enumerate(images):
        buffer = BytesIO()
        pixels = np.ascontiguousarray(image[0] if is_grey else image.transpose(1, 2, 0))
        Image.fromarray(pixels).save(buffer, name, **settings)
        total += buffer.tell()
        with Image.open(buffer) as read:
            decoded = np.asarray(read.convert("L" if is_grey else "RGB"))
            shown[row] = decoded if is_grey else decoded.transpose(2, 0, 1)
    return total / len(images), shown


def write_table(manifest: Manifest, test: np.ndarray) -> None:
    """`tabulate_image_codecs` of the test images, each row with what it was made from -> `paths.image_codecs`."""
    images = _hash_of_images(manifest)
    rows = [{**row, IMAGES: images} for row in tabulate_image_codecs(test)]
    write_json(paths.image_codecs(manifest.name), rows)


def read_table(manifest: Manifest) -> list[Record]:
    """What `write_table` wrote. Raises UserError where it is missing or tells of other images than the present ones."""
    path = paths.image_codecs(manifest.name)
    rows: list[Record] = read_json(path, f"python src/baseline.py {manifest.name}")
    images = _hash_of_images(manifest)
    for row in rows:
        check_baseline(path, {IMAGES: row.pop(IMAGES, None)}, {IMAGES: images}, manifest.name)
    return rows


def _hash_of_images(manifest: Manifest) -> str:
    return manifest.sha256.get("test.npz", "")[:DIGITS]
