"""Weights on disk."""

from pathlib import Path

import pytest
import torch

from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.models.base.build import build_model
from autoencoder.storage.weights import load_weights, save_weights
from autoencoder.ui.errors import UserError


def model(latent_dim: int = 3) -> Autoencoder:
    options = {"base_channels": 2, "activation": "relu", "final_activation": "none"}
    return build_model("cifar10_cnn", options, (3, 8, 8), (-1.0, 1.0), latent_dim, seed=latent_dim)


def test_weights_come_back_and_equal_weights_are_equal_bytes(tmp_path: Path) -> None:
    first, other = model(), model().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    save_weights(first.state_dict(), tmp_path / "a" / "w.safetensors")
    save_weights(dict(reversed(other.state_dict().items())), tmp_path / "b.safetensors")
    assert (tmp_path / "a" / "w.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()
    with torch.no_grad():
        next(other.parameters()).zero_()
    load_weights(other, tmp_path / "b.safetensors")
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), other.parameters(), strict=True))


def test_weights_of_another_latent_dimension_are_refused(tmp_path: Path) -> None:
    save_weights(model(3).state_dict(), tmp_path / "run" / "w.safetensors")
    with pytest.raises(UserError, match=r"decoder.0.weight is \(2?\d, 3\) in the file .*train@run"):
        load_weights(model(4), tmp_path / "run" / "w.safetensors")


def test_missing_and_truncated_weights(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"is missing; train it"):
        load_weights(model(), tmp_path / "w.safetensors")
    save_weights(model().state_dict(), tmp_path / "w.safetensors")
    whole = (tmp_path / "w.safetensors").read_bytes()
    for length in (0, 5, len(whole) - 1):
        (tmp_path / "w.safetensors").write_bytes(whole[:length])
        with pytest.raises(UserError, match=r"not a whole safetensors file"):
            load_weights(model(), tmp_path / "w.safetensors")


def test_weights_in_half_precision_become_the_models_own_again(tmp_path: Path) -> None:
    given = {name: value.half() for name, value in model().state_dict().items()}
    save_weights(given, tmp_path / "w.safetensors")
    loaded = model(3)
    load_weights(loaded, tmp_path / "w.safetensors")
    assert all(value.dtype == torch.float32 for value in loaded.state_dict().values())
    assert all(torch.equal(value.half(), given[name]) for name, value in loaded.state_dict().items())
