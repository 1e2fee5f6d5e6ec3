"""The drawn networks are the real ones."""

from pathlib import Path

import pytest

from autoencoder.config.diagrams import load_layer_sizes
from autoencoder.models.base.build import build_model
from autoencoder.stages.diagram.figure import diagram
from autoencoder.stages.plot import network_figure
from autoencoder.stages.plot.layers import trace
from autoencoder.ui.errors import UserError
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


def test_what_stands_beside_is_named() -> None:
    """The dense network's linear path does not follow its correction, it is added: the drawing says which is which."""
    options = {"hidden_units": 16, "final_activation": "sigmoid"}
    model = build_model("dense", options, (3, 4, 4), (0.0, 1.0), 5, seed=0)
    layers = trace(model, (3, 4, 4))
    names = ["Linear, GELU", "Linear, GELU", "correction: Linear", "linear: Linear"]
    assert [layer.name for layer in layers] == ["image", *names, *names[:3], "linear: Linear, Sigmoid"]
    assert [layer.part for layer in layers[3:6]] == ["encoder", "latent", "decoder"]
    assert sum(layer.num_parameters for layer in layers) == model.num_parameters


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
    assert {"12 x 3 x 3", "108 numbers", "1,812 parameters"} <= texts
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
