"""Nested latents: the first k of them decode, for every k.

Source: Rippel, Gelbart and Adams 2014, "Learning Ordered Representations with Nested Dropout".
"""

import torch
from torch import Tensor


def keep_first(latents: Tensor, num_kept: int | Tensor) -> Tensor:
    """Latents (n, latent_dim) with all but the first `num_kept` set to zero; num_kept: one number, or (n,) int64."""
    place = torch.arange(latents.shape[1], device=latents.device)
    kept = num_kept[:, None] if isinstance(num_kept, Tensor) else num_kept
    return torch.where(place < kept, latents, 0)
