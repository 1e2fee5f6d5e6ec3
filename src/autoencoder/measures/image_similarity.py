"""How alike two pictures are to the eye, as far as PSNR and SSIM can tell."""

import math

import numpy as np
import torch
from torch import Tensor

from autoencoder.ui.torchvision_ops import make_grid as _torchvision_first  # noqa: F401 (torchmetrics imports torchvision)

from torchmetrics.functional.image import structural_similarity_index_measure  # isort: skip

BATCH = 500


@torch.inference_mode()
def compare_pictures(shown: np.ndarray, given: np.ndarray) -> tuple[float, float]:
    """PSNR in decibels and SSIM of pictures, the mean over all. Both (n, channels, height, width) uint8, as shown."""
    psnr, ssim = [], []
    for start in range(0, len(given), BATCH):
        one, other = (torch.from_numpy(images[start : start + BATCH]).float() / 255 for images in (shown, given))
        psnr.append(peak_signal_to_noise(one, other))
        ssim.append(structural_similarity(one, other))
    return mean_over_images(psnr), mean_over_images(ssim)


def structural_similarity(shown: Tensor, given: Tensor) -> Tensor:
    """SSIM of each image. Both (n, channels, height, width) in [0, 1]."""
    similarity = structural_similarity_index_measure(shown, given, sigma=1.5, data_range=1.0, reduction="none")
    assert isinstance(similarity, Tensor)  # a tuple only where its parts are asked for
    return similarity


def peak_signal_to_noise(shown: Tensor, given: Tensor) -> Tensor:
    """PSNR of each image in decibels. Both (n, ...) in [0, 1]; equal images count as 8-bit rounding error would."""
    mse = (shown - given).square().flatten(1).mean(1)
    rounding_error = 1 / (12 * 255**2)
    return -10 * torch.log10(mse.clamp(min=rounding_error))


def mean_over_images(parts: list[Tensor]) -> float:
    """The mean of what was measured of each image, batch by batch: tensors (n,)."""
    mean = torch.cat(parts).double().mean().item()
    assert math.isfinite(mean)  # training stops at the first value that is not
    return mean
