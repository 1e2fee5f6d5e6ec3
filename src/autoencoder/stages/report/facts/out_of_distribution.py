"""Pictures unlike any of the data set."""

from collections.abc import Sequence
from typing import Any

from autoencoder.stages.report.charts import make_chart
from autoencoder.stages.report.parts import Table, run_figure
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.wording import listing, number
from autoencoder.storage.files import Record

TEST = "test_mse"


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Nothing where the study has no run."""
    return {"datasets": [_dataset(d, study) for d in study.with_runs]} if study.with_runs else None


def _dataset(dataset: DataSet, study: StudyResults) -> dict[str, Any]:
    errors = {run.name: study.read("ood", run.name) | {TEST: study.metrics(run)[TEST]} for run in dataset.runs}
    patterns = [key for key in next(iter(errors.values())) if key != TEST]
    worst = {run: _worst(row, patterns) for run, row in errors.items()}
    families = []
    for family in dataset.families:
        last, dims = errors[family[-1].name], [run.latent_dim for run in family]
        has_trend = len(set(dims)) > 1 and "noise_mse" in last
        families.append(
            {
                "last": family[-1].name,
                "worst": worst[family[-1].name],
                "dims": dims,
                "noise": [errors[run.name]["noise_mse"] for run in family] if has_trend else None,
            }
        )
    pictures = []
    for run in study.pictured(dataset):
        each = listing(f"{called(key)} {number(errors[run.name][key])}" for key in patterns)
        alt = f"Hand-drawn patterns and noise over their reconstructions by {run.name}. Mean squared errors: {each}."
        pictures.append(run_figure(run, "out-of-distribution.png", alt, _errors(errors[run.name], patterns)))
    told = [
        f"{run}: {worst[run]['name']} {number(worst[run]['mse'])}, test {number(worst[run]['test_mse'])}"
        for run in (family[-1].name for family in dataset.families)
    ]
    overview = make_chart(
        "out-of-distribution",
        f"chart-{dataset.name}-out-of-distribution",
        study.plotted(dataset, "out-of-distribution"),
        f"Error over latent dimension, {dataset.name}, a line a pattern and one for test images. {'; '.join(told)}.",
    )
    columns = {
        "pictures": [called(key) for key in [*patterns, TEST]],
        **{run: [number(row[key]) for key in [*patterns, TEST]] for run, row in errors.items()},
    }
    table = Table.of_columns(f"{dataset.name}: mean squared error a value", columns)
    return {
        "name": dataset.name,
        "families": families,
        "worst": worst,
        "overview": overview,
        "pictures": pictures,
        "table": table,
    }


def _errors(errors: Record, patterns: Sequence[str]) -> list[Record]:
    return [{"pictures": called(key), "mse": errors[key]} for key in [*patterns, TEST]]


def _worst(errors: Record, patterns: Sequence[str]) -> dict[str, Any]:
    """The pattern that a run gives back worst, beside test images."""
    key = max(patterns, key=lambda pattern: float(errors[pattern]))
    return {"name": called(key), "mse": errors[key], "test_mse": errors[TEST]}


def called(key: str) -> str:
    """A pattern's name as words."""
    return "test images" if key == TEST else key.removesuffix("_mse").replace("_", " ")
