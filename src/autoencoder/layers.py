"""A layer of a network, as a figure shows it."""

from math import prod
from typing import NamedTuple


class Layer(NamedTuple):
    """What one step of a network gives out. part: input, encoder, latent or decoder. shape: without the batch."""

    part: str
    name: str
    shape: tuple[int, ...]
    num_parameters: int

    @property
    def num_values(self) -> int:
        """Numbers that this step hands on for one image."""
        return prod(self.shape)
