"""The networks: one file a model, each with an `Options` section and `build(options, image_shape, latent_dim)`.

A model is named by its file. It is imported by that name alone, so that adding or editing one network does not make
DVC train the others again.
"""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from autoencoder.errors import UserError
from autoencoder.params import parse
from autoencoder.paths import PARAMS
from autoencoder.pixels import ValueRange

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


def build_model(
    name: str,
    options: Mapping[str, Any],
    image_shape: ImageShape,
    value_range: ValueRange,
    latent_dim: int,
    seed: int,
) -> Autoencoder:
    """Build the network in models/<name>.py with initial weights drawn from `seed` (the caller's generator untouched).

    Raises UserError for a model or an option that does not exist, a shape or latent dimension that the network
    cannot have, and a final activation that cannot reach the images' value range.
    """
    if not name.isidentifier() or find_spec(f"{__name__}.{name}") is None:
        there = ", ".join(sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py")))
        raise UserError(f"{PARAMS}: models: there is no network {name!r}; there is: {there}")
    module = import_module(f"{__name__}.{name}")
    parsed = parse(module.Options, options, f"models.{name}")
    _check_range(name, getattr(parsed, "final_activation", "none"), value_range)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model: Autoencoder = module.build(parsed, image_shape, latent_dim)
    return model


def _check_range(name: str, activation: str, value_range: ValueRange) -> None:
    low, high = FINAL_ACTIVATIONS[activation][1]
    if value_range[0] < low or value_range[1] > high:
        raise UserError(
            f"{PARAMS}: models.{name}.final_activation: {activation} reaches [{low:g}, {high:g}] only, "
            f"the images lie in [{value_range[0]:g}, {value_range[1]:g}]; use none"
        )
