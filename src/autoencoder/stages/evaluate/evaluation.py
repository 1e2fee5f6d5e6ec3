"""How well a trained autoencoder gives pictures back: errors over whole splits, always in fp32."""

from dataclasses import dataclass

import torch
from torch import Tensor

from autoencoder.measures.image_similarity import mean_over_images, peak_signal_to_noise, structural_similarity
from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.models.base.mean_squared_error import EVALUATION_BATCH
from autoencoder.models.base.value_range import ValueRange, to_range, to_unit


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
def measure_reconstruction(model: Autoencoder, images: Tensor, value_range: ValueRange, device: torch.device) -> Errors:
    """Reconstruct every image (n, channels, height, width) uint8 and compare. `model` must be on `device`."""
    model.eval()
    sse, psnr, ssim = [], [], []
    for batch in torch.split(images, EVALUATION_BATCH):
        originals = to_range(batch.to(device), value_range)
        reconstructions = model(originals)
        sse.append((reconstructions - originals).square().flatten(1).sum(1).cpu())
        shown, given = to_unit(reconstructions, value_range), to_unit(originals, value_range)
        psnr.append(peak_signal_to_noise(shown, given).cpu())
        ssim.append(structural_similarity(shown, given).cpu())
    mean_sse = mean_over_images(sse)
    return Errors(mean_sse / images[0].numel(), mean_sse, mean_over_images(psnr), mean_over_images(ssim))
