"""Multiply-adds, against the sizes of the layers."""

import pytest

from autoencoder.measures.multiply_adds import count_multiply_adds
from autoencoder.models.base.build import build_model

CIFAR: dict[str, object] = {"base_channels": 32, "activation": "gelu", "final_activation": "none"}


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("latent_dim", [64, 384])
def test_those_of_the_tutorials_network(latent_dim: int, nested: bool) -> None:
    """Places x weights: a convolution's places are those it writes, a transposed one's those it reads."""
    encoder = 16**2 * 27 * 32 + 8**2 * 9 * 32 * 32 + 8**2 * 9 * 32 * 64 + 4**2 * 9 * 64 * 64
    decoder = 4**2 * 9 * 64 * 64 + 8**2 * 9 * 64 * 64 + 8**2 * 9 * 64 * 32 + 16**2 * 9 * 32 * 3
    linear = 2 * 1024 * latent_dim
    turning = 2 * latent_dim**2 if nested else 0
    model = build_model("cifar10_cnn", CIFAR, (3, 32, 32), (-1.0, 1.0), latent_dim, 0, nested)
    assert count_multiply_adds(model, (3, 32, 32)) == encoder + decoder + linear + turning


def test_those_of_dense_layers_are_their_weights() -> None:
    model = build_model(
        "dense", {"hidden_units": 16, "final_activation": "none"}, (3, 8, 8), (-1.0, 1.0), 6, 0
    ).double()
    weights = sum(parameter.numel() for parameter in model.parameters() if parameter.ndim == 2)
    assert count_multiply_adds(model, (3, 8, 8)) == weights
