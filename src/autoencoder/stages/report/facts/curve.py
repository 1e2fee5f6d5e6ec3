"""Error over latent dimension: trends, and the tables behind the curve."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from autoencoder.config.runs import Run
from autoencoder.stages.report.parts import Table
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.wording import MISSING, device, number, over_seeds, percent
from autoencoder.storage.files import Record


def gather(study: StudyResults) -> dict[str, Any]:
    """A part for each data set, also where no run is of it."""
    return {"datasets": [_dataset(dataset, study) for dataset in study.datasets]}


def _dataset(dataset: DataSet, study: StudyResults) -> dict[str, Any]:
    rows = study.metrics_of_runs(dataset)
    found: dict[str, Any] = {"name": dataset.name, "runs": rows, "families": []}
    if rows:
        spread = study.spread(dataset)
        several = [family for family in dataset.families if len({run.latent_dim for run in family}) > 1]
        found["families"] = [_family(family, study, spread) for family in several]
        found |= {"errors": _errors(dataset, rows, spread), "trainings": _trainings(dataset, rows)}
    return found


def _family(family: list[Run], study: StudyResults, spread: Mapping[str, Record]) -> dict[str, Any]:
    dims, sse = [run.latent_dim for run in family], [study.metrics(run)["test_sse"] for run in family]
    shares = sorted(
        spread[run.name]["std_test_sse"] / spread[run.name]["mean_test_sse"] for run in family if run.name in spread
    )
    return {
        "model": family[0].model,
        "dims": dims,
        "sse": sse,
        "doubling": per_doubling(dims, sse),
        "spread": (shares[0], shares[-1]) if shares else None,
        **beside_pca([study.metrics(run) for run in family]),
    }


def beside_pca(rows: Sequence[Record]) -> dict[str, list[int]]:
    """At which latent dimensions runs leave less error than PCA, and at which they do not; where it has so many."""
    known = [row for row in rows if row["pca_test_sse"] is not None]
    return {
        "below": [row["latent_dim"] for row in known if row["test_sse"] < row["pca_test_sse"]],
        "above": [row["latent_dim"] for row in known if row["test_sse"] >= row["pca_test_sse"]],
    }


def per_doubling(latent_dims: list[int], errors: list[float]) -> tuple[float, float] | None:
    """What a doubling of the latent dimension multiplies the error by, between neighbors: least and most. None where a
    dimension is there twice or an error is 0.
    """
    if len(set(latent_dims)) < len(latent_dims) or min(errors) <= 0:
        return None
    points = pairwise(zip(latent_dims, errors, strict=True))
    factors = sorted(float((e1 / e0) ** (1 / math.log2(d1 / d0))) for (d0, e0), (d1, e1) in points)
    return factors[0], factors[-1]


def _errors(dataset: DataSet, rows: list[Record], spread: Mapping[str, Record]) -> Table:
    columns = {
        "run": [row["run"] for row in rows],
        "model": [row["model"] for row in rows],
        "numbers": [number(row["latent_dim"]) for row in rows],
        "of the input": [percent(row["compression"]) for row in rows],
        "test SSE": [number(row["test_sse"]) for row in rows],
        "over seeds": [over_seeds(spread[row["run"]]) if row["run"] in spread else MISSING for row in rows],
        "PCA test SSE": [number(row["pca_test_sse"]) for row in rows],
        "val SSE": [number(row["val_sse"]) for row in rows],
        "test MSE": [number(row["test_mse"]) for row in rows],
        "PCA test MSE": [number(row["pca_test_mse"]) for row in rows],
        "PSNR (dB)": [number(row["test_psnr_db"]) for row in rows],
        "SSIM": [number(row["test_ssim"]) for row in rows],
    }
    return Table.of_columns(f"{dataset.name}: errors, values in {rows[0]['value_range']}", columns, num_text=2)


def _trainings(dataset: DataSet, rows: list[Record]) -> Table:
    columns = {
        "run": [row["run"] for row in rows],
        "device": [device(row["device"]) for row in rows],
        "arithmetic": [str(row["precision"]) for row in rows],
        "parameters": [number(row["num_parameters"]) for row in rows],
        "multiply-adds an image": [number(row["multiply_adds"]) for row in rows],
        "epochs": [number(row["num_epochs"]) for row in rows],
        "best epoch": [number(row["best_epoch"]) for row in rows],
        "minutes": [f"{row['train_seconds'] / 60:,.1f}" for row in rows],
        "images a second": [number(round(row["images_per_second"])) for row in rows],
        "seed": [str(row["seed"]) for row in rows],
    }
    return Table.of_columns(f"{dataset.name}: trainings", columns, num_text=3)
