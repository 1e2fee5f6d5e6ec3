"""What was trained and measured, read again by whoever draws or tells it: of the present weights, or not at all."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autoencoder.storage import paths
from autoencoder.storage.files import Record, read_json, write_json
from autoencoder.storage.provenance import digest
from autoencoder.ui.errors import UserError

PCA = "PCA"
WEIGHTS = "weights"  # in a result: the first digits of the SHA-256 of the weights it was measured with
DIGITS = 12


def read_metrics(runs: Iterable[str]) -> dict[str, Record]:
    """The metrics of `runs`, by name. Raises UserError where a run was not evaluated, or with other weights than its
    present ones; a clone without weights has the metrics alone, and they are believed.
    """
    return {name: _read_metrics_of(name) for name in runs}


def _read_metrics_of(run: str) -> Record:
    path = paths.metrics(run)
    metrics: Record = read_json(path, f"python src/evaluate.py {run}")
    present = digest(paths.weights(run))
    if present not in (None, metrics.get("weights_sha256")):
        raise UserError(f"{path} was measured with other weights than {paths.weights(run)}: dvc repro evaluate@{run}")
    return metrics


def write_result(path: Path, value: Record | list[Record], weights_sha256: str) -> None:
    """Write what was measured of one run, an object or a list of them, and in each the weights it was measured with."""
    made_with = {WEIGHTS: weights_sha256[:DIGITS]}
    write_json(path, [{**row, **made_with} for row in value] if isinstance(value, list) else {**value, **made_with})


def read_result(path: Path, run: str, stage: str) -> Any:
    """What `stage` wrote of `run` with `write_result`, as it was given.

    Raises UserError where it is missing or was measured with other weights than the run's present ones.
    """
    value: Record | list[Record] = read_json(path, f"python src/{stage}.py {run}")
    rows = value if isinstance(value, list) else [value]
    made_with = {row.pop(WEIGHTS, None) for row in rows}
    present = digest(paths.weights(run))
    if present is not None and made_with - {present[:DIGITS]}:
        raise UserError(f"{path} was measured with other weights than {paths.weights(run)}: dvc repro {stage}@{run}")
    return value


def read_learning(runs: Iterable[str]) -> list[Record]:
    """The learning curves of `runs`, one after the other. Raises UserError where a run was not evaluated."""
    return [record for name in runs for record in read_json(paths.learning(name), f"python src/evaluate.py {name}")]


def read_history(run: str) -> Record:
    """How the run was trained. Raises UserError where that is missing, or told of other weights than the present."""
    path, weights = paths.history(run), paths.weights(run)
    history: Record = read_json(path, f"python src/train.py {run}")
    if digest(weights) not in (None, history.get("weights_sha256")):
        raise UserError(f"{path} tells of other weights than {weights}; train again: dvc repro --force train@{run}")
    return history


def read_seeds_history(study: str) -> Record:
    """How the study's seeds were trained. Raises UserError as `read_history` does."""
    path = paths.seeds_history(study)
    history: Record = read_json(path, f"python src/train_seeds.py {study}")
    for seed in history["seeds"]:
        weights = paths.seed_weights(study, seed["seed"])
        if digest(weights) not in (None, seed.get("weights_sha256")):
            again = f"dvc repro --force train_seeds@{study}"
            raise UserError(f"{path} tells of other weights than {weights}; train again: {again}")
    return history
