"""Latents: every image of a split through the encoder, in order, none left out."""

from collections.abc import Iterator

import numpy as np
import torch

from autoencoder.inference.trained_run import DTYPE, TrainedRun
from autoencoder.models.base.value_range import to_range

KEPT_BITS = 16  # of the 24 binary digits of a float32


def create_embeddings(trained: TrainedRun, images: np.ndarray) -> np.ndarray:
    """Images (n, channels, height, width) uint8 -> latents (n, latent_dim) float32: the same bits on any processor.

    They are computed in float64 and rounded to 16 binary digits (`round_bits`). Two processors' sums differ by some
    1e-16, and only where a rounding boundary lies just between them would they round apart: once in 10^9 numbers.
    """
    return np.concatenate(list(embed_batches(trained, images)))


@torch.inference_mode()
def embed_batches(trained: TrainedRun, images: np.ndarray) -> Iterator[np.ndarray]:
    """The same for more images than fit in memory: yields (b, latent_dim) float32, in order."""
    for batch in torch.split(torch.from_numpy(images), trained.batch_size):
        given = to_range(batch.to(trained.device), trained.manifest.value_range, DTYPE)
        yield round_bits(trained.model.encoder(given).cpu().numpy())


def round_bits(values: np.ndarray) -> np.ndarray:
    """Finite floats, any shape, to the nearest float32 with `KEPT_BITS` binary digits (halves to the even one)."""
    fraction, exponent = np.frexp(values.astype(np.float64))
    scale = 2.0**KEPT_BITS
    rounded: np.ndarray = np.ldexp(np.rint(fraction * scale) / scale, exponent).astype(np.float32)
    return rounded
