"""Sizes and pictures of JPEG and WebP against Pillow used directly, likeness against scikit-image."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from autoencoder.codecs.image_codecs import tabulate_image_codecs

RNG = np.random.default_rng(0)
IMAGES = np.kron(RNG.integers(0, 256, (4, 3, 6, 8)), np.ones((4, 4))).astype(np.uint8)
SETTINGS: dict[str, dict[str, Any]] = {
    "JPEG": {"optimize": True, "subsampling": 2},  # 4:2:0
    "WebP": {"method": 6},
}
QUALITIES = {"JPEG": [1, 5, 10, 20, 40, 70], "WebP": [0, 5, 10, 20, 40, 70]}


def file(image: np.ndarray, name: str, quality: int) -> bytes:
    buffer = BytesIO()
    Image.fromarray(image.transpose(1, 2, 0)).save(buffer, name, quality=quality, **SETTINGS[name])
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["JPEG", "WebP"])
def test_every_row_is_what_pillow_writes_and_reads(name: str) -> None:
    rows = tabulate_image_codecs(IMAGES)
    blank = np.full((3, 24, 32), 128, dtype=np.uint8)
    header = min(len(file(blank, name, quality)) for quality in QUALITIES[name])
    whole = [row for row in rows if row["codec"] == name]
    less = [row for row in rows if row["codec"] == f"{name}, header not counted"]
    assert [row["quality"] for row in whole] == [row["quality"] for row in less] == QUALITIES[name]
    for row, without in zip(whole, less, strict=True):
        files = [file(image, name, row["quality"]) for image in IMAGES]
        read = [np.asarray(Image.open(BytesIO(content)).convert("RGB")).transpose(2, 0, 1) for content in files]
        assert row["bytes_per_image"] == pytest.approx(np.mean([len(content) for content in files]), rel=5e-6)
        assert without["bytes_per_image"] == pytest.approx(row["bytes_per_image"] - header, rel=5e-6)
        psnr = [peak_signal_noise_ratio(given, shown) for given, shown in zip(IMAGES, read, strict=True)]
        options = {"channel_axis": 0, "gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
        ssim = [
            structural_similarity(given, shown, data_range=255, **options)
            for given, shown in zip(IMAGES, read, strict=True)
        ]
        assert row["psnr_db"] == without["psnr_db"] == pytest.approx(np.mean(psnr), rel=5e-6)  # six digits
        assert row["ssim"] == without["ssim"] == pytest.approx(np.mean(ssim), rel=5e-6)
        assert row["num_images"] == without["num_images"] == 4
