"""Pixels as a network sees them: bytes 0..255 mapped linearly onto a value range such as [-1, 1] or [0, 1]."""

import torch
from torch import Tensor

ValueRange = tuple[float, float]


def to_range(images: Tensor, value_range: ValueRange, dtype: torch.dtype = torch.float32) -> Tensor:
    """Bytes to numbers: uint8 (..., in 0..255) -> floats of the same shape, 0 -> low and 255 -> high.

    In float32, as a training sees them; what measures asks for float64.
    """
    low, high = value_range
    return images.to(dtype).mul_((high - low) / 255).add_(low)


def to_unit(images: Tensor, value_range: ValueRange) -> Tensor:
    """Numbers in `value_range` (clipped to it) to [0, 1], as pictures are shown. Float, any shape."""
    low, high = value_range
    return ((images - low) / (high - low)).clamp(0, 1)


def to_bytes(images: Tensor, value_range: ValueRange) -> Tensor:
    """The inverse of `to_range`: numbers (clipped) -> the nearest uint8 in 0..255."""
    return (to_unit(images, value_range) * 255).round().to(torch.uint8)
