"""What runs side by side, in which order, and how many at once."""

import json
import os
import time
from pathlib import Path

import pytest
import torch

from autoencoder.storage.files import write_json
from autoencoder.tools import check_trainings, side_by_side
from autoencoder.tools.side_by_side import Job, Jobs, cores, due_stages, places, run_side_by_side, stages_of_each
from autoencoder.ui.errors import UserError
from tests.conftest import tiny_params, write_params


def told(monkeypatch: pytest.MonkeyPatch, status: str | None) -> None:
    monkeypatch.setattr(side_by_side, "dvc_output", lambda *_: status)


PIPELINE = """
stages:
  prepare: {foreach: "${prepare}"}
  train: {foreach: "${runs}", do: {deps: [data], outs: ["models/${key}"]}}
  plot: {foreach: "${runs}", do: {deps: ["models/${key}", "map/${key}"], plots: ["plots/${key}": {cache: false}]}}
  map: {foreach: "${runs}", do: {deps: ["codes/${key}"], metrics: ["map/${key}": {cache: false}]}}
  embed: {foreach: "${runs}", do: {deps: ["models/${key}"], outs: ["codes/${key}"]}}
  train_seeds: {foreach: "${seeds}", do: {deps: [data], outs: ["models/${key}"]}}
  curve: {foreach: "${prepare}"}
  advise: {foreach: "${advise}"}
  report: {foreach: "${report}"}
  explore: {foreach: "${explore}"}
"""

PAGES = ("report@study", "explore@study")


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, Job], int]]:
    """The jobs that would have been run in tmp_path, of the runs a, b and n (nested) and the study s: nothing is."""
    calls: list[tuple[dict[str, Job], int]] = []

    class NoJobs:
        def __init__(self, _: Path, jobs: dict[str, Job], at_once: int) -> None:
            calls.append((jobs, at_once))

        def run(self) -> tuple[list[str], list[str]]:
            return [job for job in calls[-1][0] if job == "b"], [job for job in calls[-1][0] if job == "curve@x"]

    monkeypatch.setattr(side_by_side, "Jobs", NoJobs)
    monkeypatch.setattr(side_by_side, "dvc", lambda *_: 0)
    monkeypatch.setattr(check_trainings, "check", lambda: None)
    line = {"dataset": "x"}
    monkeypatch.setattr(
        side_by_side,
        "load_params",
        lambda _: {
            "prepare": {"x": {}, "y": {}},
            "advise": {"x": {}},
            "runs": {"a": line, "b": line, "n": line | {"nested": True}},
            "seeds": {"s": line},
            "report": {"study": {}},
            "explore": {"study": {}},
        },
    )
    (tmp_path / "dvc.yaml").write_text(PIPELINE)
    return calls


def test_what_dvc_cannot_tell_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, json.dumps({"train@b": [], "report@study": []}))
    assert due_stages(tmp_path) == ["train@b", "report@study"]
    told(monkeypatch, None)
    with pytest.raises(UserError, match="DVC could not tell"):
        due_stages(tmp_path)


def test_each_run_and_study_has_its_stages_in_order(tmp_path: Path, started: list) -> None:
    kinds = ("train", "embed", "map", "plot")
    assert stages_of_each(tmp_path) == {
        **{run: [f"{kind}@{run}" for kind in kinds] for run in ("a", "b", "n")},
        "s": ["train_seeds@s"],
    }
    assert not started


def test_data_come_first_then_all_of_each_run_that_has_something_due_then_curves_then_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list
) -> None:
    told(monkeypatch, json.dumps(["map@a", "train_seeds@s", "baseline@x", "diagram@d", "report@study"]))
    write_json(tmp_path / "metrics/x/seeds/s.json", {"train_seconds": 30.0})
    run_side_by_side(tmp_path, 3)
    expected = {
        "baseline@x": Job(["baseline@x"]),
        "diagram@d": Job(["diagram@d"]),
        "s": Job(["train_seeds@s"], ["baseline@x"]),
        "a": Job(["train@a", "embed@a", "map@a", "plot@a"], ["baseline@x"]),  # which needs no training
        "curve@x": Job(["curve@x"], ["baseline@x", "s", "a"]),  # not y, of which nothing is due
        "advise@x": Job(["advise@x"], ["baseline@x", "s", "a", "curve@x"]),
        **{page: Job([page], ["baseline@x", "diagram@d", "s", "a", "curve@x", "advise@x"]) for page in PAGES},
    }
    assert started == [(expected, 3)]
    assert [*started[0][0]] == [*expected]


