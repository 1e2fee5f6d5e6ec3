"""A training ends with DVC, which alone keeps what it computes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autoencoder.training.starter import STARTER, Starter
from tests.conftest import tiny_params, write_params

# As DVC does: start the training, and wait.
PARENT = "import subprocess, sys; sys.exit(subprocess.run([sys.executable, 'src/train.py', 'tiny-8']).returncode)"


def test_nobody_watches_what_a_person_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DVC_STAGE", raising=False)
    starter = Starter()
    monkeypatch.setattr(os, "getppid", lambda: -1)
    assert not starter.gone()


def test_a_parent_that_has_gone_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_STAGE", "train@tiny-8")
    starter = Starter()
    assert not starter.gone()
    monkeypatch.setattr(os, "getppid", lambda: -1)
    assert starter.gone()


def test_what_started_dvc_is_watched_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_STAGE", "train@tiny-8")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as above:
        monkeypatch.setenv(STARTER, str(above.pid))
        starter = Starter()
        assert not starter.gone()
        above.kill()
        above.wait()
        assert starter.gone()


def test_a_starter_that_is_someone_elses_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(process: int, sent: int) -> None:
        assert (process, sent) == (4321, 0)  # 0: asked for, and left alone
        raise PermissionError

    monkeypatch.setenv("DVC_STAGE", "train@tiny-8")
    monkeypatch.setenv(STARTER, "4321")
    monkeypatch.setattr(os, "kill", refuse)
    assert not Starter().gone()


def test_a_training_whose_dvc_was_killed_stops_and_goes_on_later(small_photos: Path) -> None:
    params = tiny_params()
    params["train"]["tiny"]["epochs"] = 100_000
    write_params(small_photos, params)
    log = small_photos / "log"
    environment = {**os.environ, "DVC_STAGE": "train@tiny-8"}
    command = [sys.executable, "-c", PARENT]
    with log.open("w") as errors, subprocess.Popen(command, env=environment, stderr=errors) as dvc:
        wait_until(lambda: "epoch 2/" in log.read_text())
        dvc.send_signal(signal.SIGTERM)  # to it alone
    wait_until(lambda: "has ended, so it stops" in log.read_text())
    last = log.read_text().splitlines()[-1]
    assert last.startswith("train: error: what started the training of tiny-8 has ended, so it stops; another start go")
    assert "Traceback" not in log.read_text()
    assert not Path("models/tiny-8").exists()
    assert len(list(Path(".resume").glob("*.pt"))) == 1
    with log.open("w") as errors, subprocess.Popen([sys.executable, "src/train.py", "tiny-8"], stderr=errors) as again:
        epochs = int(last.rsplit(" ", 1)[1])
        wait_until(lambda: f"resuming tiny-8 after epoch {epochs} of" in log.read_text())
        again.kill()


def wait_until(condition, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
