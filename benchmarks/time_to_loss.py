"""How long a training takes to a validation loss: ours by the recipe `muon`, the tutorial as written, and PCA's error.

At each latent dimension of the study the rival trains for 12 epochs; how long does ours take to what the rival has
after 1, 5 and 12 of them, and how long until it passes PCA? Ours is told to learn in 1, 2 or 4 epochs: who wants less
asks for less, and a goal counts for the soonest of the three. One training at a time, one after the other, on one core
and on all; the rival on all. What validation takes counts for neither. Prints, and writes benchmarks/time_to_loss.json.
Needs the prepared CIFAR-10, its PCA (`dvc repro baseline@cifar10`) and the `bench` extra.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from autoencoder.measures.pca import read_errors
from autoencoder.storage.files import write_json
from autoencoder.storage.prepared import read_manifest
from autoencoder.tools.side_by_side import cores
from benchmarks.course import Course
from benchmarks.machine import about_machine

LATENT_DIMS, EPOCHS, OUR_EPOCHS = (64, 128, 256, 384), (1, 5, 12), (1, 2, 4)
RESULTS = Path("benchmarks/time_to_loss.json")


def run(who: str, *how: float) -> Course:
    """The course of one training (benchmarks/course.py)."""
    command = [sys.executable, "-m", "benchmarks.course", who, *map(str, how)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return [(seconds, loss) for seconds, loss in json.loads(done.stdout.decode().splitlines()[-1])]


def seconds_to(courses: Sequence[Course], loss: float) -> float | None:
    """When the loss was first as low in the soonest of some trainings; None where it never was."""
    return min(
        (round(seconds, 1) for course in courses for seconds, reached in course if reached <= loss), default=None
    )


def run_ours(latent_dim: int, threads: int, goals: Sequence[float]) -> list[Course]:
    """A training for each of OUR_EPOCHS, until it has reached the lowest goal."""
    return [run("ours", latent_dim, epochs, threads, min(goals)) for epochs in OUR_EPOCHS]


def times(theirs: float | None, ours: float | None) -> float | None:
    """How many times sooner ours was; None where one of them was not measured, or never there."""
    return round(theirs / ours, 1) if theirs and ours else None


def main() -> None:
    """Measure, print, write."""
    records: list[dict[str, object]] = []
    linear = read_errors(read_manifest("cifar10"))
    for latent_dim in LATENT_DIMS:
        theirs = run("rival", latent_dim, max(EPOCHS))
        goals = {f"the rival after {epoch}": theirs[epoch - 1] for epoch in EPOCHS}
        pca = float(linear[latent_dim]["val_mse"])
        lowest = [pca, *(loss for _, loss in goals.values())]
        on_one, on_all = (run_ours(latent_dim, threads, lowest) for threads in (1, cores()))
        for goal, (seconds, loss) in {**goals, "PCA": (None, pca)}.items():
            reached, reached_on_all = seconds_to(on_one, loss), seconds_to(on_all, loss)
            theirs_reached = seconds_to([theirs], loss) if seconds is None else round(seconds, 1)
            record = {
                "latent_dim": latent_dim,
                "goal": goal,
                "val_sse": round(3072 * loss, 2),
                "rival_seconds": theirs_reached,
                "seconds_on_one_core": reached,
                "times_sooner": times(theirs_reached, reached),
                "seconds_on_all_cores": reached_on_all,
                "times_sooner_on_all": times(theirs_reached, reached_on_all),
                # Of a rival that was never there: its whole training, and it would have taken longer.
                "times_sooner_at_least": None
                if theirs_reached
                else times(theirs[-1][0], seconds_to([*on_one, *on_all], loss)),
            }
            records.append(record)
            print("  ".join(f"{key} {value}" for key, value in record.items()), flush=True)
        write_json(RESULTS, [about_machine(), *records])  # each time: a quarter of an hour is in it


if __name__ == "__main__":
    main()