def test_what_is_done_is_no_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list) -> None:
    told(monkeypatch, json.dumps([]))
    run_side_by_side(tmp_path, 3)
    assert not started
    told(monkeypatch, json.dumps(["report@study"]))
    run_side_by_side(tmp_path, 3)
    assert started == [({"report@study": Job(["report@study"], [])}, 3)]
    told(monkeypatch, json.dumps(["curve@x", "report@study"]))
    run_side_by_side(tmp_path, 3)
    told_of = {"curve@x": Job(["curve@x"], []), "advise@x": Job(["advise@x"], ["curve@x"])}
    pages = {page: Job([page], [*told_of]) for page in PAGES}
    assert started[1:] == [({**told_of, **pages}, 3)]
    told(monkeypatch, json.dumps(["map@a"]))
    run_side_by_side(tmp_path, 2)
    assert started[2][0]["a"].after == []  # the data are measured
    assert started[2][0]["curve@x"].after == ["a"]


def test_the_longest_comes_first_and_the_unknown_before_all_nested_ones_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list
) -> None:
    checked = []
    monkeypatch.setattr(check_trainings, "check", lambda: checked.append(Path.cwd()))
    told(monkeypatch, json.dumps(["embed@a", "train@a", "map@a", "train@b", "train@n", "train_seeds@s"]))
    write_json(tmp_path / "metrics/x/a.json", {"train_seconds": 10.0})
    write_json(tmp_path / "metrics/x/seeds/s.json", {"train_seconds": 30.0})
    with pytest.raises(UserError, match=r"1 of 8 failed: b; see above; not begun: curve@x$"):
        run_side_by_side(tmp_path, 3)
    assert [*started[0][0]] == ["n", "b", "s", "a", "curve@x", "advise@x", *PAGES]
    assert len(started) == 1
    assert checked == [tmp_path]


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_a_job_begins_when_those_before_it_have_succeeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Each job here takes a while, so that one that did not wait would be seen."""
    running: set[str] = set()
    begun: list[tuple[str, set[str]]] = []
    most = 0

    def reproduce(_: Jobs, job: str) -> bool:
        nonlocal most
        begun.append((job, set(running)))
        running.add(job)
        most = max(most, len(running))
        time.sleep(0.05 if job == "data" else 0.01)
        running.remove(job)
        return job != "wrong"

    monkeypatch.setattr(Jobs, "_reproduce", reproduce)
    jobs = {
        "data": Job([]),
        "one": Job([], ["data"]),
        "wrong": Job([], ["data"]),
        "free": Job([]),
        "lost": Job([], ["one", "wrong"]),
        "last": Job([], ["one", "free"]),
    }
    assert Jobs(tmp_path, jobs, at_once).run() == (["wrong"], ["lost"])
    assert sorted(job for job, _ in begun) == ["data", "free", "last", "one", "wrong"]
    assert all(running.isdisjoint(jobs[job].after) for job, running in begun)
    assert [job for job, _ in begun][:2] == (["data", "one"] if at_once == 1 else ["data", "free"])
    assert most <= at_once


def test_nothing_starts_where_something_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list) -> None:
    def refuse() -> None:
        raise UserError("no such option")

    monkeypatch.setattr(check_trainings, "check", refuse)
    told(monkeypatch, json.dumps(["baseline@x", "train@a"]))
    with pytest.raises(UserError, match="no such option"):
        run_side_by_side(tmp_path, 3)
    monkeypatch.setattr(side_by_side, "dvc", lambda *_: 1)
    with pytest.raises(UserError, match="the data could not be prepared"):
        run_side_by_side(tmp_path, 3)
    assert not started


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
    with pytest.raises(UserError, match=rf"^--at-once {number}: at least one job at a time$"):
        side_by_side.main()
