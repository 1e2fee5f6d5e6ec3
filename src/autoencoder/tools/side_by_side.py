"""The trainings that are due, side by side: a core and a `dvc repro` each, the longest first.

Run as `python -m autoencoder.tools.side_by_side`: prepares the data and trains; plain `dvc repro` then does the rest.
The weights are those of one training after the other, to the byte: a recipe names the threads of its trainings.
"""

import argparse
import json
import math
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, contextmanager
from pathlib import Path
from threading import Lock
from types import FrameType

from autoencoder.config.params import PARAMS, load_params
from autoencoder.models.base.device import resolve_device
from autoencoder.tools import check_trainings
from autoencoder.tools.pipeline import dvc, dvc_command, dvc_environment, dvc_output
from autoencoder.training.starter import STARTER
from autoencoder.ui.command_line import run_or_explain
from autoencoder.ui.errors import UserError
from autoencoder.ui.relay import Line, Relay

TRAINING_STAGES = ("train", "train_seeds")
SECONDS_TO_STOP = 30  # before a training that was asked to stop is killed


def train_side_by_side(folder: Path, at_once: int | None = None) -> None:
    """Prepare the data of the project in `folder`, then run its trainings that are due, `at_once` of them at a time
    (None: as many as there are cores).

    Raises UserError where a training cannot begin, before any does, and where a stage failed; the others are run to
    their end first.
    """
    if dvc(folder, "repro", "prepare"):
        raise UserError("the data could not be prepared; see above")
    due = sorted(due_trainings(folder), key=lambda stage: -expected_seconds(folder, stage))
    if not due:
        return
    with chdir(folder):
        check_trainings.check()
    trainings = Trainings(folder, due, at_once or places(folder))
    failed = trainings.run()
    if failed:
        raise UserError(f"{len(failed)} of {len(due)} trainings failed: {', '.join(failed)}; see above")


def due_trainings(folder: Path) -> list[str]:
    """The training stages that DVC would run, or bring back from its cache."""
    status = dvc_output(folder, "status", "--json")
    if status is None:
        raise UserError("DVC could not tell what is out of date; see above")
    return [stage for stage in json.loads(status) if stage.split("@")[0] in TRAINING_STAGES]


def expected_seconds(folder: Path, stage: str) -> float:
    """How long the training took when it was last measured; for ever where it never was: it had better start early."""
    kind, name = stage.split("@")
    measured = folder / (f"metrics/{name}.json" if kind == "train" else f"metrics/seeds/{name}.json")
    try:
        return float(json.loads(measured.read_text())["train_seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return math.inf


def places(folder: Path) -> int:
    """How many trainings to run at once: one for each core that this process may use, fewer where a recipe asks for
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


class Trainings:
    """The training stages `due` of the project in `folder`, `at_once` of them at a time."""

    def __init__(self, folder: Path, due: Sequence[str], at_once: int) -> None:
        self._folder, self._due, self._at_once = folder, due, min(at_once, len(due))
        self._relay = Relay()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._lock = Lock()  # of what is between a start and the next, and of `_stopped`
        self._stopped = False

    def run(self) -> list[str]:
        """Run them all; returns those that failed. An interrupt, SIGTERM or SIGHUP stops them all."""
        with interrupted_by_signals(), ThreadPoolExecutor(self._at_once) as executor:
            futures = [(stage, executor.submit(self._train, stage)) for stage in self._due]
            try:
                return [stage for stage, future in futures if not future.result()]
            except BaseException:
                self._stop()
                executor.shutdown(wait=True, cancel_futures=True)
                raise

    def _train(self, stage: str) -> bool:
        """Run one stage to its end, and relay what it says. Returns whether it succeeded."""
        environment = dvc_environment() | self._relay.environment | {STARTER: str(os.getpid())}
        with self._lock:
            if self._stopped:
                return False
            process = subprocess.Popen(  # noqa: S603
                dvc_command("repro", "--single-item", stage),
                cwd=self._folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # one signal of ours reaches DVC and the training, and Ctrl-C us alone
            )
            self._processes.add(process)
        line = Line(self._relay, stage)
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
        """Interrupt every training with its DVC, as Ctrl-C would; kill those that go on."""
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
    """Train what is due in the working directory."""
    parser = argparse.ArgumentParser(prog="python -m autoencoder.tools.side_by_side", description=__doc__)
    parser.add_argument("--at-once", type=int, help="trainings at a time (default: as many as there are cores)")
    at_once = parser.parse_args().at_once
    if at_once is not None and at_once < 1:
        raise UserError(f"--at-once {at_once}: at least one training at a time")
    train_side_by_side(Path(), at_once)


if __name__ == "__main__":
    run_or_explain(main, "side by side")
