"""How many images a second training learns from: ours, one run and two side by side, against the tutorial as written.

The contenders take turns, round after round, each in processes of its own, so that a machine whose speed drifts slows
all alike; on a machine left alone, and beside a process that keeps one core busy. Prints medians, spread and the ratio
to the rival, and writes benchmarks/training_speed.json. Needs the prepared CIFAR-10 (`dvc repro prepare@cifar10`) and
the `bench` extra.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autoencoder.storage.files import write_json
from benchmarks.machine import about_machine

LATENT_DIM, SECONDS, ROUNDS = 384, 12.0, 3
# Who, by which recipe, and how many such runs at once.
CONTENDERS = {
    "the tutorial as written": ("rival", 1),
    "the tutorial's recipe, one run": ("tutorial", 1),
    "the tutorial's recipe, two side by side": ("tutorial", 2),
    "recipe muon, one run": ("muon", 1),
    "recipe muon, two side by side": ("muon", 2),
}
RIVAL = next(iter(CONTENDERS))


def measure(who: str, at_once: int) -> float:
    """Images a second of so many runs at once, all together."""
    command = [sys.executable, "-m", "benchmarks.contender", who, str(LATENT_DIM), str(SECONDS)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(at_once)]
    lines = [process.communicate()[0].decode().splitlines() for process in processes]
    assert all(process.returncode == 0 for process in processes), who
    return sum(float(json.loads(of_process[-1])["images_per_second"]) for of_process in lines)


@contextmanager
def load(busy: bool) -> Iterator[None]:
    """A process that keeps one core busy, or none."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if busy else None
    try:
        yield
    finally:
        if process:
            process.kill()
            process.wait()


def main() -> None:
    """Measure, print, write."""
    about = {**about_machine(), "rounds": ROUNDS}
    records = []
    for busy in (False, True):
        rates: dict[str, list[float]] = {name: [] for name in CONTENDERS}
        with load(busy):
            for _ in range(ROUNDS):
                for name, contender in CONTENDERS.items():
                    rates[name].append(measure(*contender))
        for name, seen in rates.items():
            ratios = [mine / theirs for mine, theirs in zip(seen, rates[RIVAL], strict=True)]
            record = {
                "contender": name,
                "one_core_busy": busy,
                "images_per_second": round(statistics.median(seen)),
                "least": round(min(seen)),
                "most": round(max(seen)),
                "times_the_rival": round(statistics.median(ratios), 2),
            }
            records.append(record)
            print("  ".join(f"{key} {value}" for key, value in record.items()), flush=True)
    write_json(Path("benchmarks/training_speed.json"), [about, *records])


if __name__ == "__main__":
    main()
