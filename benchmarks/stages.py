"""What a user waits for beside training: each stage, DVC with nothing to do, the demo, and the start of each script.

Runs every stage but the trainings once more on what is there (it writes the same bytes), those of a run with the first
one of CIFAR-10; measures seconds and peak memory. So it does of an epoch of each network's largest run and of its
nested one, in a scratch folder. Then `dvc status`, `dvc repro` with nothing to do, and each script's `--help`, which is
its imports; the medians of several. Last the demo, and `dvc repro` after `dvc pull` in a fresh clone of the last
commit, once each. Prints, and writes benchmarks/stages.json. Needs the study (`make reproduce`, or `make weights`
before it), and the data's files again (AUTOENCODER_DOWNLOADS, or the network).
"""

import os
import statistics
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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


def once(what: str, *command: str) -> Record:
    """Seconds and peak memory of one run of a command."""
    seconds, megabytes = waited(*command)
    return {"what": what, "seconds": round(seconds, 1), "least": None, "most": None, "peak_mb": round(megabytes)}


def stages(pipeline: Record, params: Record) -> dict[str, str]:
    """Each stage but the trainings that has something to do, with what it is run with: of CIFAR-10, where it can be.

    pipeline: the `stages` of dvc.yaml.
    """
    names = {}
    for stage, value in pipeline.items():
        entries = params.get(value["foreach"].strip("${}")) or {}
        of_dataset = [name for name, entry in entries.items() if DATASET in (name, _get(entry, "dataset"))]
        if stage not in NOT_RUN and entries:
            names[stage] = (of_dataset or list(entries))[0]
    return names


def largest(params: Record) -> list[str]:
    """Of each network of CIFAR-10 the run with most latents, and of its nested ones."""
    runs = {name: run for name, run in params["runs"].items() if run["dataset"] == DATASET}
    by_kind: dict[tuple[str, bool], str] = {}
    for name, run in runs.items():
        kind = run["model"], bool(run.get("nested"))
        by_kind[kind] = max(by_kind.get(kind, name), name, key=lambda each: int(runs[each]["latent_dim"]))
    return list(by_kind.values())


def train_an_epoch(run: str, params: Record) -> Record:
    """What one epoch takes, with all around it, in a scratch folder."""
    here = Path.cwd()
    with TemporaryDirectory() as folder, chdir(folder):
        for shared in ("src", "data"):
            Path(shared).symlink_to(here / shared)
        short = {**params, "runs": {run: {**params["runs"][run], "epochs": 1}}}
        Path("params.yaml").write_text(yaml.safe_dump(short, sort_keys=False))
        return once(f"train {run}, one epoch", sys.executable, "src/train.py", run)


def demo() -> Record:
    """What `make demo` does after installing, from nothing."""
    with TemporaryDirectory() as folder:
        command = ("-m", "autoencoder.tools.workspace", str(Path(folder) / "demo"), "params.demo.yaml")
        return once("make demo, after installing", sys.executable, *command)


def after_pull() -> Record:
    """`dvc repro` in a fresh clone with the weights that the repository keeps."""
    with TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "--quiet", ".", folder], check=True)
        with chdir(folder):
            subprocess.run(["dvc", "pull", "--quiet"], check=True)
            return once("dvc repro, after dvc pull in a fresh clone", "dvc", "repro")


def _get(entry: object, key: str) -> object:
    return entry.get(key) if isinstance(entry, dict) else None


def several(what: str, *command: str) -> Record:
    """The median of a few, the least and the most, and the peak memory."""
    measured = [waited(*command) for _ in range(REPEATS)]
    seconds = [round(each, 2) for each, _ in measured]
    spread = {"seconds": statistics.median(seconds), "least": min(seconds), "most": max(seconds)}
    return {"what": what, **spread, "peak_mb": round(max(megabytes for _, megabytes in measured))}


def main() -> None:
    """Measure, print, write."""
    params: Record = yaml.safe_load(Path("params.yaml").read_text())
    pipeline: dict[str, Any] = yaml.safe_load(Path("dvc.yaml").read_text())["stages"]
    # For DVC, and for the stages that it runs.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    records: list[Record] = []

    def keep(record: Record) -> None:
        records.append(record)
        print("  ".join(f"{key} {value}" for key, value in record.items()), flush=True)

    for stage, name in stages(pipeline, params).items():
        keep(once(f"{stage} {name}", sys.executable, f"src/{stage}.py", name))
    for run in largest(params):
        keep(train_an_epoch(run, params))
    for command in (("dvc", "status"), ("dvc", "repro")):
        keep(several(f"{' '.join(command)}, nothing to do", *command))
    for script in sorted([*pipeline, *COMMANDS]):
        keep(several(f"python src/{script}.py --help", sys.executable, f"src/{script}.py", "--help"))
    keep(demo())
    keep(after_pull())
    write_json(RESULTS, [about_machine(), *records])


if __name__ == "__main__":
    main()
