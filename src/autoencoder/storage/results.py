"""What was trained and measured, read again by whoever draws or tells it: of the present weights, or not at all."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autoencoder.storage import paths
from autoencoder.storage.arrays import read_arrays, write_arrays
from autoencoder.storage.files import Record, read_json, write_json
from autoencoder.storage.prepared import Manifest
from autoencoder.storage.provenance import check_weights, digest
from autoencoder.ui.errors import UserError

PCA = "PCA"
NO_RUN = (None, "pca")  # as `run` in a table: the record is of none
WEIGHTS = "weights"  # in a result: the first digits of the SHA-256 of the weights it was measured with
DIGITS = 12


def read_metrics(trainings: Mapping[str, Mapping[str, Any]], manifest: Manifest | None = None) -> dict[str, Record]:
    """The metrics of runs, by name. trainings: what params.yaml says of each (`training_facts`). manifest: of their
    data set, where it is at hand.

    Raises UserError where a run was not evaluated, or with other weights than its present ones, or where those were
    trained with something else than is there now; a clone without weights has the metrics alone, which are believed.
    """
    return {name: _read_metrics_of(name, training, manifest) for name, training in trainings.items()}


def _read_metrics_of(run: str, training: Mapping[str, Any], manifest: Manifest | None) -> Record:
    path = paths.metrics(training["dataset"], run)
    check_weights(paths.weights(run), f"train@{run}", training, manifest)
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
    _check_made_with(path, made_with, paths.weights(run), f"{stage}@{run}")
    return value


def write_result_arrays(path: Path, arrays: Mapping[str, np.ndarray], weights_sha256: str) -> None:
    """Write arrays made from one run by name, as `write_arrays` does, and the weights they were made with."""
    write_arrays(path, {**arrays, WEIGHTS: np.array(weights_sha256[:DIGITS])})


def read_result_arrays(path: Path, run: str, stage: str, *needed: str) -> dict[str, np.ndarray]:
    """What `stage` wrote of `run` with `write_result_arrays`, as it was given. Raises UserError as `read_result` does,
    and where one of `needed` is not there.
    """
    arrays = read_arrays(path, f"python src/{stage}.py {run}", *needed)
    made_with = {str(arrays.pop(WEIGHTS)) if WEIGHTS in arrays else None}
    _check_made_with(path, made_with, paths.weights(run), f"{stage}@{run}")
    return arrays


def write_curve(path: Path, records: Iterable[Record], weights_sha256: Mapping[str, str]) -> None:
    """Write a table of several runs, and in each record of one of them (`run`) the weights it was measured with.

    weights_sha256: of the runs, by name. Records of no run (JPEG, say) are written as they are.
    """
    made_with = {run: {WEIGHTS: sha256[:DIGITS]} for run, sha256 in weights_sha256.items() if run not in NO_RUN}
    write_json(path, [{**row, **made_with.get(str(row.get("run")), {})} for row in records])


def read_curve(dataset: str, name: str) -> list[Record]:
    """A data set's table plots/<dataset>/<name>.json, as it was given to `write_curve`.

    Raises UserError where it is missing, or tells of a run that was measured with other weights than its present ones.
    """
    path = paths.plots(dataset) / f"{name}.json"
    rows: list[Record] = read_json(path, f"python src/curve.py {dataset}")
    made_with: dict[str, set[str | None]] = {}
    for row in rows:
        if row.get("run") not in NO_RUN:
            made_with.setdefault(row["run"], set()).add(row.pop(WEIGHTS, None))
    for run, digits in made_with.items():
        _check_made_with(path, digits, paths.weights(run), f"curve@{dataset}")
    return rows


def write_seed_outcomes(dataset: str, study: str, summary: Record, weights_sha256: Iterable[str]) -> None:
    """Write what became of a study's seeds, flat, and the weights of each: in the order of the seeds, from 0."""
    made_with = {f"seed_{seed}_{WEIGHTS}": sha256[:DIGITS] for seed, sha256 in enumerate(weights_sha256)}
    write_json(paths.seed_outcomes(dataset, study), {**summary, **made_with})


def read_seed_outcomes(dataset: str, study: str) -> Record:
    """What `write_seed_outcomes` was given. Raises UserError where it is missing, or where one of the seeds was
    measured with other weights than its present ones.
    """
    path = paths.seed_outcomes(dataset, study)
    summary: Record = read_json(path, f"python src/evaluate_seeds.py {study}")
    for seed in range(summary["num_seeds"]):
        made_with = {summary.pop(f"seed_{seed}_{WEIGHTS}", None)}
        _check_made_with(path, made_with, paths.seed_weights(study, seed), f"evaluate_seeds@{study}")
    return summary


def read_seeds_learning(dataset: str, study: str) -> list[Record]:
    """The learning curves of a study's seeds, as `evaluate_seeds` wrote them; each record {study, seed, epoch, mse}.

    Raises UserError where they are missing, or of other weights than a seed's present ones.
    """
    path = paths.seeds_learning(dataset, study)
    records: list[Record] = read_json(path, f"python src/evaluate_seeds.py {study}")
    for seed, digits in {(record["seed"], record.pop(WEIGHTS, None)) for record in records}:
        _check_made_with(path, {digits}, paths.seed_weights(study, seed), f"evaluate_seeds@{study}")
    return records


def _check_made_with(path: Path, made_with: set[str | None], weights: Path, stage: str) -> None:
    """Raises UserError where `path` has other first digits of a hash than those of `weights`, if these are there."""
    present = digest(weights)
    if present is not None and made_with - {present[:DIGITS]}:
        raise UserError(f"{path} was measured with other weights than {weights}: dvc repro {stage}")


def read_learning(dataset: str, runs: Iterable[str]) -> list[Record]:
    """The learning curves of a data set's `runs`, one after the other. Raises UserError where a run was not
    evaluated, or with other weights than its present ones.
    """
    return [record for name in runs for record in read_result(paths.learning(dataset, name), name, "evaluate")]


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
