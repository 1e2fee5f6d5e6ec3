"""Trainings side by side, through DVC itself: the same bytes, every failure told, and nothing left running."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock

from autoencoder.tools import workspace
from autoencoder.tools.pipeline import dvc_output
from tests.conftest import PROJECT, tiny_params, write_params

RUNS = ("one", "two")
WEIGHTS = tuple(f"models/{run}/weights.safetensors" for run in RUNS)


def make(folder: Path, **recipes: dict) -> Path:
    """A workspace with the runs "one" and "two", and one more for each of `recipes`, all on the smallest data."""
    params = tiny_params()
    line = params["runs"].pop("avatars-108")
    params["runs"] = {run: {**line, "seed": seed} for seed, run in enumerate(RUNS)}
    params["prepare"].pop("photos")
    params["seeds"] = {}
    for name, changes in recipes.items():
        params["train"][name] = params["train"]["tiny"] | changes
        params["runs"][name] = {**line, "recipe": name}
    folder.mkdir()
    write_params(folder, params)
    workspace.create(PROJECT, folder / "project", folder / "params.yaml")
    workspace.name_curves(folder / "project")
    return folder / "project"


def start(project: Path, log: Path, at_once: int = 2) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "autoencoder.tools.side_by_side", "--at-once", str(at_once)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}
    with log.open("w") as output:
        return subprocess.Popen(command, cwd=project, env=environment, stdout=output, stderr=subprocess.STDOUT)


def wait_for(log: Path, *texts: str) -> None:
    end = time.monotonic() + 120
    while not all(text in log.read_text() for text in texts):
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.1)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which one of three trainings failed, since its run was locked, and the two others were done."""
    folder = tmp_path_factory.mktemp("side-by-side") / "trained"
    project = make(folder, failing={})
    (project / ".resume").mkdir()
    with FileLock(project / ".resume/failing.lock"):
        assert start(project, folder / "log").wait(240) == 1
    return project


NOT_BEGUN = (
    "side by side: error: 1 of 8 failed: failing; see above; not begun: curve@avatars, report@study, explore@study"
)


def test_one_failure_is_told_and_the_others_go_on(trained: Path) -> None:
    lines = (trained.parent / "log").read_text().splitlines()
    errors = [line for line in lines if "train: error" in line]
    assert len(errors) == 1
    assert errors[0].startswith("failing | train: error: another process is training failing")
    assert lines[-1] == NOT_BEGUN
    assert not any("Traceback" in line for line in lines)
    for run in RUNS:
        assert f"{run} | Running stage 'train@{run}':" in lines
        assert any(line.startswith(f"{run} | {run} epoch 2/2 ") for line in lines)
    status = dvc_output(trained, "status", "--json", *(f"train@{run}" for run in RUNS))
    assert status is not None
    assert status.strip() == "{}"


def test_the_bytes_are_those_of_one_after_the_other(trained: Path) -> None:
    side_by_side = [(trained / path).read_bytes() for path in WEIGHTS]
    assert side_by_side[0] != side_by_side[1]
    for run in RUNS:
        subprocess.run([sys.executable, "src/train.py", run], cwd=trained, check=True, capture_output=True)
    assert [(trained / path).read_bytes() for path in WEIGHTS] == side_by_side


def test_what_is_stopped_leaves_nothing_running_and_goes_on(trained: Path, tmp_path: Path) -> None:
    params = (trained / "params.yaml").read_text()
    (trained / "params.yaml").write_text(params.replace("epochs: 2\n", "epochs: 90000\n"))
    killed, stopped = tmp_path / "killed", tmp_path / "stopped"
    process = start(trained, killed, 3)
    try:
        wait_for(killed, "one | one epoch", "two | two epoch")
        process.kill()
        process.wait()
        assert_nothing_runs(trained)
        process = start(trained, stopped, 3)
        wait_for(stopped, "resuming one after epoch", "resuming two after epoch")
        process.terminate()
        assert process.wait(60) == 130
        assert_nothing_runs(trained)
        assert stopped.read_text().splitlines()[-1] == "side by side: interrupted"
    finally:
        process.kill()
        (trained / "params.yaml").write_text(params)


def test_what_cannot_be_trained_is_told_before_anything_is(tmp_path: Path) -> None:
    project = make(tmp_path / "new", failing={"batch_size": 60_000})
    assert start(project, tmp_path / "log").wait(240) == 1
    lines = (tmp_path / "log").read_text().splitlines()
    assert lines[-1].startswith(
        "side by side: error: params.yaml: the recipe's batch_size 60000 is larger than the 675 t"
    )
    assert not list(project.glob("models/*"))


def assert_nothing_runs(project: Path) -> None:
    for run in RUNS:
        with FileLock(project / f".resume/{run}.lock", timeout=60):  # a training holds it while it lives
            assert list((project / ".resume").glob(f"{run}-*.pt"))
