"""Mistakes end in one line and a status; bugs keep their traceback."""

import errno
import os

import pytest

from autoencoder.ui.command_line import run_or_explain
from autoencoder.ui.errors import UserError


def fail(error: BaseException):
    def action() -> None:
        raise error

    return action


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (UserError("it is wrong; mend it"), "train: error: it is wrong; mend it"),
        (
            OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "models/x"),
            "train: error: No space left on device: models/x",
        ),
        (OSError("odd"), "train: error: odd"),
    ],
)
def test_mistakes_are_one_line(error: BaseException, text: str) -> None:
    with pytest.raises(SystemExit) as caught:
        run_or_explain(fail(error), "train")
    assert caught.value.code == text


def test_an_interrupt_has_its_own_status() -> None:
    with pytest.raises(SystemExit) as caught:
        run_or_explain(fail(KeyboardInterrupt()), "train")
    assert caught.value.code == 130


def test_a_bug_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        run_or_explain(fail(ZeroDivisionError()), "train")
