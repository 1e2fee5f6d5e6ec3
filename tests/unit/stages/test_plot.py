"""The drawn networks are the real ones."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from torch import Tensor, nn

from autoencoder.config.diagrams import load_layer_sizes
from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.models.base.build import build_model
from autoencoder.stages.diagram.figure import diagram
from autoencoder.stages.plot import network_figure
from autoencoder.stages.plot.layers import Layer, trace
from autoencoder.stages.plot.network_layout import lay_out
from autoencoder.ui.errors import UserError
from tests.closure import SRC
from tests.conftest import tiny_params, write_params

CIFAR = {"base_channels": 32, "activation": "gelu", "final_activation": "tanh"}


def test_the_cifar10_network_layer_by_layer() -> None:
    model = build_model("cifar10_cnn", CIFAR, (3, 32, 32), (-1.0, 1.0), 64, seed=0)
    layers = trace(model, (3, 32, 32))
    assert [layer.shape for layer in layers] == [
        (3, 32, 32),
        (32, 16, 16),
        (32, 8, 8),
        (64, 8, 8),
        (64, 4, 4),
        (64,),
        (1024,),
        (64, 8, 8),
        (64, 8, 8),
        (32, 16, 16),
        (3, 32, 32),
    ]
    assert [layer.part for layer in layers] == ["input", *["encoder"] * 4, "latent", *["decoder"] * 5]
    assert sum(layer.num_parameters for layer in layers) == model.num_parameters
    assert layers[1].name == "Conv2d 3x3, stride 2, GELU"
    assert layers[-1].name == "ConvTranspose2d 3x3, stride 2, Tanh"
    assert not any(module._forward_hooks for module in model.modules())


def test_the_dense_network_is_drawn_with_its_branches() -> None:
    """The linear path does not follow the correction, it is added to it; nor does a hidden layer swallow the first."""
    options = {"hidden_units": 16, "final_activation": "sigmoid"}
    model = build_model("dense", options, (3, 4, 4), (0.0, 1.0), 5, seed=0)
    layers = trace(model, (3, 4, 4))
    half = ["Linear, GELU", "Linear, GELU", "sum", "correction: Linear", "linear: Linear"]
    assert [layer.name for layer in layers] == ["image", *half, "sum", *half, "sum, Sigmoid"]
    assert [layer.part for layer in layers[5:8]] == ["encoder", "latent", "decoder"]
    learnt = [48 * 16 + 16, 16 * 16 + 16, 0, 16 * 5 + 5, 48 * 5 + 5, 0]
    assert [layer.num_parameters for layer in layers[1:7]] == learnt
    assert [layer.inputs for layer in layers[:7]] == [(), (0,), (1,), (1, 2), (3,), (0,), (4, 5)]
    assert sorted(ways(layers, 0, 6)) == [(0, 1, 2, 3, 4, 6), (0, 1, 3, 4, 6), (0, 5, 6)]
    layout = lay_out(layers)
    assert layout.columns[:7] == (0, 0, 0, 0, 0, 1, 0)
    assert layout.columns[11] == 1
    assert layout.rows[0] < layout.rows[5] < layout.rows[6]  # beside the correction, before the sum
    assert layout.detours.keys() == {(1, 3), (7, 9)}  # what skips a layer goes round it


def ways(layers: Sequence[Layer], start: int, end: int) -> Iterator[tuple[int, ...]]:
    if start == end:
        yield (end,)
    for given in layers[end].inputs or ():
        for way in ways(layers, start, given):
            yield (*way, end)


EXAMPLES: dict[str, tuple[dict[str, Any], tuple[int, int, int], int]] = {
    "cifar10_cnn": (CIFAR, (3, 32, 32), 64),
    "cifar10_feedback": (
        {"base_channels": 32, "glance_channels": 16, "final_activation": "none"},
        (3, 32, 32),
        64,
    ),
    "punks_cnn": ({"final_activation": "tanh"}, (3, 24, 24), 108),
    "dense": ({"hidden_units": 8, "final_activation": "none"}, (3, 8, 8), 2),
    "picture_cnn": ({"base_channels": 4, "final_activation": "none"}, (1, 72, 136), 5),
}


def test_there_is_an_example_of_every_network() -> None:
    assert EXAMPLES.keys() == {path.stem for path in (SRC / "autoencoder/models").glob("[!_]*.py")}


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_layer_has_its_own_parameters_and_all_are_counted(name: str) -> None:
    options, shape, latent_dim = EXAMPLES[name]
    model = build_model(name, options, shape, (-1.0, 1.0), latent_dim, seed=0)
    layers = trace(model, shape)
    own = sorted(sum(parameter.numel() for parameter in module.parameters(recurse=False)) for module in model.modules())
    assert sorted(n for layer in layers if (n := layer.num_parameters)) == [n for n in own if n]
    assert sum(layer.num_parameters for layer in layers) == model.num_parameters
    assert_nothing_overlaps(network_figure.network(layers, f"{name}, {model.num_parameters:,} parameters", sample=True))


def assert_nothing_overlaps(figure: Figure) -> None:
    """Each text stands clear of all others and inside the figure, and no bar runs into what is said of another."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    whole, axes = figure.bbox, figure.axes[0]
    texts = [text.get_window_extent() for text in axes.texts]
    for place, box in enumerate(texts):
        assert whole.x0 <= box.x0 and box.x1 <= whole.x1 and whole.y0 <= box.y0 and box.y1 <= whole.y1
        assert not any(box.overlaps(other) for other in texts[place + 1 :])
    said = [text.get_window_extent() for text in axes.texts if text.get_horizontalalignment() == "left"]
    bars = [patch.get_window_extent() for patch in axes.patches]
    notes = [text for text in axes.texts if text.get_text() == network_figure.UNTRACED]
    assert len(said) == 2 * len(bars) + len(notes)
    assert not any(bar.overlaps(box) for bar in bars for box in said)


