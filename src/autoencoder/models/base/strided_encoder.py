"""The CIFAR-10 tutorial's encoder: strided convolutions down to an eighth, then one linear layer.

Source: UvA Deep Learning Tutorials, "Deep Autoencoders".
"""

from torch import nn

from autoencoder.models.base.autoencoder import ImageShape
from autoencoder.ui.errors import UserError


def make_strided_encoder(
    image_shape: ImageShape, base_channels: int, activation: type[nn.Module], latent_dim: int
) -> nn.Sequential:
    """(n, channels, side, side) -> (n, latent_dim). base_channels: of the first convolution; deeper ones have twice as
    many.
    """
    channels, c, side = image_shape[0], base_channels, image_shape[1] // 8
    return nn.Sequential(
        nn.Conv2d(channels, c, kernel_size=3, stride=2, padding=1),  # 32 x 32 -> 16 x 16
        activation(),
        nn.Conv2d(c, c, kernel_size=3, stride=2, padding=1),  # -> 8 x 8
        activation(),
        nn.Conv2d(c, 2 * c, kernel_size=3, padding=1),
        activation(),
        nn.Conv2d(2 * c, 2 * c, kernel_size=3, stride=2, padding=1),  # -> 4 x 4
        activation(),
        nn.Flatten(),
        nn.Linear(2 * c * side * side, latent_dim),
    )


def check_divides_by_eight(network: str, image_shape: ImageShape) -> None:
    """Raises UserError unless images are square, and 8 divides their side."""
    _, height, width = image_shape
    if height != width or height % 8:
        raise UserError(
            f"{network} needs square images whose side divides by 8, these are {height} x {width}; set image_size"
        )
