"""How long a training takes to a validation loss: ours by the default recipe, the tutorial as written, and PCA's error.

At each latent dimension of the study the rival trains for 12 epochs; how long does ours take to what the rival has
after 1, 5 and 12 of them, and how long until it passes PCA? One run each at a time, one after the other: ours on one
core, the rival on all. What validation takes counts for neither. Prints, and writes benchmarks/time_to_loss.json.
Needs the prepared CIFAR-10, its PCA (`dvc repro baseline@cifar10`) and the `bench` extra.
"""

import json
import subprocess
import sys
from pathlib import Path

from autoencoder.measures.pca import read_errors
from autoencoder.storage.files import write_json
from autoencoder.storage.prepared import read_manifest
from benchmarks.course import Course
from benchmarks.machine import about_machine

LATENT_DIMS, EPOCHS = (64, 128, 256, 384), (1, 5, 12)
RESULTS = Path("benchmarks/time_to_loss.json")


def run(who: str, latent_dim: int, until: float) -> Course:
    """The course of one training (benchmarks/course.py)."""
    command = [sys.executable, "-m", "benchmarks.course", who, str(latent_dim), str(until)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return [(seconds, loss) for seconds, loss in json.loads(done.stdout.decode().splitlines()[-1])]


def seconds_to(course: Course, loss: float) -> float | None:
    """When the loss was first as low; None where it never was."""
    return next((round(seconds, 1) for seconds, reached in course if reached <= loss), None)


def main() -> None:
    """Measure, print, write."""
    records: list[dict[str, object]] = []
    linear = read_errors(read_manifest("cifar10"))
    for latent_dim in LATENT_DIMS:
        theirs = run("rival", latent_dim, max(EPOCHS))
        goals = {f"the rival after {epoch}": theirs[epoch - 1] for epoch in EPOCHS}
        pca = float(linear[latent_dim]["val_mse"])
        ours = run("ours", latent_dim, min(pca, *(loss for _, loss in goals.values())))
        for goal, (seconds, loss) in {**goals, "PCA": (None, pca)}.items():
            reached = seconds_to(ours, loss)
            theirs_reached = seconds_to(theirs, loss) if seconds is None else round(seconds, 1)
            record = {
                "latent_dim": latent_dim,
                "goal": goal,
                "val_sse": round(3072 * loss, 2),
                "rival_seconds": theirs_reached,
                "our_seconds": reached,
                "times_sooner": round(theirs_reached / reached, 1) if theirs_reached and reached else None,
            }
            records.append(record)
            print("  ".join(f"{key} {value}" for key, value in record.items()), flush=True)
        write_json(RESULTS, [about_machine(), *records])  # each time: a quarter of an hour is in it


if __name__ == "__main__":
    main()
