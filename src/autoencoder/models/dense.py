"""A dense network: a linear code, and a correction to it that training adds, in the encoder and in the decoder.

The linear path can do what PCA does; what the correction brings is the worth of being nonlinear. Any image size, any
latent dimension: it gives the CryptoPunks a code of two numbers and a curve over the latent dimension, which their
tutorial's own network, bound to 108, cannot. Source: this project; the residual form is that of He et al. 2016.
"""

from typing import Literal

from pydantic import Field
from torch import Tensor, nn

from autoencoder.config.params import ParamsSection
from autoencoder.models.base.autoencoder import FINAL_ACTIVATIONS, Autoencoder, ImageShape


class Options(ParamsSection):
    """`models.dense` in params.yaml."""

    hidden_units: int = Field(ge=1, le=65_536)
    final_activation: Literal["none", "tanh", "sigmoid"]


def build(options: Options, image_shape: ImageShape, latent_dim: int) -> Autoencoder:
    """The autoencoder for images of any `image_shape` (channels, height, width) and any `latent_dim`."""
    channels, height, width = image_shape
    num_inputs = channels * height * width
    encoder = nn.Sequential(nn.Flatten(), CorrectedLinear(num_inputs, options.hidden_units, latent_dim))
    decoder = nn.Sequential(
        CorrectedLinear(latent_dim, options.hidden_units, num_inputs),
        nn.Unflatten(1, image_shape),
        FINAL_ACTIVATIONS[options.final_activation][0](),
    )
    return Autoencoder(encoder, decoder, latent_dim)


class CorrectedLinear(nn.Module):
    """(n, num_in) -> (n, num_out): a linear layer plus two hidden layers' correction, which is zero at the start."""

    def __init__(self, num_in: int, num_hidden: int, num_out: int) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Linear(num_in, num_hidden), nn.GELU())
        self.second = nn.Sequential(nn.Linear(num_hidden, num_hidden), nn.GELU())
        self.correction = nn.Linear(num_hidden, num_out)
        self.linear = nn.Linear(num_in, num_out)
        nn.init.zeros_(self.correction.weight)
        nn.init.zeros_(self.correction.bias)

    def forward(self, inputs: Tensor) -> Tensor:
        """See the class."""
        hidden = self.first(inputs)
        hidden = hidden + self.second(hidden)
        outputs: Tensor = self.correction(hidden) + self.linear(inputs)
        return outputs
