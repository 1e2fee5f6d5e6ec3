"""The error that a training watches, over a whole split. What is published is measured in float64 (inference)."""

import torch
from torch import Tensor

from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.models.base.value_range import ValueRange, to_range
from autoencoder.storage.blocks import images_at_once

VALIDATION_BATCH = 500
MAX_VALUES = 1 << 21  # numbers of images at once: a network holds many times as many


@torch.no_grad()
def mean_squared_error(model: Autoencoder, images: Tensor, value_range: ValueRange) -> float:
    """Mean over all numbers of all images (uint8, on the model's device) of the squared error, in fp32."""
    model.eval()
    total = 0.0
    for batch in torch.split(images, images_at_once(VALIDATION_BATCH, images[0].numel(), MAX_VALUES)):
        inputs = to_range(batch, value_range)
        per_image = (model(inputs) - inputs).square().flatten(1).sum(1)
        total += per_image.cpu().double().sum().item()  # in double, on the CPU: not every device has it
    return total / images.numel()
