"""Weights and state on disk."""

import errno
import os
from pathlib import Path

import pytest
import torch

from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.models.base.build import build_model
from autoencoder.storage.files import write_atomically
from autoencoder.storage.weights import load_weights, save_weights
from autoencoder.training import resume
from autoencoder.training.resume import load_state, only_one, save_state
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


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def full(self: Path, content: bytes) -> int:
        self.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match=r"No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_state_comes_back(tmp_path: Path) -> None:
    assert load_state(tmp_path / "none.pt") is None
    save_state({"epoch": 3, "weights": {"w": torch.arange(3.0)}, "inf": float("inf")}, tmp_path / "s.pt")
    state = load_state(tmp_path / "s.pt")
    assert state is not None
    assert state["epoch"] == 3
    assert torch.equal(state["weights"]["w"], torch.arange(3.0))


def test_a_damaged_state_is_told_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_state({"epoch": 3}, tmp_path / "s.pt")
    whole = (tmp_path / "s.pt").read_bytes()
    for damaged in (b"", whole[:100], b"no state at all"):
        (tmp_path / "s.pt").write_bytes(damaged)
        assert load_state(tmp_path / "s.pt") is None
        assert "training from the beginning" in capsys.readouterr().err


def test_only_one_training_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with only_one("a"):
        with only_one("b"):
            pass
        with pytest.raises(UserError, match=r"another process is training a"), only_one("a"):
            pass
    with only_one("a"):
        pass


def test_fingerprint_changes_with_facts() -> None:
    assert resume.fingerprint(1, "a") == resume.fingerprint(1, "a")
    assert resume.fingerprint(1, "a") != resume.fingerprint(1, "b")
