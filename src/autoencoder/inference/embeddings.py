"""Latents: every image of a split through the encoder, in order, none left out."""

import numpy as np
import torch
from torch import Tensor

from autoencoder.inference.trained_run import TrainedRun
from autoencoder.models.base.mean_squared_error import EVALUATION_BATCH
from autoencoder.models.base.value_range import to_range


@torch.inference_mode()
def create_embeddings(trained: TrainedRun, images: np.ndarray) -> np.ndarray:
    """Images (n, channels, height, width) uint8 -> latents (n, latent_dim) float32, in fp32 arithmetic."""
    latents: list[Tensor] = []
    for batch in torch.split(torch.from_numpy(images), EVALUATION_BATCH):
        latents.append(trained.model.encoder(to_range(batch.to(trained.device), trained.manifest.value_range)).cpu())
    return torch.cat(latents).numpy()
