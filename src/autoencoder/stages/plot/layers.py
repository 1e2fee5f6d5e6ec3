"""A network as the graph that torch.fx traces: what each layer gives out, what feeds it, and what it learns."""

import operator
from collections.abc import Callable, Iterable
from math import prod
from typing import Any, NamedTuple

import torch
from torch import Tensor, fx, nn
from torch.fx.passes.shape_prop import ShapeProp, TensorMetadata

from autoencoder.models.base.autoencoder import Autoencoder, ImageShape
from autoencoder.models.base.nested import Axes

# Steps that only change the view of what passes through; no layer of their own.
VIEWS = (nn.Identity, nn.Flatten, nn.Unflatten)
VIEW_CALLS = {"flatten", "unflatten", "view", "reshape", "contiguous", "squeeze", "unsqueeze", "permute", "transpose"}
# What joins branches, as the picture calls it.
JOINS = {"add": "sum", "iadd": "sum", "add_": "sum", "mul": "product", "imul": "product", "mul_": "product"}


class Layer(NamedTuple):
    """What one step of a network gives out. part: input, encoder, latent or decoder. shape: without the batch.

    inputs: the places, in the list of layers, of those whose output it takes; None where that is not known.
    """

    part: str
    name: str
    shape: tuple[int, ...]
    num_parameters: int
    inputs: tuple[int, ...] | None

    @property
    def num_values(self) -> int:
        """Numbers that this step hands on for one image."""
        return prod(self.shape)


@torch.no_grad()
def trace(model: Autoencoder, image_shape: ImageShape) -> list[Layer]:
    """The layers of `model` for an image of `image_shape`, the image itself first, each after those that feed it.

    A step without parameters that keeps the shape (an activation) is named together with the layer before it, where
    nothing else takes that layer's output; steps that only change the view are left out. A network that torch.fx
    cannot trace (its path depends on the numbers) is listed in the order its layers are called, `inputs` unknown.
    """
    training = model.training
    model.eval()  # one image: normalization over the batch would fail
    try:
        image = next(model.parameters()).new_zeros(1, *image_shape)
        graphs = _symbolic(model)
        layers = _called_in_order(model, image) if graphs is None else _as_graph(graphs, image)
    finally:
        model.train(training)
    bottleneck = max(place for place, layer in enumerate(layers) if layer.part == "encoder")
    layers[bottleneck] = layers[bottleneck]._replace(part="latent")
    assert layers[bottleneck].num_values == model.latent_dim
    return layers


class _Tracer(fx.Tracer):
    """Does not look into what turns the latents of a nested network."""

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        """See the class."""
        return isinstance(m, Axes) or super().is_leaf_module(m, module_qualified_name)

    @classmethod
    def graph_of(cls, module: nn.Module) -> fx.GraphModule:
        """The module as a graph. Raises whatever its own Python does when handed a stand-in."""
        return fx.GraphModule(module, cls().trace(module))


def _symbolic(model: Autoencoder) -> dict[str, fx.GraphModule] | None:
    """Encoder and decoder as graphs; None where one of them cannot be traced."""
    try:
        return {part: _Tracer.graph_of(getattr(model, part)) for part in ("encoder", "decoder")}
    except Exception:  # tracing runs the network's own Python, which may raise anything when handed a stand-in
        return None


def _as_graph(graphs: dict[str, fx.GraphModule], image: Tensor) -> list[Layer]:
    collected = _Collected([Layer("input", "image", tuple(image.shape[1:]), 0, ())])
    given = image
    for part, graph in graphs.items():
        given = ShapeProp(graph).propagate(given)
        collected.add(part, graph)
    return collected.layers


class _Collected:
    """The layers so far, the parameters already counted, and where what a network returned comes from."""

    def __init__(self, layers: list[Layer]) -> None:
        self.layers = layers
        self.counted: set[int] = set()  # ids of parameters: a layer that is used twice learns its numbers once
        self.makers: set[fx.Node] = set()  # the nodes that are layers of their own
        self.last: tuple[int, ...] = (0,)

    def add(self, part: str, graph: fx.GraphModule) -> None:
        """Append the layers of `graph`, whose nodes know their shapes (`ShapeProp`)."""
        sources: dict[fx.Node, tuple[int, ...]] = {}  # the layers that a node's value comes from
        for node in graph.graph.nodes:
            if node.op == "placeholder":
                sources[node] = self.last
            elif node.op == "get_attr":  # a parameter of its own: it belongs to the layer that uses it
                sources[node] = ()
            elif node.op == "output":
                self.last = _united(sources, node)
            else:
                sources[node] = self._step(part, graph, node, sources)

    def _step(
        self, part: str, graph: fx.GraphModule, node: fx.Node, sources: dict[fx.Node, tuple[int, ...]]
    ) -> tuple[int, ...]:
        inputs = _united(sources, node)
        shape = _shape(node)
        if shape is None or _is_view(graph, node):
            return inputs
        num_parameters = self._count(_parameters(graph, node))
        if not num_parameters and len(inputs) == 1 and self._follows_alone(node):
            layer = self.layers[inputs[0]]
            if layer.num_values == prod(shape):
                self.layers[inputs[0]] = layer._replace(name=f"{layer.name}, {_node_name(graph, node)}")
                return inputs
        self.layers.append(Layer(part, _node_name(graph, node), shape, num_parameters, inputs))
        self.makers.add(node)
        return (len(self.layers) - 1,)

    def _follows_alone(self, node: fx.Node) -> bool:
        """Whether a node comes straight after a layer of this part, and nothing else sees what is before it."""
        given = node.all_input_nodes[0]
        return len(given.users) == 1 and (
            given in self.makers or (bool(given.all_input_nodes) and self._follows_alone(given))
        )

    def _count(self, parameters: Iterable[nn.Parameter]) -> int:
        new = {id(parameter): parameter for parameter in parameters if id(parameter) not in self.counted}
        self.counted |= new.keys()
        return sum(parameter.numel() for parameter in new.values())


