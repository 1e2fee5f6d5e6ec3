"""Latents: every image of a split through the encoder, in order, none left out."""

import io
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from autoencoder.files import write_atomically
from autoencoder.inference import TrainedRun
from autoencoder.pixels import to_range
from autoencoder.prepared import Split

BATCH = 500


@torch.inference_mode()
def encode(trained: TrainedRun, images: np.ndarray) -> np.ndarray:
    """Images (n, channels, height, width) uint8 -> latents (n, latent_dim) float32, in fp32 arithmetic."""
    latents: list[Tensor] = []
    for batch in torch.split(torch.from_numpy(images), BATCH):
        latents.append(trained.model.encoder(to_range(batch.to(trained.device), trained.manifest.value_range)).cpu())
    return torch.cat(latents).numpy()


def write_latents(path: Path, latents: np.ndarray, split: Split) -> None:
    """Write `latents` (n, latent_dim) with the index and labels of their images, as .npz; bytes follow the content."""
    arrays = {"latents": latents, "index": split.index}
    arrays |= {f"label_{name}": values for name, values in split.labels.items()}
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    write_atomically(path, buffer.getvalue())
