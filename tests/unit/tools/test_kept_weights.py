"""What the repository keeps: the weights of present runs, and nothing else."""

import subprocess
from pathlib import Path

import pytest
import yaml

from autoencoder.config.params import load_params
from autoencoder.tools import kept_weights
from autoencoder.ui.errors import UserError
from tests.conftest import PROJECT


def test_models_and_seeds_of_this_study_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    stages = kept_weights.kept_stages(yaml.safe_load(Path("dvc.yaml").read_text()), load_params())
    assert stages[:2] == ["train@cifar10-64", "train@cifar10-128"]
    assert stages[-1] == "train_seeds@punks-cured"
    assert not any("dense" in stage for stage in stages)  # a minute or two each


@pytest.mark.parametrize("failed", [0, 1])
def test_what_is_not_pushed_any_more_is_gone_and_a_failure_leaves_all(
    in_project: Path, monkeypatch: pytest.MonkeyPatch, failed: int
) -> None:
    old, new = (kept_weights.REMOTE / "md5" / name for name in ("old", "new"))
    old.parent.mkdir(parents=True)
    old.write_bytes(b"weights of a run that is gone")

    def push(command: list[str], check: bool) -> subprocess.CompletedProcess[bytes]:
        assert command[-1] == "train_seeds@avatars-seeds"
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
