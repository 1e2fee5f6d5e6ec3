"""What is due of the pipeline, side by side: a core and a `dvc repro` each, the longest training first.

Run as `python -m autoencoder.tools.side_by_side`: prepares the data, trains, measures and draws each run, and draws
each data set's curves, and writes the pages; plain `dvc repro` then does what is left. Every file is that of one stage
after the other, to the byte: a recipe names the threads of its trainings, and what is measured is the same with any
number of them.
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
from threading import Condition
from types import FrameType
from typing import Any, NamedTuple

from autoencoder.config.names import PAGES
from autoencoder.config.params import PARAMS, load_params, parse_yaml
from autoencoder.models.base.device import resolve_device
from autoencoder.storage import paths
from autoencoder.tools import check_trainings
from autoencoder.tools.pipeline import dvc, dvc_command, dvc_environment, dvc_output
from autoencoder.training.starter import STARTER
from autoencoder.ui.command_line import run_or_explain
from autoencoder.ui.errors import UserError
from autoencoder.ui.relay import Line, Relay

TRAINING_STAGES = ("train", "train_seeds")
FIRST_STAGES = ("baseline", "diagram")  # what needs no run
LAST_STAGES = {"curve": "prepare", "advise": "advise"}  # what needs all of a data set's runs; and where it is named
ONE_EACH = ("${runs}", "${seeds}")  # the sections of params.yaml whose every entry has stages of its own
SECONDS_TO_STOP = 30  # before a job that was asked to stop is killed


class Job(NamedTuple):
    """Stages that are done one after the other, once the jobs named in `after` are done."""

    stages: Sequence[str]
    after: Sequence[str] = ()


def run_side_by_side(folder: Path, at_once: int | None = None) -> None:
    """Reproduce the project in `folder`, `at_once` jobs at a time (None: as many as there are cores).

    Raises UserError where a training cannot begin, before any does, and where a job failed; the others are run to
    their end first, but for those that need it.
    """
    if dvc(folder, "repro", "prepare"):
        raise UserError("the data could not be prepared; see above")
    due = due_stages(folder)
    if any(_kind(stage) in TRAINING_STAGES for stage in due):
        with chdir(folder):
            check_trainings.check()
    jobs = due_jobs(folder, due)
    if not jobs:
        return
    failed, left = Jobs(folder, jobs, at_once or places(folder)).run()
    if failed:
        not_begun = f"; not begun: {', '.join(left)}" if left else ""
        raise UserError(f"{len(failed)} of {len(jobs)} failed: {', '.join(failed)}; see above{not_begun}")


def due_jobs(folder: Path, due: Sequence[str]) -> dict[str, Job]:
    """What is to be done by name: what is measured of the data alone; each run and each study of seeds that has a stage
    among those due, from its training to its pictures, the longest training first, those that need none last; the
    curves of each data set that has any of these, and what is told of it; the pages.
    """
    params, each = load_params(folder / PARAMS), stages_of_each(folder)
    first = {stage: Job([stage]) for stage in due if _kind(stage) in FIRST_STAGES}
    seconds: dict[str, float] = {}
    for stage in due:
        if stage in each.get(_name(stage), ()):
            seconds[_name(stage)] = max(seconds.get(_name(stage), 0.0), expected_seconds(folder, stage))
    lines = {name: line for section in ONE_EACH for name, line in (params[section.strip("${}")] or {}).items()}
    runs = {}
    # Of those that were never measured a nested run takes longest: it is evaluated at many numbers of latents.
    for name in sorted(seconds, key=lambda name: (-seconds[name], not lines[name].get("nested"))):
        data = f"baseline@{lines[name]['dataset']}"
        runs[name] = Job(each[name], [data] if data in first else [])
    jobs = first | runs
    for kind, section in LAST_STAGES.items():
        for dataset in params.get(section) or ():
            stage, own = f"{kind}@{dataset}", [name for name in jobs if _dataset(name, lines) == dataset]
            if own or stage in due:
                jobs[stage] = Job([stage], own)
    # A page depends on the folders of all metrics and plots: made while another is written there, it would be out of
    # date at once.
    pages = [f"{page}@{name}" for page in PAGES for name in params.get(page) or ()]
    return jobs | {stage: Job([stage], [*jobs]) for stage in pages if jobs or stage in due}


def _dataset(job: str, lines: Mapping[str, Mapping[str, Any]]) -> str:
    """The data set of a job: that of its run or study, or the one that its stage names."""
    return str(lines[job]["dataset"]) if job in lines else _name(job)


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


def expected_seconds(folder: Path, stage: str) -> float:
    """How long a training took when it was last measured; for ever where it never was: it had better start early. 0 for
    what is no training.
    """
    kind, name = stage.split("@")
    if kind not in TRAINING_STAGES:
        return 0.0
    section, measured = ("runs", name) if kind == "train" else ("seeds", f"seeds/{name}")
    try:
        dataset = load_params(folder / PARAMS)[section][name]["dataset"]
        return float(json.loads((folder / paths.metrics(dataset, measured)).read_text())["train_seconds"])
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
    """Jobs by name in the project in `folder`, `at_once` at a time; of those that may begin the first begins first.

    Each stage by itself (`--single-item`): DVC locks the outputs of all that it goes through on its way.
    """

    def __init__(self, folder: Path, jobs: Mapping[str, Job], at_once: int) -> None:
        self._folder, self._jobs, self._at_once = folder, jobs, min(at_once, len(jobs))
        self._threads = str(max(1, cores() // self._at_once))
        self._relay = Relay()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._waiting, self._succeeded = list(jobs), dict[str, bool]()
        self._changed = Condition()  # guards all that changes: the two above, `_processes`, `_stopped`
        self._stopped = False

    def run(self) -> tuple[list[str], list[str]]:
        """Run them all. Returns those that failed, and those that did not begin, since they come after one that did. An
        interrupt, SIGTERM or SIGHUP stops them all.
        """
        with interrupted_by_signals(), ThreadPoolExecutor(self._at_once) as executor:
            places = [executor.submit(self._fill_a_place) for _ in range(self._at_once)]
            try:
                for place in places:
                    place.result()
            except BaseException:
                self._stop()
                raise
        return [job for job in self._jobs if self._succeeded.get(job) is False], self._waiting

    def _fill_a_place(self) -> None:
        while (job := self._next()) is not None:
            succeeded = False
            try:
                succeeded = self._reproduce(job)
            finally:
                with self._changed:
                    self._succeeded[job] = succeeded
                    self._changed.notify_all()

    def _next(self) -> str | None:
        """The first job whose turn it is; waits for it. None where no other will ever come."""
        with self._changed:
            while not self._stopped:
                for job in self._waiting:
                    if all(self._succeeded.get(other) for other in self._jobs[job].after):
                        self._waiting.remove(job)
                        return job
                if len(self._waiting) + len(self._succeeded) == len(self._jobs):
                    break  # nothing runs that another could wait for
                self._changed.wait()
        return None

    def _reproduce(self, job: str) -> bool:
        """Run one job to its end, and relay what it says. Returns whether it succeeded."""
        threads = {"OMP_NUM_THREADS": self._threads} | dvc_environment()
        environment = threads | self._relay.environment | {STARTER: str(os.getpid())}
        with self._changed:
            if self._stopped:
                return False
            process = subprocess.Popen(  # noqa: S603
                dvc_command("repro", "--single-item", *self._jobs[job].stages),
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
            with self._changed:
                self._processes.discard(process)
            line.close(None if self._stopped else not failed)
        return not failed

    def _stop(self) -> None:
        """Interrupt every stage with its DVC, as Ctrl-C would; kill those that go on."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
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