class Residual(nn.Module):
    """A block as a reader may write it: a shortcut with a layer of its own, an activation after the sum, a gain."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(channels, 4, 3, 1, 1), nn.BatchNorm2d(4), nn.ReLU())
        self.short = nn.Conv2d(channels, 4, 1)
        self.gain = nn.Parameter(torch.ones(1))

    def forward(self, images: Tensor) -> Tensor:
        body = self.body(images)
        return torch.relu(body + self.short(images) * self.gain)


class Undecided(nn.Module):
    """What torch.fx cannot trace: its way depends on the numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(6, 48)

    def forward(self, latents: Tensor) -> Tensor:
        return torch.zeros(len(latents), 48) if latents.sum() > 1e9 else torch.as_tensor(self.linear(latents))


def custom(decoder: nn.Module) -> Autoencoder:
    encoder = nn.Sequential(Residual(3), Residual(4), nn.Flatten(), nn.Linear(64, 6))
    return Autoencoder(encoder, nn.Sequential(decoder, nn.Sigmoid(), nn.Unflatten(1, (3, 4, 4))), 6)


def test_a_network_of_your_own_with_residual_blocks() -> None:
    model = custom(nn.Linear(6, 48))
    layers = trace(model, (3, 4, 4))
    block = ["Conv2d 3x3", "BatchNorm2d, ReLU", "short: Conv2d 1x1", "product", "sum, relu"]
    assert [layer.name for layer in layers] == ["image", *block, *block, "Linear", "Linear, Sigmoid"]
    assert layers[5].inputs == (2, 4)
    assert [layer.num_parameters for layer in layers[1:6]] == [112, 8, 16, 1, 0]
    assert sum(layer.num_parameters for layer in layers) == model.num_parameters
    assert model.training  # as it was; and BatchNorm has not learnt from the image that was sent through
    assert int(model.encoder[0].body[1].num_batches_tracked) == 0  # type: ignore[index]
    assert_nothing_overlaps(network_figure.network(layers, "mine", sample=False))


def test_what_is_used_twice_learns_its_numbers_once() -> None:
    shared = nn.Linear(6, 6)
    model = Autoencoder(
        nn.Sequential(nn.Flatten(), nn.Linear(48, 6), shared), nn.Sequential(shared, nn.Linear(6, 48)), 6
    )
    layers = trace(model, (3, 4, 4))
    assert [layer.num_parameters for layer in layers] == [0, 294, 42, 0, 336]
    assert sum(layer.num_parameters for layer in layers) == model.num_parameters


