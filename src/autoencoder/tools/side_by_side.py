"""What is due of the pipeline, side by side: a core and a `dvc repro` each, the longest training first.

Run as `python -m autoencoder.tools.side_by_side`: prepares the data, trains, measures and draws each run, and draws
each data set's curves; plain `dvc repro` then does the rest, the report. Every file is that of one stage after the
other, to the byte: a recipe names the threads of its trainings, and what is measured is the same with any number of
them.
"""

import argparse
import json
import math
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from threading import Lock
from types import FrameType
from typing import Any

from autoencoder.config.params import PARAMS, load_params, parse_yaml
from autoencoder.models.base.device import resolve_device
from autoencoder.tools import check_trainings
from autoencoder.tools.pipeline import dvc, dvc_command, dvc_environment, dvc_output
from autoencoder.training.starter import STARTER
from autoencoder.ui.command_line import run_or_explain
from autoencoder.ui.errors import UserError
from autoencoder.ui.relay import Line, Relay

TRAINING_STAGES = ("train", "train_seeds")
FIRST_STAGES = ("baseline", "diagram")  # what needs no run
LAST_STAGE = "curve"  # what needs all runs of a data set
ONE_EACH = ("${runs}", "${seeds}")  # the sections of params.yaml whose every entry has stages of its own
SECONDS_TO_STOP = 30  # before a job that was asked to stop is killed


def run_side_by_side(folder: Path, at_once: int | None = None) -> None:
    """Reproduce the project in `folder`, all but the report, `at_once` jobs at a time (None: as many as there are
    cores): first what is measured of the data alone; then each run and each study of seeds, from its training to its
    pictures, in a job of its own, the longest training first; then the curves of each data set.

    Raises UserError where a training cannot begin, before any does, and where a job failed; the others are run to
    their end first.
    """
    if dvc(folder, "repro", "prepare"):
        raise UserError("the data could not be prepared; see above")
    due = due_stages(folder)
    if any(_kind(stage) in TRAINING_STAGES for stage in due):
        with chdir(folder):
            check_trainings.check()
    at_once = at_once or places(folder)
    _run(folder, {stage: [stage] for stage in due if _kind(stage) in FIRST_STAGES}, at_once)
    of_runs = jobs_of_runs(folder, due)
    _run(folder, of_runs, at_once)
    if of_runs or any(_kind(stage) == LAST_STAGE for stage in due):
        curves = [f"{LAST_STAGE}@{dataset}" for dataset in load_params(folder / PARAMS)["prepare"]]
        _run(folder, {stage: [stage] for stage in curves}, at_once)


def jobs_of_runs(folder: Path, due: Sequence[str]) -> dict[str, list[str]]:
    """All stages of each run and study of seeds that has one among those due, by its name: the longest training first,
    those that need none last.
    """
    seconds: dict[str, float] = {}
    each = stages_of_each(folder)
    for stage in due:
        if any(stage in stages for stages in each.values()):
            seconds[_name(stage)] = max(seconds.get(_name(stage), 0.0), expected_seconds(folder, stage))
    return {name: each[name] for name in sorted(seconds, key=lambda name: -seconds[name])}


def due_stages(folder: Path) -> list[str]:
    """The stages that DVC would run, or bring back from its cache, as far as it can tell before it begins."""
    status = dvc_output(folder, "status", "--json")
    if status is None:
        raise UserError("DVC could not tell what is out of date; see above")
    return [*json.loads(status)]


def stages_of_each(folder: Path) -> dict[str, list[str]]:
    """For each run and each study of seeds in params.yaml its stages, each after those of its own that it reads."""
    pipeline, params = parse_yaml((folder / "dvc.yaml").read_text())["stages"], load_params(folder / PARAMS)
    found: dict[str, list[str]] = {}
    for section in ONE_EACH:
        kinds = _in_order({kind: stage for kind, stage in pipeline.items() if stage["foreach"] == section})
        names = params[section.strip("${}")]
        found |= {name: [f"{kind}@{name}" for kind in kinds] for name in names}
    return found


