"""A network as a list of steps and one array of weights: what a page needs to run it in plain JavaScript (network.js).

PyTorch traces it (`torch.export`) into the operations that it is made of; a step names its operation, what it takes (an
earlier step, `input`, or weights by their place) and its settings.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.export.graph_signature import InputKind

# By the name of PyTorch's operation: the page's, and how many of its arguments are values; the rest are settings.
OPERATIONS: dict[str, tuple[str, int]] = {
    "aten.conv2d.default": ("conv2d", 3),
    "aten.conv_transpose2d.input": ("conv_transpose2d", 3),
    "aten.linear.default": ("linear", 3),
    "aten.gelu.default": ("gelu", 1),
    "aten.relu.default": ("relu", 1),
    "aten.silu.default": ("silu", 1),
    "aten.sigmoid.default": ("sigmoid", 1),
    "aten.tanh.default": ("tanh", 1),
    "aten.erf.default": ("erf", 1),
    "aten.exp.default": ("exp", 1),
    "aten.square.default": ("square", 1),
    "aten.max_pool2d.default": ("max_pool2d", 1),
    "aten.add.Tensor": ("add", 2),
    "aten.sub.Tensor": ("sub", 2),
    "aten.mul.Tensor": ("mul", 2),
    "aten.div.Tensor": ("div", 2),
    "aten.flatten.using_ints": ("reshape", 1),
    "aten.unflatten.int": ("reshape", 1),
    "aten.view.default": ("reshape", 1),
    "aten.reshape.default": ("reshape", 1),
}
INPUT = "input"
MATRIX_PRODUCT = "aten.matmul.default"
TRANSPOSED = ("aten.numpy_T.default", "aten.t.default")


class UnknownOperationError(Exception):
    """A network is made of something that the page cannot do."""


@dataclass(frozen=True)
class NetworkProgram:
    """steps: [{op, from, shape, ...}]; `from` holds numbers of earlier steps, "input", {"weights": offset, "shape"}, or
    {"value": number}. shape: of what the step gives, without the batch. weights: float32, one after the other.
    """

    steps: list[dict[str, Any]]
    weights: np.ndarray


def describe(network: nn.Module, input_shape: tuple[int, ...]) -> NetworkProgram:
    """The network, in evaluation mode and of any float type, for one input of `input_shape` (without the batch).

    Raises UnknownOperationError, naming it.
    """
    like = next(network.parameters(), torch.zeros(1))
    example = torch.zeros(1, *input_shape, dtype=like.dtype, device=like.device)
    try:
        with torch.no_grad():
            program = torch.export.export(network.eval(), (example,))
    except Exception as error:  # of many types: what cannot be traced, such as a loop over what is computed
        raise UnknownOperationError(f"{type(network).__name__} cannot be traced: {error}") from error
    state = {**program.state_dict, **program.constants}
    kinds = {spec.arg.name: spec for spec in program.graph_signature.input_specs}
    weights, steps = _Weights(), list[dict[str, Any]]()
    known: dict[str, str | int | Tensor] = {}  # by node: the input, the number of a step, or weights
    for node in program.graph.nodes:
        if node.op == "placeholder":
            spec = kinds[node.name]
            known[node.name] = INPUT if spec.kind is InputKind.USER_INPUT else state[str(spec.target)].detach()
        elif node.op == "call_function" and str(node.target) in TRANSPOSED:
            known[node.name] = _weights_of(node, 0, known).T
        elif node.op == "call_function":
            steps.append(_step(node, known, weights))
            known[node.name] = len(steps) - 1
    return NetworkProgram(steps, weights.joined())


def _weights_of(node: torch.fx.Node, place: int, known: dict[str, str | int | Tensor]) -> Tensor:
    """The matrix of weights that a node takes. Raises UnknownOperationError where it is none."""
    taken = node.args[place]
    value = known[taken.name] if isinstance(taken, torch.fx.Node) else None
    if not isinstance(value, Tensor) or value.dim() != 2:
        raise UnknownOperationError(f"{node.target} of what is no matrix of weights")
    return value


def _step(node: torch.fx.Node, known: dict[str, str | int | Tensor], weights: "_Weights") -> dict[str, Any]:
    def given(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, torch.fx.Node):
            return {"value": value}
        found = known[value.name]
        return weights.add(found) if isinstance(found, Tensor) else found

    name, shape = str(node.target), list(node.meta["val"].shape[1:])
    if name == MATRIX_PRODUCT:  # a linear layer without a bias, its weights the other way round
        matrix = weights.add(_weights_of(node, 1, known).T)
        return {"op": "linear", "from": [given(node.args[0]), matrix, None], "shape": shape}
    if name not in OPERATIONS:
        raise UnknownOperationError(name)
    operation, num_values = OPERATIONS[name]
    step: dict[str, Any] = {"op": operation, "from": [given(value) for value in node.args[:num_values]], "shape": shape}
    if operation in ("conv2d", "conv_transpose2d", "max_pool2d"):
        step |= _strides(operation, node.args[num_values:])
    return step


def _strides(operation: str, settings: tuple[Any, ...]) -> dict[str, int]:
    """The settings of a convolution or a pooling by name; all of ours are the same in both directions."""
    names = {
        "conv2d": ("stride", "padding", "dilation", "groups"),
        "conv_transpose2d": ("stride", "padding", "output_padding", "groups", "dilation"),
        "max_pool2d": ("size", "stride", "padding", "dilation"),
    }[operation]
    given = {name: value[0] if isinstance(value, list) else value for name, value in zip(names, settings, strict=False)}
    if given.get("dilation", 1) != 1 or given.get("groups", 1) != 1:
        raise UnknownOperationError(f"{operation} with dilation or groups")
    if operation == "max_pool2d":
        return {"size": given["size"], "stride": given.get("stride", given["size"])}
    return {"stride": given.get("stride", 1), "padding": given.get("padding", 0)}


class _Weights:
    """Arrays one after the other; the same tensor is there once."""

    def __init__(self) -> None:
        self._added: list[Tensor] = []
        self._found: dict[tuple[Any, ...], dict[str, Any]] = {}

    def add(self, tensor: Tensor) -> dict[str, Any]:
        key = (tensor.data_ptr(), tensor.shape, tensor.stride())
        if key not in self._found:
            offset = sum(each.numel() for each in self._added)
            self._found[key] = {"weights": offset, "shape": list(tensor.shape)}
            self._added.append(tensor)
        return self._found[key]

    def joined(self) -> np.ndarray:
        arrays = [tensor.cpu().numpy().ravel() for tensor in self._added]
        return np.concatenate(arrays).astype(np.float32) if arrays else np.zeros(0, np.float32)
