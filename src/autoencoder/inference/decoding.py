"""Latents back to pictures: as floats for measuring and drawing, and as bytes that do not depend on their company."""

import numpy as np
import torch

from autoencoder.inference.trained_run import TrainedRun
from autoencoder.models.base.mean_squared_error import EVALUATION_BATCH
from autoencoder.models.base.value_range import to_bytes, to_unit

# The decoder always sees this many latents at once, the last ones filled up with zeros: another number would change the
# last digits of its sums, and with them a pixel now and then between a file decoded alone and the same among others.
BLOCK = 16


@torch.inference_mode()
def decode_images(trained: TrainedRun, latents: np.ndarray) -> np.ndarray:
    """Latents (n, latent_dim) float32 -> pictures as shown, (n, channels, height, width) float32 in [0, 1]."""
    pictures = [
        to_unit(trained.model.decoder(batch.to(trained.device)), trained.manifest.value_range).cpu()
        for batch in torch.split(torch.from_numpy(latents), EVALUATION_BATCH)
    ]
    return torch.cat(pictures).numpy()


@torch.inference_mode()
def decode_pictures(trained: TrainedRun, latents: np.ndarray) -> np.ndarray:
    """Latents (n, latent_dim) float32 -> pictures (n, channels, height, width) uint8, whatever n is, to the bit."""
    pictures = []
    for start in range(0, len(latents), BLOCK):
        part = torch.from_numpy(latents[start : start + BLOCK])
        block = torch.zeros(BLOCK, part.shape[1])
        block[: len(part)] = part
        shown = to_bytes(trained.model.decoder(block.to(trained.device)), trained.manifest.value_range)
        pictures.append(shown[: len(part)].cpu().numpy())
    return np.concatenate(pictures)
