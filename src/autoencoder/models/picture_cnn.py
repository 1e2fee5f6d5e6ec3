"""A network for pictures of one's own: the CIFAR-10 tutorial's, for rectangles, and deeper where pictures are larger.

Strided convolutions halve the sides until neither is above 8, three times at least; then come a linear bottleneck, and
the mirror image. For 32 x 32 it is `cifar10_cnn`, layer for layer. A side that does not halve evenly is rounded up on
the way down, and comes back exactly: a transposed convolution is told the side that it has to give.

Source: UvA Deep Learning Tutorials, "Deep Autoencoders".
"""

from typing import Literal

from pydantic import Field
from torch import nn

from autoencoder.config.params import ParamsSection
from autoencoder.models.base.autoencoder import FINAL_ACTIVATIONS, Autoencoder, ImageShape
from autoencoder.ui.errors import UserError

LARGEST_CODE = 8  # pixels a side of the feature maps before the bottleneck, at most
MIN_HALVINGS = 3  # as the tutorial's
DIVISOR = 2**MIN_HALVINGS
MAX_SIDE = 256  # pixels: beyond, a training takes days

Sides = tuple[int, int]


class Options(ParamsSection):
    """`models.picture_cnn` in params.yaml."""

    base_channels: int = Field(ge=1, le=4096)  # of the first two convolutions; deeper ones have twice as many
    final_activation: Literal["none", "tanh", "sigmoid"]


def build(options: Options, image_shape: ImageShape, latent_dim: int) -> Autoencoder:
    """The autoencoder for images of `image_shape` (channels, height, width). Raises UserError unless 8 divides both
    sides and neither is above 256.
    """
    channels, height, width = image_shape
    if height % DIVISOR or width % DIVISOR or max(height, width) > MAX_SIDE:
        raise UserError(
            f"picture_cnn needs sides that divide by {DIVISOR}, of at most {MAX_SIDE} pixels, these are "
            f"{height} x {width}; set image_size"
        )
    sides, c = halved_sides(height, width), options.base_channels
    smallest = sides[-1]
    features = 2 * c * smallest[0] * smallest[1]
    encoder = nn.Sequential(*_downwards(channels, c, sides), nn.Flatten(), nn.Linear(features, latent_dim))
    decoder = nn.Sequential(
        nn.Linear(latent_dim, features),
        nn.GELU(),
        nn.Unflatten(1, (2 * c, *smallest)),
        *_upwards(channels, c, sides),
        FINAL_ACTIVATIONS[options.final_activation][0](),
    )
    return Autoencoder(encoder, decoder, latent_dim)


def halved_sides(height: int, width: int) -> list[Sides]:
    """The sides of the pictures and of the feature maps after each halving, rounded up: largest first."""
    sides = [(height, width)]
    while len(sides) <= MIN_HALVINGS or max(sides[-1]) > LARGEST_CODE:
        above, across = sides[-1]
        sides.append((-(-above // 2), -(-across // 2)))
    return sides


def _downwards(channels: int, c: int, sides: list[Sides]) -> list[nn.Module]:
    """Convolutions from pictures to the smallest feature maps (2c channels), each with its activation."""
    layers: list[nn.Module] = [_halving(channels, c), _halving(c, c), nn.Conv2d(c, 2 * c, kernel_size=3, padding=1)]
    layers += [_halving(2 * c, 2 * c) for _ in sides[MIN_HALVINGS:]]
    return [part for layer in layers for part in (layer, nn.GELU())]


def _upwards(channels: int, c: int, sides: list[Sides]) -> list[nn.Module]:
    """Their mirror image: transposed convolutions, with activations between them."""
    pictures, first, second, *deeper = sides[:-1]  # what each is to give back; the smallest is where they begin
    layers: list[nn.Module] = [_doubling(2 * c, 2 * c, to) for to in [*reversed(deeper), second]]
    layers += [nn.ConvTranspose2d(2 * c, 2 * c, kernel_size=3, padding=1)]
    layers += [_doubling(2 * c, c, first), _doubling(c, channels, pictures)]
    return [part for layer in layers for part in (layer, nn.GELU())][:-1]


def _halving(given: int, made: int) -> nn.Conv2d:
    return nn.Conv2d(given, made, kernel_size=3, stride=2, padding=1)


def _doubling(given: int, made: int, to: Sides) -> nn.ConvTranspose2d:
    """From half the sides `to`, rounded up, to `to`: where a side is odd, one row less."""
    even = (int(to[0] % 2 == 0), int(to[1] % 2 == 0))
    return nn.ConvTranspose2d(given, made, kernel_size=3, stride=2, padding=1, output_padding=even)
