"""Several processes told on one screen."""

import io

import pytest

from autoencoder.ui.progress import TrainingProgress
from autoencoder.ui.relay import RELAYED, Line, Relay

FRAME = "a epoch 2/4: 30 %, 900img/s, 00:10 left"
SAID = ("Running stage 'train@a':", "> python", "a epoch 1/4  train_mse 0.1", "train: error: no")
OUTPUT = f"{SAID[0]}\n{SAID[1]}\n\r{FRAME}\r      \r{SAID[2]}\n\r{SAID[3]}".encode()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_every_line_with_its_name_and_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    relay = Relay()
    assert not relay.live
    assert relay.environment == {}
    line = Line(relay, "train@a")
    line.follow(io.BufferedReader(io.BytesIO(OUTPUT)))
    line.close(False)
    said, told = capsys.readouterr()
    assert told == ""
    assert said.splitlines() == [f"train@a | {text}" for text in SAID]


@pytest.mark.parametrize("succeeded", [True, False, None])
def test_a_terminal_gets_a_live_line_and_what_was_said_where_it_failed(
    monkeypatch: pytest.MonkeyPatch, succeeded: bool | None
) -> None:
    monkeypatch.setattr("sys.stdout", terminal := Terminal())
    relay = Relay()
    assert relay.environment == {RELAYED: "1"}
    line = Line(relay, "train@a")
    assert "train@a starts" in terminal.getvalue()
    line.follow(io.BufferedReader(io.BytesIO(OUTPUT)))
    assert FRAME in terminal.getvalue()
    assert SAID[0] in terminal.getvalue()
    assert "error" not in terminal.getvalue()
    line.close(succeeded)
    ending = terminal.getvalue().split(FRAME)[1]
    assert ("train@a: done, 0.0 min" in ending) == (succeeded is True)
    assert ("train@a: FAILED, 0.0 min" in ending) == (succeeded is False)
    assert ("train@a | train: error: no" in ending) == (succeeded is False)
    assert "epoch 1/4" not in ending


def test_a_line_is_no_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setattr("sys.stdout", terminal := Terminal())
    Line(Relay(), "train@a").follow(io.BufferedReader(io.BytesIO(b"x" * 50 + b"\r")))
    assert "x" * 19 in terminal.getvalue()
    assert "x" * 20 not in terminal.getvalue()


def test_who_is_relayed_draws_rate_epochs_and_time_left_in_80_columns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record = {"epoch": 1, "train_mse": 0.1, "val_mse": 0.1, "learning_rate": 0.1, "fit_seconds": 1.0, "seconds": 1.0}
    for relayed in (True, False):
        if relayed:
            monkeypatch.setenv(RELAYED, "1")
        else:
            monkeypatch.delenv(RELAYED)
        shown = TrainingProgress("punks-dense-108", 100, 6_000, 0)
        shown.epoch(record)
        shown._bar.update(6_000)
        shown._bar.refresh()
        shown.close()
        frame = capsys.readouterr().err.strip().split("\r")[-1].strip()
        assert frame.startswith("punks-dense-108 epoch 2/100: 1 %, ") == relayed
        assert ("img/s, " in frame and frame.endswith(" left") and len(frame) < 80) == relayed