def _united(sources: dict[fx.Node, tuple[int, ...]], node: fx.Node) -> tuple[int, ...]:
    return tuple(dict.fromkeys(place for given in node.all_input_nodes for place in sources[given]))


def _shape(node: fx.Node) -> tuple[int, ...] | None:
    """Of what a node gives out, without the batch; None where that is no single tensor."""
    meta = node.meta.get("tensor_meta")
    return tuple(meta.shape[1:]) if isinstance(meta, TensorMetadata) else None


def _is_view(graph: fx.GraphModule, node: fx.Node) -> bool:
    if node.op == "call_module":
        return isinstance(graph.get_submodule(str(node.target)), VIEWS)
    return _called(node) in VIEW_CALLS


def _parameters(graph: fx.GraphModule, node: fx.Node) -> Iterable[nn.Parameter]:
    """What a node learns: its module's parameters, and those it is handed by themselves."""
    if node.op == "call_module":
        yield from graph.get_submodule(str(node.target)).parameters()
    for given in node.all_input_nodes:
        if given.op == "get_attr":
            value = operator.attrgetter(str(given.target))(graph)
            if isinstance(value, nn.Parameter):
                yield value


def _node_name(graph: fx.GraphModule, node: fx.Node) -> str:
    if node.op == "call_module":
        return _named(str(node.target), graph.get_submodule(str(node.target)))
    called = _called(node)
    return JOINS.get(called, called) if len(node.all_input_nodes) > 1 else called


def _called(node: fx.Node) -> str:
    return node.target if isinstance(node.target, str) else node.target.__name__


def _called_in_order(model: Autoencoder, image: Tensor) -> list[Layer]:
    """The layers as they are called, by hooks: what feeds what is not seen, nor what is no module."""
    layers = [Layer("input", "image", tuple(image.shape[1:]), 0, ())]
    counted: set[int] = set()
    hooks = []
    for part, network in (("encoder", model.encoder), ("decoder", model.decoder)):
        for path, module in network.named_modules():
            if not list(module.children()) or list(module.parameters(recurse=False)):
                hooks.append(module.register_forward_hook(_recorder(layers, counted, part, path)))
    model(image)
    for hook in hooks:
        hook.remove()
    return layers


def _recorder(layers: list[Layer], counted: set[int], part: str, path: str) -> Callable[..., None]:
    def record(module: nn.Module, _: object, output: Tensor) -> None:
        if isinstance(module, VIEWS):
            return
        new = [parameter for parameter in module.parameters(recurse=False) if id(parameter) not in counted]
        counted.update(map(id, new))
        num_parameters, shape = sum(parameter.numel() for parameter in new), tuple(output.shape[1:])
        if not num_parameters and len(layers) > 1 and prod(shape) == layers[-1].num_values:
            layers[-1] = layers[-1]._replace(name=f"{layers[-1].name}, {_named(path, module)}")
            return
        layers.append(Layer(part, _named(path, module), shape, num_parameters, None))

    return record


def _named(path: str, module: nn.Module) -> str:
    """A module's kind, after the name its network gives it, where that is more than a number in a sequence."""
    own = path.split(".")[-1]
    return layer_name(module) if own.isdigit() or not own else f"{own}: {layer_name(module)}"


def layer_name(module: Any) -> str:
    """A layer's kind and what sets it apart: `Conv2d 3x3, stride 2`."""
    name = type(module).__name__
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        size = "x".join(map(str, module.kernel_size))
        return f"{name} {size}" + (f", stride {module.stride[0]}" if module.stride[0] > 1 else "")
    return f"{name} {module.kernel_size}x{module.kernel_size}" if isinstance(module, nn.MaxPool2d) else name
