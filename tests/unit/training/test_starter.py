"""A training ends with DVC, which alone keeps what it computes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autoencoder.training import starter as starter_module
from autoencoder.training.starter import STARTER, Starter
from tests.conftest import tiny_params, write_params

# As DVC does: start the training through a shell, and wait. The second command makes any shell wait, too: bash would
# else put the training in its own place, Debian's sh would not.
PARENT = "import subprocess; subprocess.run(f'{python} src/train.py tiny-8; exit $?', shell=True)"


@pytest.fixture
def from_dvc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever started the tests, init itself maybe, stands for DVC."""
    monkeypatch.setenv("DVC_STAGE", "train@tiny-8")
    monkeypatch.setattr(starter_module, "_name", lambda process: "dvc")


def test_nobody_watches_what_a_person_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DVC_STAGE", raising=False)
    starter = Starter()
    monkeypatch.setattr(os, "getppid", lambda: -1)
    assert not starter.gone()


def test_a_parent_that_has_gone_is_noticed(from_dvc: None, monkeypatch: pytest.MonkeyPatch) -> None:
    starter = Starter()
    assert not starter.gone()
    monkeypatch.setattr(os, "getppid", lambda: -1)
    assert starter.gone()


@pytest.mark.parametrize(("name", "gone"), [("systemd", True), ("tini", True), ("dvc", False), ("python3.11", False)])
def test_a_parent_that_had_gone_before_is_noticed(name: str, gone: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Init has inherited the training then; in a container DVC itself may be the first process."""
    monkeypatch.setenv("DVC_STAGE", "train@tiny-8")
    monkeypatch.setattr(os, "getppid", lambda: 1)
    monkeypatch.setattr(starter_module, "_name", lambda process: name)
    assert Starter().gone() == gone


def test_shells_between_are_no_dvc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Training 50, in a shell 40, in a shell 30, in DVC 20, in a person's shell 10."""
    parents: dict[int, int | None] = {50: 40, 40: 30, 30: 20, 20: 10}
    names = {40: "sh", 30: "bash", 20: "python", 10: "bash"}
    monkeypatch.setenv("DVC_STAGE", "train@tiny-8")
    monkeypatch.setattr(os, "getpid", lambda: 50)
    monkeypatch.setattr(starter_module, "_parent_of", parents.get)
    monkeypatch.setattr(starter_module, "_name", names.get)
    starter = Starter()
    assert not starter.gone()
    parents[20] = 1  # the person's shell has gone, DVC has not
    assert not starter.gone()
    for shell, before in ((30, 20), (40, 30)):
        for now in (1, None):
            parents[shell] = now
            assert starter.gone()
        parents[shell] = before
    assert not starter.gone()


def test_processes_are_asked_for_what_they_are() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert starter_module._parent_of(child.pid) == os.getpid()
        assert starter_module._name(child.pid).startswith("python")
        child.kill()
        child.wait()
        assert starter_module._parent_of(child.pid) is None
        assert starter_module._name(child.pid) == ""


def test_what_started_dvc_is_watched_too(from_dvc: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as above:
        monkeypatch.setenv(STARTER, str(above.pid))
        starter = Starter()
        assert not starter.gone()
        above.kill()
        above.wait()
        assert starter.gone()


def test_a_starter_that_is_someone_elses_is_alive(from_dvc: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(process: int, sent: int) -> None:
        assert (process, sent) == (4321, 0)  # 0: asked for, and left alone
        raise PermissionError

    monkeypatch.setenv(STARTER, "4321")
    monkeypatch.setattr(os, "kill", refuse)
    assert not Starter().gone()


def test_a_training_whose_dvc_was_killed_stops_and_goes_on_later(small_photos: Path) -> None:
    params = tiny_params()
    params["train"]["tiny"]["epochs"] = 100_000
    write_params(small_photos, params)
    log = small_photos / "log"
    environment = {**os.environ, "DVC_STAGE": "train@tiny-8"}
    command = [sys.executable, "-c", PARENT.replace("{python}", sys.executable)]
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
