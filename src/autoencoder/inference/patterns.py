"""Pictures unlike any in a data set: noise, and patterns drawn by hand. Source: CIFAR-10 tutorial."""

import statistics
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from autoencoder.inference.trained_run import DTYPE, TrainedRun
from autoencoder.models.base.autoencoder import ImageShape
from autoencoder.models.base.value_range import to_unit

NUM_NOISE = 2
NOISE_SEED = 0


def make_patterns(image_shape: ImageShape) -> dict[str, Tensor]:
    """Each pattern by its name, (n, channels, height, width) float in [-1, 1]; n is 1, and 2 for the noise.

    noise: uniform, seeded. grey: the middle of the range everywhere. single_channel: the first channel full, the
    others in the middle. checkerboard: upper left full, lower right empty, the rest in the middle. colours: the
    first channel rises downwards, the second to the right. For pictures of fewer channels the first ones count.
    """
    channels, height, width = image_shape
    noise = torch.rand(NUM_NOISE, *image_shape, generator=torch.Generator().manual_seed(NOISE_SEED)) * 2 - 1
    grey, single_channel, checkerboard, colours = torch.zeros(4, 1, *image_shape)
    single_channel[:, 0] = 1
    checkerboard[:, :, : height // 2, : width // 2] = 1
    checkerboard[:, :, height // 2 :, width // 2 :] = -1
    rising = torch.meshgrid(torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij")
    for channel, values in zip(range(channels), rising, strict=False):
        colours[:, channel] = values
    return {
        "noise": noise,
        "grey": grey,
        "single_channel": single_channel,
        "checkerboard": checkerboard,
        "colours": colours,
    }


@dataclass(frozen=True)
class Reconstructed:
    """Patterns and what a run makes of them, n pictures: names, (n, channels, height, width) twice in [0, 1], MSEs."""

    names: list[str]
    originals: np.ndarray
    reconstructions: np.ndarray
    mse: list[float]

    def mean_mse(self) -> dict[str, float]:
        """Each pattern's MSE, the mean of its pictures: noise_mse, ..."""
        of_name = {
            name: [mse for other, mse in zip(self.names, self.mse, strict=True) if other == name] for name in self.names
        }
        return {f"{name}_mse": statistics.fmean(values) for name, values in of_name.items()}


@torch.inference_mode()
def reconstruct_patterns(trained: TrainedRun, patterns: dict[str, Tensor]) -> Reconstructed:
    """Patterns through the network; errors are in the data set's value range.

    patterns: as `make_patterns` returns them; -1 and 1 become the low and the high end of the range.
    """
    low, high = trained.manifest.value_range
    whole = torch.cat(list(patterns.values())).to(trained.device, DTYPE)
    originals = whole * (high - low) / 2 + (high + low) / 2
    reconstructions = trained.model(originals)
    mse = (reconstructions - originals).square().flatten(1).mean(1).tolist()
    names = [name for name, images in patterns.items() for _ in images]
    given, made = (to_unit(images, (low, high)).cpu().numpy() for images in (originals, reconstructions))
    return Reconstructed(names, given, made, mse)
