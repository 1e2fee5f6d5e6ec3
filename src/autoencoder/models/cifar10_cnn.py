"""The CIFAR-10 tutorial's network: strided convolutions down to an eighth, a linear bottleneck, and their mirror image.

Source: UvA Deep Learning Tutorials, "Deep Autoencoders". At base width 32 and 32 x 32 RGB images it has exactly
159,779 + 2,049 latent_dim parameters. The text ends the decoder in tanh, the code in nothing: here it is an option.
"""

from typing import Literal

from pydantic import Field
from torch import nn

from autoencoder.config.params import ParamsSection
from autoencoder.models.base.autoencoder import FINAL_ACTIVATIONS, Autoencoder, ImageShape
from autoencoder.ui.errors import UserError

ACTIVATIONS: dict[str, type[nn.Module]] = {"gelu": nn.GELU, "relu": nn.ReLU, "silu": nn.SiLU}


class Options(ParamsSection):
    """`models.cifar10_cnn` in params.yaml."""

    base_channels: int = Field(ge=1, le=4096)  # of the first convolution; deeper ones have twice as many
    activation: Literal["gelu", "relu", "silu"]
    final_activation: Literal["none", "tanh", "sigmoid"]


def build(options: Options, image_shape: ImageShape, latent_dim: int) -> Autoencoder:
    """The autoencoder for images of `image_shape` (channels, side, side). Raises UserError unless 8 divides it."""
    channels, height, width = image_shape
    if height != width or height % 8:
        raise UserError(
            f"cifar10_cnn needs square images whose side divides by 8, these are {height} x {width}; set image_size"
        )
    side = height // 8
    encoder = make_encoder(options, channels, side, latent_dim)
    decoder = make_decoder(options, channels, side, latent_dim)
    return Autoencoder(encoder, decoder, latent_dim)


def make_encoder(options: Options, channels: int, side: int, latent_dim: int) -> nn.Sequential:
    """(n, channels, 8 side, 8 side) -> (n, latent_dim)."""
    c, act = options.base_channels, ACTIVATIONS[options.activation]
    return nn.Sequential(
        nn.Conv2d(channels, c, kernel_size=3, stride=2, padding=1),  # 32 x 32 -> 16 x 16
        act(),
        nn.Conv2d(c, c, kernel_size=3, stride=2, padding=1),  # -> 8 x 8
        act(),
        nn.Conv2d(c, 2 * c, kernel_size=3, padding=1),
        act(),
        nn.Conv2d(2 * c, 2 * c, kernel_size=3, stride=2, padding=1),  # -> 4 x 4
        act(),
        nn.Flatten(),
        nn.Linear(2 * c * side * side, latent_dim),
    )


def make_decoder(options: Options, channels: int, side: int, latent_dim: int) -> nn.Sequential:
    """(n, latent_dim) -> (n, channels, 8 side, 8 side)."""
    c, act = options.base_channels, ACTIVATIONS[options.activation]
    return nn.Sequential(
        nn.Linear(latent_dim, 2 * c * side * side),
        act(),
        nn.Unflatten(1, (2 * c, side, side)),
        nn.ConvTranspose2d(2 * c, 2 * c, kernel_size=3, stride=2, padding=1, output_padding=1),  # 4 x 4 -> 8 x 8
        act(),
        nn.ConvTranspose2d(2 * c, 2 * c, kernel_size=3, padding=1),
        act(),
        nn.ConvTranspose2d(2 * c, c, kernel_size=3, stride=2, padding=1, output_padding=1),  # -> 16 x 16
        act(),
        nn.ConvTranspose2d(c, channels, kernel_size=3, stride=2, padding=1, output_padding=1),  # -> 32 x 32
        FINAL_ACTIVATIONS[options.final_activation][0](),
    )
