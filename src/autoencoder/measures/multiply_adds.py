"""What a network costs to run: multiply-adds an image, as PyTorch's own counter finds them.

Those of convolutions and of matrix products; activations and biases, which cost next to nothing beside, are left out.
"""

import torch
from torch.utils.flop_counter import FlopCounterMode

from autoencoder.models.base.autoencoder import Autoencoder, ImageShape


@torch.no_grad()
def count_multiply_adds(model: Autoencoder, image_shape: ImageShape) -> int:
    """Of one image (channels, height, width) through encoder and decoder. A product and its addition count as one."""
    own = next(model.parameters())
    counter = FlopCounterMode(display=False)
    with counter:
        model(own.new_zeros(1, *image_shape))
    flops: int = counter.get_total_flops()  # two for each
    return flops // 2
