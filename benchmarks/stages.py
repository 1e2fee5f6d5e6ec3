"""What a user waits for beside training: each stage, DVC with nothing to do, and the start of each script.

Runs every stage but the trainings once more on what is there (it writes the same bytes), those of a run with the first
one of CIFAR-10; measures seconds and peak memory. Then `dvc status`, `dvc repro` with nothing to do, and each script's
`--help`, which is its imports; the medians of several. Prints, and writes benchmarks/stages.json. Needs the study
(`make reproduce`, or `make weights` before it).
"""

import statistics
import subprocess
import sys
from pathlib import Path

import yaml

from autoencoder.storage.files import Record, write_json
from benchmarks.machine import about_machine

RESULTS = Path("benchmarks/stages.json")
DATASET, REPEATS = "cifar10", 3
NOT_RUN = {"train", "train_seeds"}
COMMANDS = ("search", "encode", "decode", "export")  # scripts that are no stages


# In a small process of its own: a new process counts the memory of the one it came from as its own peak.
WATCHED = """
import os, subprocess, sys, time
start = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=sys.stderr)
_, status, usage = os.wait4(process.pid, 0)
print(time.perf_counter() - start, usage.ru_maxrss / 1024)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def waited(*command: str) -> tuple[float, float]:
    """Seconds, and peak memory in MB, of a command that has to succeed."""
    done = subprocess.run([sys.executable, "-S", "-c", WATCHED, *command], stdout=subprocess.PIPE, check=True)
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


def stages() -> dict[str, str]:
    """Each stage but the trainings, with the name that it is run with: of CIFAR-10, where it can be."""
    params = yaml.safe_load(Path("params.yaml").read_text())
    names = {}
    for stage, value in yaml.safe_load(Path("dvc.yaml").read_text())["stages"].items():
        entries = params[value["foreach"].strip("${}")]
        of_dataset = [name for name, entry in entries.items() if DATASET in (name, _get(entry, "dataset"))]
        if stage not in NOT_RUN:
            names[stage] = (of_dataset or list(entries))[0]
    return names


def _get(entry: object, key: str) -> object:
    return entry.get(key) if isinstance(entry, dict) else None


def several(*command: str) -> Record:
    """The median of a few, and the least and most."""
    seconds = [waited(*command)[0] for _ in range(REPEATS)]
    return {
        "seconds": round(statistics.median(seconds), 2),
        "least": round(min(seconds), 2),
        "most": round(max(seconds), 2),
    }


def main() -> None:
    """Measure, print, write."""
    records: list[Record] = []

    def keep(record: Record) -> None:
        records.append(record)
        print("  ".join(f"{key} {value}" for key, value in record.items()), flush=True)

    for stage, name in stages().items():
        seconds, megabytes = waited(sys.executable, f"src/{stage}.py", name)
        keep({"what": f"{stage} {name}", "seconds": round(seconds, 1), "peak_mb": round(megabytes)})
    for command in (("dvc", "status"), ("dvc", "repro")):
        keep({"what": f"{' '.join(command)}, nothing to do", **several(*command)})
    for script in sorted([*stages(), *NOT_RUN, *COMMANDS]):
        keep({"what": f"python src/{script}.py --help", **several(sys.executable, f"src/{script}.py", "--help")})
    write_json(RESULTS, [about_machine(), *records])


if __name__ == "__main__":
    main()
