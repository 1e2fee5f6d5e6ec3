"""Latents back to pictures: as floats for measuring and drawing, and as bytes."""

import numpy as np
import torch

from autoencoder.inference.trained_run import DTYPE, TrainedRun
from autoencoder.models.base.value_range import to_unit


@torch.inference_mode()
def decode_images(trained: TrainedRun, latents: np.ndarray) -> np.ndarray:
    """Latents (n, latent_dim) -> pictures as shown, (n, channels, height, width) float32 in [0, 1]."""
    pictures = [
        to_unit(trained.model.decoder(batch.to(trained.device, DTYPE)), trained.manifest.value_range).float().cpu()
        for batch in torch.split(torch.from_numpy(latents), trained.batch_size)
    ]
    return torch.cat(pictures).numpy()


def decode_pictures(trained: TrainedRun, latents: np.ndarray) -> np.ndarray:
    """Latents (n, latent_dim) float32 -> pictures (n, channels, height, width) uint8, whatever n is."""
    return as_bytes(decode_images(trained, latents))


def as_bytes(images: np.ndarray) -> np.ndarray:
    """Pictures in [0, 1], any shape -> the nearest uint8 in 0..255."""
    pictures: np.ndarray = np.rint(images * 255).astype(np.uint8)
    return pictures
