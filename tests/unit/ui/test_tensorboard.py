"""What TensorBoard cannot write is told once, in one line that names the folder."""

import errno
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from autoencoder.ui.command_line import run_or_explain
from autoencoder.ui.errors import UserError
from autoencoder.ui.tensorboard import GROUPS, TrainingLog

RECORD = {"epoch": 1, **dict.fromkeys(GROUPS, 0.5)}


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The hook for threads that the scripts have."""
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    run_or_explain(lambda: None, "train")
    yield


def test_a_training_without_space_for_its_log_ends_in_one_line(small_photos: Path) -> None:
    """A limit on the size of a file stands for the full disk; the log is the first file that reaches this one."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    command = [sys.executable, "src/train.py", "tiny-8"]
    done = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True, timeout=240)
    assert done.returncode == 1
    (line,) = (line for line in done.stderr.splitlines() if "error" in line.lower())
    assert line.startswith("train: error: tensorboard/tiny-8/tiny-seed1-")
    assert line.endswith(" cannot be written (File too large); see to it and run it again")
    assert "Traceback" not in done.stderr


def test_what_its_thread_could_not_write_is_told_at_the_latest_at_the_end(
    tmp_path: Path, hook: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    log = TrainingLog(tmp_path, 1)
    monkeypatch.setattr("tensorboard.summary.writer.record_writer.RecordWriter.write", refuse)
    with suppress(UserError):  # the thread may be as fast as that
        log.epoch(RECORD)
    with pytest.raises(UserError) as caught:
        log.close()
    told = f"{tmp_path} cannot be written (No space left on device); free some space and run it again"
    assert str(caught.value) == told
    assert capsys.readouterr().err == ""


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "tensorboard").write_text("a file")
    with pytest.raises(UserError, match=r"tensorboard/log cannot be written \(.*\); .* move it away"):
        TrainingLog(tmp_path / "tensorboard/log", 0)


def test_a_bug_in_a_thread_keeps_its_traceback(hook: None, capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise OSError("not of TensorBoard")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert "OSError: not of TensorBoard" in capsys.readouterr().err


def test_a_log_that_is_closed_is_whole(tmp_path: Path, hook: None) -> None:
    log = TrainingLog(tmp_path, 1)
    log.epoch(RECORD)
    log.close()
    (events,) = tmp_path.iterdir()
    assert b"loss/val_mse" in events.read_bytes()
