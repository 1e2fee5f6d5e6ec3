"""The error that a training watches, over a whole split. What is published is measured in float64 (inference)."""

import torch
from torch import Tensor

from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.models.base.value_range import ValueRange, to_range

VALIDATION_BATCH = 500
MAX_VALUES = 1 << 21  # numbers of images at once: a network holds many times as many


@torch.no_grad()
def mean_squared_error(model: Autoencoder, images: Tensor, value_range: ValueRange) -> float:
    """Mean over all numbers of all images (uint8, on the model's device) of the squared error, in fp32."""
    model.eval()
    total = 0.0
    at_once = min(VALIDATION_BATCH, max(1, MAX_VALUES // images[0].numel()))
    for batch in torch.split(images, at_once):
        inputs = to_range(batch, value_range)
        per_image = (model(inputs) - inputs).square().flatten(1).sum(1)
        total += per_image.cpu().double().sum().item()  # in double, on the CPU: not every device has it
    return total / images.numel()
