"""Pictures through the whole network, beside what they were."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from autoencoder.inference.trained_run import DTYPE, TrainedRun
from autoencoder.models.base.value_range import to_range


def reconstruct(trained: TrainedRun, images: np.ndarray) -> Iterator[tuple[Tensor, Tensor]]:
    """Images (n, channels, height, width) uint8 -> originals and reconstructions, batch by batch.

    Both (b, channels, height, width) float64 in the data set's value range, on the run's device.
    """
    for batch in torch.split(torch.from_numpy(images), trained.batch_size):
        originals = to_range(batch.to(trained.device), trained.manifest.value_range, DTYPE)
        with torch.inference_mode():
            reconstructions = trained.model(originals)
        yield originals, reconstructions


def mean_squared_error(trained: TrainedRun, images: np.ndarray) -> float:
    """Mean over all numbers of all images (n, channels, height, width) uint8 of the squared error, in their range."""
    total = sum((made - given).square().sum().item() for given, made in reconstruct(trained, images))
    return total / images.size
