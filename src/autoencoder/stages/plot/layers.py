"""A network layer by layer, as its own modules report it: what each layer gives out, and how many numbers it learns."""

from math import prod
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from autoencoder.models.base.autoencoder import Autoencoder, ImageShape


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


@torch.inference_mode()
def trace(model: Autoencoder, image_shape: ImageShape) -> list[Layer]:
    """The layers in the order an image of `image_shape` passes them, measured by sending one through.

    An activation is named together with the layer before it, and steps that only change the view are left out.
    """
    layers = [Layer("input", "image", image_shape, 0)]
    hooks = []
    for part, network in (("encoder", model.encoder), ("decoder", model.decoder)):
        for path, module in network.named_modules():
            if not list(module.children()):
                hooks.append(module.register_forward_hook(_recorder(layers, part, path)))
    device = next(model.parameters()).device
    model(torch.zeros(1, *image_shape, device=device))
    for hook in hooks:
        hook.remove()
    bottleneck = max(place for place, layer in enumerate(layers) if layer.part == "encoder")
    layers[bottleneck] = layers[bottleneck]._replace(part="latent")
    assert layers[bottleneck].num_values == model.latent_dim
    return layers


def _recorder(layers: list[Layer], part: str, path: str) -> Any:
    own = path.split(".")[
        -1
    ]  # a number in a sequence; elsewhere what its network calls it, which says where it belongs

    def record(module: nn.Module, _: object, output: Tensor) -> None:
        if isinstance(module, nn.Identity | nn.Flatten | nn.Unflatten):
            return
        name = layer_name(module) if own.isdigit() else f"{own}: {layer_name(module)}"
        if not list(module.parameters()) and not isinstance(module, nn.MaxPool2d):
            layers[-1] = layers[-1]._replace(name=f"{layers[-1].name}, {name}")
            return
        num_parameters = sum(parameter.numel() for parameter in module.parameters())
        layers.append(Layer(part, name, tuple(output.shape[1:]), num_parameters))

    return record


def layer_name(module: nn.Module) -> str:
    """A layer's kind and what sets it apart: `Conv2d 3x3, stride 2`."""
    name = type(module).__name__
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        size = "x".join(map(str, module.kernel_size))
        return f"{name} {size}" + (f", stride {module.stride[0]}" if module.stride[0] > 1 else "")
    return f"{name} {module.kernel_size}x{module.kernel_size}" if isinstance(module, nn.MaxPool2d) else name
