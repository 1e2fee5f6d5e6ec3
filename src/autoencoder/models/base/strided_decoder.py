"""The CIFAR-10 tutorial's decoder, as far as its networks share it: convolutions that mirror the strided encoder's.

Source: UvA Deep Learning Tutorials, "Deep Autoencoders".
"""

from torch import nn

from autoencoder.models.base.autoencoder import ImageShape


def make_transposed_convolutions(image_shape: ImageShape, base_channels: int) -> list[nn.ConvTranspose2d]:
    """Four, first to last: together (n, 2 base_channels, side / 8, side / 8) -> (n, channels, side, side)."""
    channels, c = image_shape[0], base_channels
    return [
        nn.ConvTranspose2d(2 * c, 2 * c, kernel_size=3, stride=2, padding=1, output_padding=1),  # 4 x 4 -> 8 x 8
        nn.ConvTranspose2d(2 * c, 2 * c, kernel_size=3, padding=1),
        nn.ConvTranspose2d(2 * c, c, kernel_size=3, stride=2, padding=1, output_padding=1),  # -> 16 x 16
        nn.ConvTranspose2d(c, channels, kernel_size=3, stride=2, padding=1, output_padding=1),  # -> 32 x 32
    ]
