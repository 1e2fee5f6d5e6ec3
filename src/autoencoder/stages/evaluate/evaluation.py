"""How well a trained autoencoder gives pictures back: errors over whole splits, always in float64."""

from dataclasses import dataclass

import numpy as np
import torch

from autoencoder.inference.reconstruction import reconstruct
from autoencoder.inference.trained_run import TrainedRun
from autoencoder.measures.image_similarity import mean_over_images, peak_signal_to_noise, structural_similarity
from autoencoder.models.base.value_range import to_unit


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


@dataclass(frozen=True)
class ImageErrors:
    """The same of single images, in their order: (n,) float64 each."""

    sse: np.ndarray
    psnr_db: np.ndarray
    ssim: np.ndarray


def measure_images(trained: TrainedRun, images: np.ndarray) -> ImageErrors:
    """Reconstruct every image (n, channels, height, width) uint8 and compare."""
    value_range = trained.manifest.value_range
    sse, psnr, ssim = [], [], []
    for originals, reconstructions in reconstruct(trained, images):
        sse.append((reconstructions - originals).square().flatten(1).sum(1).cpu())
        shown, given = to_unit(reconstructions, value_range), to_unit(originals, value_range)
        psnr.append(peak_signal_to_noise(shown, given).cpu())
        ssim.append(structural_similarity(shown, given).cpu())
    return ImageErrors(*(torch.cat(parts).double().numpy() for parts in (sse, psnr, ssim)))


def mean_errors(errors: ImageErrors, num_inputs: int) -> Errors:
    """The mean over the images; num_inputs: the numbers of one."""
    sse, psnr, ssim = (mean_over_images([torch.from_numpy(part)]) for part in (errors.sse, errors.psnr_db, errors.ssim))
    return Errors(sse / num_inputs, sse, psnr, ssim)


def measure_reconstruction(trained: TrainedRun, images: np.ndarray) -> Errors:
    """Reconstruct every image (n, channels, height, width) uint8 and compare; the means."""
    return mean_errors(measure_images(trained, images), images[0].size)
