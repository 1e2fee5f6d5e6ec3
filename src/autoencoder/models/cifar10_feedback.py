"""The tutorial's CIFAR-10 network with a second look: the encoder sees what its first code gets wrong, and mends it.

An encoder of convolutions leaves several percent of the error that its decoder could do without: better codes exist,
found by gradient descent for each image (docs/ablations.md). Here the encoder takes one such step that is learnt: a
glance at the image gives a first code, the decoder draws it, and what is wrong with the drawing goes back through
layers shaped as the decoder's own backward pass is, its activations' derivatives included, with weights of their own.

Sources: Gregor and LeCun 2010, "Learning fast approximations of sparse coding" (learnt steps of an iterative encoder);
Marino, Yue and Mandt 2018, "Iterative amortized inference".
"""

import math
from typing import Literal

import torch
import torch.nn.functional as F
from pydantic import Field
from torch import Tensor, nn

from autoencoder.config.params import ParamsSection
from autoencoder.models.base.autoencoder import FINAL_ACTIVATIONS, Autoencoder, ImageShape
from autoencoder.models.base.strided_decoder import make_transposed_convolutions
from autoencoder.models.base.strided_encoder import check_divides_by_eight, make_strided_encoder


class Options(ParamsSection):
    """`models.cifar10_feedback` in params.yaml."""

    base_channels: int = Field(ge=1, le=4096)  # of the decoder's last hidden layer; the deeper ones have twice as many
    glance_channels: int = Field(ge=1, le=4096)  # the same of the first look
    final_activation: Literal["none", "tanh", "sigmoid"]


def build(options: Options, image_shape: ImageShape, latent_dim: int) -> Autoencoder:
    """The autoencoder for images of `image_shape` (channels, side, side). Raises UserError unless 8 divides it."""
    check_divides_by_eight("cifar10_feedback", image_shape)
    decoder = Decoder(options, image_shape, latent_dim)
    glance = make_strided_encoder(image_shape, options.glance_channels, nn.GELU, latent_dim)
    correction = Correction(options.base_channels, image_shape, latent_dim)
    return Autoencoder(FeedbackEncoder(glance, correction, decoder), decoder, latent_dim)


class Decoder(nn.Module):
    """The tutorial's decoder: (n, latent_dim) -> (n, channels, side, side)."""

    def __init__(self, options: Options, image_shape: ImageShape, latent_dim: int) -> None:
        super().__init__()
        c, side = options.base_channels, image_shape[1] // 8
        self.linear = nn.Linear(latent_dim, 2 * c * side * side)
        self.unflatten = nn.Unflatten(1, (2 * c, side, side))
        self.convolutions = nn.ModuleList(make_transposed_convolutions(image_shape, c))
        self.final = FINAL_ACTIVATIONS[options.final_activation][0]()

    def forward(self, latents: Tensor) -> Tensor:
        """See the class."""
        return self.draw(latents)[0]

    def draw(self, latents: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The images, and what each activation was given, first to last."""
        hidden, pre_activations = self.unflatten(self.linear(latents)), []
        for convolution in self.convolutions:
            pre_activations.append(hidden)
            hidden = convolution(F.gelu(hidden))
        return self.final(hidden), pre_activations


class Correction(nn.Module):
    """What is wrong with a drawing, as a change of the code that it was drawn from: (n, latent_dim).

    With the decoder's own weights, and no final activation, it would be the step of gradient descent on half the
    squared error.
    """

    def __init__(self, base_channels: int, image_shape: ImageShape, latent_dim: int) -> None:
        super().__init__()
        c, channels, side = base_channels, image_shape[0], image_shape[1] // 8
        self.convolutions = nn.ModuleList(
            [
                nn.Conv2d(channels, c, kernel_size=3, stride=2, padding=1),
                nn.Conv2d(c, 2 * c, kernel_size=3, stride=2, padding=1),
                nn.Conv2d(2 * c, 2 * c, kernel_size=3, padding=1),
                nn.Conv2d(2 * c, 2 * c, kernel_size=3, stride=2, padding=1),
            ]
        )
        self.linear = nn.Linear(2 * c * side * side, latent_dim)
        nn.init.zeros_(self.linear.weight)  # at first the glance alone counts
        nn.init.zeros_(self.linear.bias)

    def forward(self, residual: Tensor, pre_activations: list[Tensor]) -> Tensor:
        """residual: (n, channels, height, width), image less drawing; pre_activations: as `Decoder.draw` returns it."""
        for convolution, before in zip(self.convolutions, reversed(pre_activations), strict=True):
            residual = convolution(residual) * gelu_derivative(before)
        change: Tensor = self.linear(residual.flatten(1))
        return change


class FeedbackEncoder(nn.Module):
    """(n, channels, side, side) -> (n, latent_dim): a glance, then one correction of its code."""

    def __init__(self, glance: nn.Module, correction: Correction, decoder: Decoder) -> None:
        super().__init__()
        self.glance = glance
        self.correction = correction
        self._decoder = (decoder,)  # in a tuple: a state dict does not hold its weights twice

    def forward(self, images: Tensor) -> Tensor:
        """See the class."""
        (decoder,) = self._decoder
        latents = self.glance(images)
        drawn, pre_activations = decoder.draw(latents)
        mended: Tensor = latents + self.correction(images - drawn, pre_activations)
        return mended


def gelu_derivative(x: Tensor) -> Tensor:
    """The derivative of GELU, which is x P(x): P(x) + x p(x), with P and p of the normal distribution."""
    return 0.5 * (1 + torch.erf(x / math.sqrt(2))) + x * torch.exp(-0.5 * x.square()) / math.sqrt(2 * math.pi)