def test_an_activation_is_a_layer_of_its_own_where_what_is_before_it_is_used_again() -> None:
    class Twice(nn.Module):
        def forward(self, values: Tensor) -> Tensor:
            return values + torch.relu(values)

    encoder = nn.Sequential(nn.Flatten(), nn.Linear(48, 6), Twice())
    layers = trace(Autoencoder(encoder, nn.Sequential(nn.ReLU(), nn.Linear(6, 48)), 6), (3, 4, 4))
    assert [layer.name for layer in layers] == ["image", "Linear", "relu", "sum", "ReLU", "Linear"]
    assert [layer.part for layer in layers[3:5]] == ["latent", "decoder"]


def test_what_cannot_be_traced_is_listed_as_called_and_says_so() -> None:
    model = custom(Undecided())
    layers = trace(model, (3, 4, 4))
    assert {layer.inputs for layer in layers[1:]} == {None}
    assert sum(layer.num_parameters for layer in layers) == model.num_parameters
    assert layers[-1].name == "linear: Linear, Sigmoid"
    assert not any(module._forward_hooks for module in model.modules())
    figure = network_figure.network(layers, "mine", sample=False)
    assert network_figure.UNTRACED in {text.get_text() for text in figure.axes[0].texts}
    assert not figure.axes[0].lines


def test_the_punks_network_layer_by_layer() -> None:
    model = build_model("punks_cnn", {"final_activation": "sigmoid"}, (3, 24, 24), (0.0, 1.0), 108, seed=0)
    layers = trace(model, (3, 24, 24))
    assert [layer.shape[-1] for layer in layers] == [24, 20, 10, 6, 3, 10, 24]
    assert [layer.shape[0] for layer in layers] == [3, 6, 6, 12, 12, 6, 3]
    assert layers[4].part == "latent"
    assert layers[4].num_values == 108
    assert sum(layer.num_parameters for layer in layers) == 5517
    figure = network_figure.network(layers, "punks", sample=True)
    texts = {text.get_text() for text in figure.axes[0].texts}
    assert {"12 x 3 x 3", "108 numbers", "432 numbers, 1,812 parameters"} <= texts
    assert "SAMPLE DATA" in figure.get_suptitle()


def test_the_diagram_has_every_node_and_edge(in_project: Path) -> None:
    sizes = load_layer_sizes("hourglass")
    assert sizes == [8, 4, 2, 4, 8]
    axes = diagram(sizes).axes[0]
    assert len(axes.lines) == 8 * 4 + 4 * 2 + 2 * 4 + 4 * 8
    assert [len(nodes.get_offsets()) for nodes in axes.collections] == sizes  # type: ignore[arg-type]


def test_a_wrong_diagram_is_told(in_project: Path) -> None:
    params = tiny_params()
    params["diagram"]["hourglass"]["layers"] = [8, 0, 8]
    write_params(in_project, params)
    with pytest.raises(UserError, match=r"diagram.hourglass.layers.1: .* greater than or equal to 1, got 0"):
        load_layer_sizes("hourglass")


@pytest.mark.parametrize("precision", [torch.float32, torch.float64])
def test_a_network_is_drawn_in_whatever_precision_it_is(precision: torch.dtype) -> None:
    """Runs are loaded in float64."""
    model = build_model("cifar10_cnn", CIFAR, (3, 32, 32), (-1.0, 1.0), 64, seed=0).to(precision)
    assert sum(layer.num_parameters for layer in trace(model, (3, 32, 32))) == model.num_parameters


def test_the_turn_of_nested_latents_is_told_with_the_layer_before_it() -> None:
    plain, nested = (
        build_model("cifar10_cnn", CIFAR, (3, 32, 32), (-1.0, 1.0), 64, 0, nested) for nested in (False, True)
    )
    names = {"Linear": "Linear, PrincipalAxes"}
    expected = [layer._replace(name=names.get(layer.name, layer.name)) for layer in trace(plain, (3, 32, 32))]
    layers = trace(nested, (3, 32, 32))
    turned_back = layers.pop(next(place for place, layer in enumerate(layers) if layer.name == "FromPrincipalAxes"))
    assert turned_back.shape == (64,)
    assert [(layer.name, layer.shape, layer.num_parameters) for layer in layers] == [
        (layer.name, layer.shape, layer.num_parameters) for layer in expected
    ]
