"""The CIFAR-10 tutorial's network: strided convolutions down to an eighth, a linear bottleneck, and their mirror image.

Source: UvA Deep Learning Tutorials, "Deep Autoencoders". At base width 32 and 32 x 32 RGB images it has exactly
159,779 + 2,049 latent_dim parameters. The text ends the decoder in tanh, the code in nothing: here it is an option.
"""

from typing import Literal

from pydantic import Field
from torch import nn

from autoencoder.config.params import ParamsSection
from autoencoder.models.base.autoencoder import FINAL_ACTIVATIONS, Autoencoder, ImageShape
from autoencoder.models.base.strided_decoder import make_transposed_convolutions
from autoencoder.models.base.strided_encoder import check_divides_by_eight, make_strided_encoder

ACTIVATIONS: dict[str, type[nn.Module]] = {"gelu": nn.GELU, "relu": nn.ReLU, "silu": nn.SiLU}


class Options(ParamsSection):
    """`models.cifar10_cnn` in params.yaml."""

    base_channels: int = Field(ge=1, le=4096)  # of the first convolution; deeper ones have twice as many
    activation: Literal["gelu", "relu", "silu"]
    final_activation: Literal["none", "tanh", "sigmoid"]


def build(options: Options, image_shape: ImageShape, latent_dim: int) -> Autoencoder:
    """The autoencoder for images of `image_shape` (channels, side, side). Raises UserError unless 8 divides it."""
    check_divides_by_eight("cifar10_cnn", image_shape)
    activation = ACTIVATIONS[options.activation]
    encoder = make_strided_encoder(image_shape, options.base_channels, activation, latent_dim)
    return Autoencoder(encoder, make_decoder(options, image_shape, latent_dim), latent_dim)


def make_decoder(options: Options, image_shape: ImageShape, latent_dim: int) -> nn.Sequential:
    """(n, latent_dim) -> (n, channels, side, side)."""
    side, c, act = image_shape[1] // 8, options.base_channels, ACTIVATIONS[options.activation]
    linear = nn.Linear(latent_dim, 2 * c * side * side)
    first, second, third, last = make_transposed_convolutions(image_shape, c)
    return nn.Sequential(
        linear,
        act(),
        nn.Unflatten(1, (2 * c, side, side)),
        first,
        act(),
        second,
        act(),
        third,
        act(),
        last,
        FINAL_ACTIVATIONS[options.final_activation][0](),
    )
