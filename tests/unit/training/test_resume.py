"""The state of a training on disk."""

import errno
import os
from pathlib import Path

import pytest
import torch

from autoencoder.config import params
from autoencoder.models.base import build
from autoencoder.storage import weights
from autoencoder.storage.files import write_atomically
from autoencoder.training import resume, trainer
from autoencoder.training.resume import load_state, only_one, save_state
from autoencoder.ui import progress
from autoencoder.ui.errors import UserError


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def full(self: Path, content: bytes) -> int:
        self.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UserError, match=r"file cannot be written \(No space left on device\)"):
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


class Malicious:
    def __reduce__(self):
        return Path.write_text, (Path("done"), "harm")


def test_a_state_that_holds_code_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save({"epoch": Malicious()}, "s.pt")
    assert load_state(Path("s.pt")) is None
    assert not Path("done").exists()


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


def test_fingerprint_changes_with_the_code_that_trains_and_with_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = resume.fingerprint()
    edited = tmp_path / "edited.py"
    edited.write_text("# another line")
    for module in (progress, params, weights):  # what tells, checks and carries
        monkeypatch.setattr(module, "__file__", str(edited))
    assert resume.fingerprint() == before
    for module in (trainer, build):
        with monkeypatch.context() as patch:
            patch.setattr(module, "__file__", str(edited))
            assert resume.fingerprint() != before
