"""Weights on disk."""

import hashlib
from pathlib import Path

import pytest
import torch

from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.models.base.build import build_model
from autoencoder.storage.provenance import differences
from autoencoder.storage.weights import load_weights, save_weights
from autoencoder.ui.errors import UserError

MADE = {"seed": 1, "value_range": (-1.0, 1.0)}


def model(latent_dim: int = 3) -> Autoencoder:
    options = {"base_channels": 2, "activation": "relu", "final_activation": "none"}
    return build_model("cifar10_cnn", options, (3, 8, 8), (-1.0, 1.0), latent_dim, seed=latent_dim)


def test_weights_come_back_and_equal_weights_are_equal_bytes(tmp_path: Path) -> None:
    first, other = model(), model().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    save_weights(first.state_dict(), tmp_path / "a" / "w.safetensors", MADE)
    save_weights(dict(reversed(other.state_dict().items())), tmp_path / "b.safetensors", MADE)
    assert (tmp_path / "a" / "w.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()
    with torch.no_grad():
        next(other.parameters()).zero_()
    load_weights(other, tmp_path / "b.safetensors", MADE, "train@run")
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), other.parameters(), strict=True))


def test_weights_of_another_latent_dimension_are_refused(tmp_path: Path) -> None:
    save_weights(model(3).state_dict(), tmp_path / "run" / "w.safetensors", MADE)
    with pytest.raises(UserError, match=r"decoder.0.weight is \(2?\d, 3\) in the file .*train@run"):
        load_weights(model(4), tmp_path / "run" / "w.safetensors", MADE, "train@run")


def test_missing_and_truncated_weights(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"is missing; train it"):
        load_weights(model(), tmp_path / "w.safetensors", MADE, "train@run")
    save_weights(model().state_dict(), tmp_path / "w.safetensors", MADE)
    whole = (tmp_path / "w.safetensors").read_bytes()
    for length in (0, 5, len(whole) - 1):
        (tmp_path / "w.safetensors").write_bytes(whole[:length])
        with pytest.raises(UserError, match=r"not a whole safetensors file"):
            load_weights(model(), tmp_path / "w.safetensors", MADE, "train@run")


def test_weights_in_half_precision_become_the_models_own_again(tmp_path: Path) -> None:
    given = {name: value.half() for name, value in model().state_dict().items()}
    save_weights(given, tmp_path / "w.safetensors", MADE)
    loaded = model(3)
    load_weights(loaded, tmp_path / "w.safetensors", MADE, "train@run")
    assert all(value.dtype == torch.float32 for value in loaded.state_dict().values())
    assert all(torch.equal(value.half(), given[name]) for name, value in loaded.state_dict().items())


def test_what_they_were_made_from_is_in_the_file_and_part_of_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    first = save_weights(model().state_dict(), path, MADE)
    assert first == hashlib.sha256(path.read_bytes()).hexdigest() == load_weights(model(), path, MADE, "train@run")
    assert save_weights(model().state_dict(), path, dict(reversed(MADE.items()))) == first
    assert save_weights(model().state_dict(), path, {**MADE, "seed": 2}) != first
    with pytest.raises(UserError, match=r"w.safetensors was trained with seed 2 \(now: 1\); .*: dvc repro train@run"):
        load_weights(model(), path, MADE, "train@run")


def test_differences_in_words() -> None:
    assert differences({"a": 1, "b": 2}, {"b": 2, "a": 1}) == ""
    assert differences({"a": 1}, {"b": 2}) == "b missing (now: 2), a 1 (now: missing)"
    many = dict.fromkeys("abcde", 1)
    assert differences(many, dict.fromkeys(many, 2)) == "a 1 (now: 2), b 1 (now: 2), c 1 (now: 2), 2 more"