def _in_order(stages: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Kinds of stages, each after those whose outputs are among its dependencies."""
    made_by = {out: kind for kind, stage in stages.items() for out in _outputs(stage["do"])}
    read = {kind: [made_by[dep] for dep in stage["do"]["deps"] if dep in made_by] for kind, stage in stages.items()}
    return [*TopologicalSorter(read).static_order()]


def _outputs(stage: Mapping[str, Any]) -> list[str]:
    listed = [out for kind in ("outs", "metrics", "plots") for out in stage.get(kind, [])]
    return [path for out in listed for path in ([out] if isinstance(out, str) else out)]


def _kind(stage: str) -> str:
    return stage.split("@")[0]


def _name(stage: str) -> str:
    return stage.partition("@")[2]


def _run(folder: Path, jobs: Mapping[str, Sequence[str]], at_once: int) -> None:
    if not jobs:
        return
    failed = Jobs(folder, jobs, at_once).run()
    if failed:
        raise UserError(f"{len(failed)} of {len(jobs)} failed: {', '.join(failed)}; see above")


def expected_seconds(folder: Path, stage: str) -> float:
    """How long a training took when it was last measured; for ever where it never was: it had better start early. 0 for
    what is no training.
    """
    kind, name = stage.split("@")
    if kind not in TRAINING_STAGES:
        return 0.0
    measured = folder / (f"metrics/{name}.json" if kind == "train" else f"metrics/seeds/{name}.json")
    try:
        return float(json.loads(measured.read_text())["train_seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return math.inf


def places(folder: Path) -> int:
    """How many jobs to run at once: one for each core that this process may use, fewer where a recipe asks for
    several threads; a graphics card trains one after the other.
    """
    params = load_params(folder / PARAMS)
    if resolve_device(params["device"]).type != "cpu":
        return 1
    threads = max((int(recipe["threads"]) for recipe in params["train"].values()), default=1)
    return max(1, cores() // threads)


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Jobs:
    """Stages of the project in `folder` by the name of the job that they make up, `at_once` jobs at a time.

    Each stage by itself (`--single-item`): DVC locks the outputs of all that it goes through on its way.
    """

    def __init__(self, folder: Path, jobs: Mapping[str, Sequence[str]], at_once: int) -> None:
        self._folder, self._jobs, self._at_once = folder, jobs, min(at_once, len(jobs))
        self._threads = str(max(1, cores() // self._at_once))
        self._relay = Relay()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._lock = Lock()  # of what is between a start and the next, and of `_stopped`
        self._stopped = False

    def run(self) -> list[str]:
        """Run them all; returns those that failed. An interrupt, SIGTERM or SIGHUP stops them all."""
        with interrupted_by_signals(), ThreadPoolExecutor(self._at_once) as executor:
            futures = [(job, executor.submit(self._reproduce, job)) for job in self._jobs]
            try:
                return [job for job, future in futures if not future.result()]
            except BaseException:
                self._stop()
                executor.shutdown(wait=True, cancel_futures=True)
                raise

    def _reproduce(self, job: str) -> bool:
        """Run one job to its end, and relay what it says. Returns whether it succeeded."""
        threads = {"OMP_NUM_THREADS": self._threads} | dvc_environment()
        environment = threads | self._relay.environment | {STARTER: str(os.getpid())}
        with self._lock:
            if self._stopped:
                return False
            process = subprocess.Popen(  # noqa: S603
                dvc_command("repro", "--single-item", *self._jobs[job]),
                cwd=self._folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # one signal of ours reaches DVC and its stage, and Ctrl-C us alone
            )
            self._processes.add(process)
        line = Line(self._relay, job)
        try:
            assert process.stdout is not None
            line.follow(process.stdout)
            failed = bool(process.wait())
        finally:
            with self._lock:
                self._processes.discard(process)
            line.close(None if self._stopped else not failed)
        return not failed

    def _stop(self) -> None:
        """Interrupt every stage with its DVC, as Ctrl-C would; kill those that go on."""
        with self._lock:
            self._stopped = True
            running = list(self._processes)
        for process in running:
            _signal_group(process, signal.SIGINT)
        for process in running:
            try:
                process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)


def _signal_group(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # it has just ended


@contextmanager
def interrupted_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP interrupt as Ctrl-C does. What was ignored (a `nohup`) stays so, here, and not in what is
    started: it must be interruptible.
    """

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    def ignore(_: int, __: FrameType | None) -> None:
        return

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    for number, handler in before.items():
        signal.signal(number, ignore if handler is signal.SIG_IGN else interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main() -> None:
    """Reproduce what is due in the working directory."""
    parser = argparse.ArgumentParser(prog="python -m autoencoder.tools.side_by_side", description=__doc__)
    parser.add_argument("--at-once", type=int, help="jobs at a time (default: as many as there are cores)")
    at_once = parser.parse_args().at_once
    if at_once is not None and at_once < 1:
        raise UserError(f"--at-once {at_once}: at least one job at a time")
    run_side_by_side(Path(), at_once)


if __name__ == "__main__":
    run_or_explain(main, "side by side")
