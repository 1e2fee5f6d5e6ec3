"""The CryptoPunks tutorial's network: two convolutions with pooling, and two transposed convolutions back.

Channels 3 -> 6 -> 12 -> 6 -> 3, sides 24 -> 20 -> 10 -> 6 -> 3 -> 10 -> 24; exactly 5,517 parameters. The bottleneck
has 12 x 3 x 3 = 108 numbers, 6.25 % of the image's 1,728 (the text says 12 x 12 x 3 = 432 and 25 %).
Source: Brian Caffo's data science book, chapter "Autoencoders".

As the book builds it, some seeds draw black for long. Not for want of living units: it starts by drawing mid-grey,
the punks are mostly black, and Adam pushes the last layer so far down that the sigmoid saturates; its gradient is then
next to nothing. Starting from the right brightness cures it (`initial_output`); an end without sigmoid does, too.
"""

import math
from collections.abc import Callable
from typing import Literal

from pydantic import Field
from torch import nn

from autoencoder.config.params import ParamsSection
from autoencoder.models.base.autoencoder import FINAL_ACTIVATIONS, Autoencoder, ImageShape
from autoencoder.ui.errors import UserError

# What the last layer must give out for the activation to make a wanted value of it.
BEFORE_ACTIVATION: dict[str, Callable[[float], float]] = {
    "none": float,
    "tanh": math.atanh,
    "sigmoid": lambda value: math.log(value / (1 - value)),
}


class Options(ParamsSection):
    """`models.punks_cnn` in params.yaml."""

    final_activation: Literal["none", "tanh", "sigmoid"]
    initial_output: float | None = Field(default=None, gt=0, lt=1)  # drawn at the start; None: PyTorch's own biases


def build(options: Options, image_shape: ImageShape, latent_dim: int) -> Autoencoder:
    """The autoencoder for images of `image_shape` (channels, side, side).

    Raises UserError for a side the decoder would not give back, and for any latent dimension but the one that
    follows from the side: 12 (side / 4 - 3)^2.
    """
    channels, height, width = image_shape
    side = bottleneck_side(height)
    if height != width or side < 1 or restored_side(side) != height:
        raise UserError(f"punks_cnn needs images of 24 x 24, these are {height} x {width}; use another model")
    if latent_dim != 12 * side * side:
        raise UserError(
            f"punks_cnn has a fixed latent_dim of {12 * side * side} (12 channels of {side} x {side}), "
            f"got {latent_dim}; set it to {12 * side * side} or use another model"
        )
    encoder = nn.Sequential(
        nn.Conv2d(channels, 6, kernel_size=5),  # 24 x 24 -> 20 x 20
        nn.ReLU(),
        nn.MaxPool2d(2),  # -> 10 x 10
        nn.Conv2d(6, 12, kernel_size=5),  # -> 6 x 6
        nn.ReLU(),
        nn.MaxPool2d(2),  # -> 3 x 3
        nn.Flatten(),
    )
    decoder = nn.Sequential(
        nn.Unflatten(1, (12, side, side)),
        nn.ConvTranspose2d(12, 6, kernel_size=6, stride=2),  # 3 x 3 -> 10 x 10
        nn.ReLU(),
        nn.ConvTranspose2d(6, channels, kernel_size=6, stride=2),  # -> 24 x 24
        FINAL_ACTIVATIONS[options.final_activation][0](),
    )
    if options.initial_output is not None:
        last = decoder[-2]
        assert isinstance(last, nn.ConvTranspose2d)
        assert last.bias is not None
        last.bias.data.fill_(BEFORE_ACTIVATION[options.final_activation](options.initial_output))
    return Autoencoder(encoder, decoder, latent_dim)


def bottleneck_side(side: int) -> int:
    """The side of the bottleneck's feature maps for images of `side` x `side`."""
    return ((side - 4) // 2 - 4) // 2


def restored_side(side: int) -> int:
    """The side of the image that the decoder makes of feature maps of `side` x `side`."""
    return 2 * (2 * side + 4) + 4
