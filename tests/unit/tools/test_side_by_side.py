"""Which trainings run side by side, in which order, and how many at once."""

import json
import os
from pathlib import Path

import pytest
import torch

from autoencoder.storage.files import write_json
from autoencoder.tools import check_trainings, side_by_side
from autoencoder.tools.side_by_side import cores, due_trainings, places, train_side_by_side
from autoencoder.ui.errors import UserError
from tests.conftest import tiny_params, write_params

STATUS: dict[str, list] = {"train@b": [], "evaluate@b": [], "train_seeds@s": [], "prepare@x": [], "train@a": []}


def told(monkeypatch: pytest.MonkeyPatch, status: str | None) -> None:
    monkeypatch.setattr(side_by_side, "dvc_output", lambda *_: status)


def test_trainings_alone_are_due(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, json.dumps(STATUS))
    assert due_trainings(tmp_path) == ["train@b", "train_seeds@s", "train@a"]
    told(monkeypatch, None)
    with pytest.raises(UserError, match="DVC could not tell"):
        due_trainings(tmp_path)


def test_the_longest_comes_first_and_the_unknown_before_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    class Trainings:
        def __init__(self, folder: Path, due: list[str], at_once: int) -> None:
            started.append([*due, str(at_once)])

        def run(self) -> list[str]:
            return ["train@c"]

    monkeypatch.setattr(side_by_side, "Trainings", Trainings)
    monkeypatch.setattr(side_by_side, "dvc", lambda *_: 0)
    checked = []
    monkeypatch.setattr(check_trainings, "check", lambda: checked.append(Path.cwd()))
    told(monkeypatch, json.dumps(["train@a", "train@b", "train_seeds@s", "train@c"]))
    write_json(tmp_path / "metrics/a.json", {"train_seconds": 10.0})
    write_json(tmp_path / "metrics/b.json", {"train_seconds": 20.0})
    write_json(tmp_path / "metrics/seeds/s.json", {"train_seconds": 30.0})
    with pytest.raises(UserError, match=r"1 of 4 trainings failed: train@c; see above"):
        train_side_by_side(tmp_path, 3)
    assert started == [["train@c", "train_seeds@s", "train@b", "train@a", "3"]]
    told(monkeypatch, "{}")
    train_side_by_side(tmp_path)
    assert len(started) == len(checked) == 1
    assert checked == [tmp_path]

    def refuse() -> None:
        raise UserError("no such option")

    monkeypatch.setattr(check_trainings, "check", refuse)
    told(monkeypatch, json.dumps(["train@a"]))
    with pytest.raises(UserError, match="no such option"):
        train_side_by_side(tmp_path)
    assert len(started) == 1  # nothing was
    monkeypatch.setattr(side_by_side, "dvc", lambda *_: 1)
    with pytest.raises(UserError, match="the data could not be prepared"):
        train_side_by_side(tmp_path)


def test_a_core_a_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "cores", lambda: 7)
    params = tiny_params()
    for threads, expected in ((1, 7), (2, 3), (8, 1)):
        params["train"]["tiny"]["threads"] = threads
        write_params(tmp_path, params)
        (tmp_path / "src").mkdir(exist_ok=True)
        for section in params:
            (tmp_path / f"src/{section}.py").touch()
        assert places(tmp_path) == expected
    monkeypatch.setattr(side_by_side, "resolve_device", lambda _: torch.device("cuda"))
    assert places(tmp_path) == 1


def test_the_cores_are_those_that_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 5, 6}, raising=False)
    assert cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    assert cores() == 64


@pytest.mark.parametrize("number", ["0", "-1"])
def test_fewer_than_one_at_a_time_is_told(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["side_by_side", "--at-once", number])
    with pytest.raises(UserError, match=rf"^--at-once {number}: at least one training at a time$"):
        side_by_side.main()
