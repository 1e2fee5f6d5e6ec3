"""An autoencoder: an encoder and a decoder around a bottleneck, and the activations that a decoder may end in."""

from torch import Tensor, nn

from autoencoder.models.base.value_range import ValueRange

ImageShape = tuple[int, int, int]

# What each final activation can reach; an image outside of it could never be reconstructed.
FINAL_ACTIVATIONS: dict[str, tuple[type[nn.Module], ValueRange]] = {
    "none": (nn.Identity, (float("-inf"), float("inf"))),
    "tanh": (nn.Tanh, (-1.0, 1.0)),
    "sigmoid": (nn.Sigmoid, (0.0, 1.0)),
}


class Autoencoder(nn.Module):
    """An encoder and a decoder around a bottleneck of `latent_dim` numbers.

    encoder: (n, channels, height, width) float in the data set's value range -> (n, latent_dim).
    decoder: (n, latent_dim) -> (n, channels, height, width).
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module, latent_dim: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.latent_dim = latent_dim

    def forward(self, images: Tensor) -> Tensor:
        """The reconstruction: same shape as `images`."""
        reconstruction: Tensor = self.decoder(self.encoder(images))
        return reconstruction

    @property
    def num_parameters(self) -> int:
        """Trainable numbers."""
        return sum(parameter.numel() for parameter in self.parameters())
