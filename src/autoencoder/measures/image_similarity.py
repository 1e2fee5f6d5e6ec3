"""How alike two pictures are to the eye, as far as PSNR and SSIM can tell."""

import math

import numpy as np
import torch
from torch import Tensor

from autoencoder.storage.blocks import images_at_once

BATCH = 500
MAX_VALUES = 1 << 21  # numbers of images at once: SSIM holds a dozen times as many in double
WINDOW, SIGMA = 11, 1.5  # pixels
C1, C2 = 0.01**2, 0.03**2  # for values in [0, 1]


@torch.inference_mode()
def compare_pictures(shown: np.ndarray, given: np.ndarray) -> tuple[float, float]:
    """PSNR in decibels and SSIM of pictures, the mean over all. Both (n, channels, height, width) uint8, as shown."""
    psnr, ssim = [], []
    step = images_at_once(BATCH, given[0].size, MAX_VALUES)
    for start in range(0, len(given), step):
        one, other = (torch.from_numpy(images[start : start + step]).double() / 255 for images in (shown, given))
        psnr.append(peak_signal_to_noise(one, other))
        ssim.append(structural_similarity(one, other))
    return mean_over_images(psnr), mean_over_images(ssim)


def structural_similarity(shown: Tensor, given: Tensor) -> Tensor:
    """SSIM of each image, (n,): at most 1. Both (n, channels, height, width) floats in [0, 1].

    Wang et al. 2004: Gaussian windows of 11 x 11 pixels, those alone that lie within the picture; the mean over windows
    and channels. Of a side below 11 pixels the window is the largest odd number that fits.
    """
    n, channels, height, width = shown.shape
    moments = torch.stack([shown, given, shown * shown, given * given, shown * given])
    rows, columns = (_windows(side).to(shown) for side in (height, width))
    x, y, xx, yy, xy = (rows @ moments @ columns.T).view(5, n, channels, -1)
    luminance = (2 * x * y + C1) / (x * x + y * y + C1)
    structure = (2 * (xy - x * y) + C2) / (xx - x * x + yy - y * y + C2)
    similarity: Tensor = (luminance * structure).mean(dim=(1, 2))
    return similarity


def _windows(side: int) -> Tensor:
    """Each window along a side, a row of weights that sum to 1: (places, side). A product with it is several times as
    fast as a convolution in float64.
    """
    size = min(WINDOW, side - (side + 1) % 2)
    weights = torch.exp(-0.5 * ((torch.arange(size, dtype=torch.float64) - size // 2) / SIGMA).square())
    windows = torch.zeros(side - size + 1, side, dtype=torch.float64)
    for place, window in enumerate(windows):
        window[place : place + size] = weights / weights.sum()
    return windows


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
