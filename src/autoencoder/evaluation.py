"""How well a trained autoencoder gives pictures back: errors over whole splits, always in fp32."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from autoencoder.models import Autoencoder
from autoencoder.pixels import ValueRange, to_range, to_unit
from autoencoder.torchvision_ops import make_grid as _torchvision_first  # noqa: F401 (torchmetrics imports torchvision)

from torchmetrics.functional.image import structural_similarity_index_measure  # isort: skip

BATCH = 500


@dataclass(frozen=True)
class Errors:
    """The error of reconstruction over a set of images.

    mse: mean squared error per number, in the data set's value range. sse: the same summed over an image, the mean of
    all images. psnr_db and ssim compare pictures as shown, clipped to the range: the mean over images of the peak
    signal-to-noise ratio in decibels and of the structural similarity (Wang et al. 2004; Gaussian window, sigma 1.5),
    at most 1.
    """

    mse: float
    sse: float
    psnr_db: float
    ssim: float


@torch.inference_mode()
def measure(model: Autoencoder, images: Tensor, value_range: ValueRange, device: torch.device) -> Errors:
    """Reconstruct every image (n, channels, height, width) uint8 and compare. `model` must be on `device`."""
    model.eval()
    sse, psnr, ssim = [], [], []
    for batch in torch.split(images, BATCH):
        originals = to_range(batch.to(device), value_range)
        reconstructions = model(originals)
        sse.append((reconstructions - originals).square().flatten(1).sum(1).cpu())
        shown, given = to_unit(reconstructions, value_range), to_unit(originals, value_range)
        psnr.append(peak_signal_to_noise(shown, given).cpu())
        similarity = structural_similarity_index_measure(shown, given, sigma=1.5, data_range=1.0, reduction="none")
        assert isinstance(similarity, Tensor)  # a tuple only where its parts are asked for
        ssim.append(similarity.cpu())
    mean_sse = _mean(sse)
    return Errors(mean_sse / images[0].numel(), mean_sse, _mean(psnr), _mean(ssim))


def peak_signal_to_noise(shown: Tensor, given: Tensor) -> Tensor:
    """PSNR of each image in decibels. Both (n, ...) in [0, 1]; equal images count as 8-bit rounding error would."""
    mse = (shown - given).square().flatten(1).mean(1)
    rounding_error = 1 / (12 * 255**2)
    return -10 * torch.log10(mse.clamp(min=rounding_error))


def _mean(parts: list[Tensor]) -> float:
    mean = torch.cat(parts).double().mean().item()
    assert math.isfinite(mean)  # training stops at the first value that is not
    return mean
