"""What the repository keeps: the weights of present runs, and nothing else."""

import subprocess
from pathlib import Path

import pytest
import yaml

from autoencoder.tools import kept_weights
from autoencoder.ui.errors import UserError
from tests.conftest import PROJECT


def test_every_model_of_this_study_is_kept() -> None:
    """So that `dvc pull` brings them all, and `dvc repro` after it trains nothing, wherever."""
    lock = yaml.safe_load((PROJECT / "dvc.lock").read_text())["stages"]
    cached = [name for name in lock if name.startswith(("train@", "train_seeds@", "baseline@"))]
    params = yaml.safe_load((PROJECT / "params.yaml").read_text())
    assert len(cached) == len(params["runs"]) + len(params["seeds"]) + len(params["prepare"])
    for stage in cached:
        for out in lock[stage]["outs"]:
            if out["path"].startswith(("models/", "data/")):
                digest = out["md5"]
                assert (PROJECT / ".dvc/weights/files/md5" / digest[:2] / digest[2:]).is_file(), out["path"]


@pytest.mark.parametrize("failed", [0, 1])
def test_what_is_not_pushed_any_more_is_gone_and_a_failure_leaves_all(
    in_project: Path, monkeypatch: pytest.MonkeyPatch, failed: int
) -> None:
    old, new = (kept_weights.REMOTE / "md5" / name for name in ("old", "new"))
    old.parent.mkdir(parents=True)
    old.write_bytes(b"weights of a run that is gone")

    def push(command: list[str], check: bool) -> subprocess.CompletedProcess[bytes]:
        assert command[-1] == "push"
        new.parent.mkdir(parents=True)
        new.write_bytes(b"weights")
        return subprocess.CompletedProcess(command, failed)

    monkeypatch.setattr(subprocess, "run", push)
    if failed:
        with pytest.raises(UserError, match="could not be pushed"):
            kept_weights.main()
    else:
        kept_weights.main()
    assert (old.exists(), new.exists()) == ((True, False) if failed else (False, True))
