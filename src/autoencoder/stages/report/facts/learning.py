"""Loss over epochs."""

from typing import Any

from autoencoder.stages.report.charts import make_chart
from autoencoder.stages.report.parts import Table
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.wording import number
from autoencoder.storage.files import Record


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Nothing where the study has no run."""
    runs = [run for dataset in study.with_runs for run in dataset.runs]
    if not runs:
        return None
    # Where the schedule lowers the learning rate any curve becomes level.
    falling = [run.name for run in runs if run.recipe.schedule != "constant"]
    return {"falling": falling, "num_runs": len(runs), "datasets": [_dataset(d, study) for d in study.with_runs]}


def _dataset(dataset: DataSet, study: StudyResults) -> dict[str, Any]:
    rows = [course_of_training(run.name, study.learning(run)) for run in dataset.runs]
    each = "; ".join(f"{row['run']} {number(row['first'])} to {number(row['val'])}" for row in rows)
    alt = f"Training and validation error over epochs, {dataset.name}; validation MSE from first to last epoch: {each}."
    anchor = f"chart-{dataset.name}-learning-curves"
    return {
        "name": dataset.name,
        "num_runs": len(rows),
        "ahead": [row for row in rows if row["val"] > row["train"]],
        "curves": make_chart("learning-curves", anchor, study.plotted(dataset, "learning-curves"), alt),
        "ends": _ends(dataset.name, rows),
    }


def course_of_training(run: str, records: list[Record]) -> Record:
    """Where a run's learning curve begins and ends: {run, epochs, first, val, train}, the MSEs."""
    train, val = ([record for record in records if record["split"] == split] for split in ("train", "val"))
    return {
        "run": run,
        "epochs": val[-1]["epoch"],
        "first": val[0]["mse"],
        "val": val[-1]["mse"],
        "train": train[-1]["mse"],
    }


def _ends(dataset: str, rows: list[Record]) -> Table:
    columns = {
        "run": [row["run"] for row in rows],
        "epochs": [number(row["epochs"]) for row in rows],
        "val MSE, first epoch": [number(row["first"]) for row in rows],
        "val MSE, last epoch": [number(row["val"]) for row in rows],
        "train MSE, last epoch": [number(row["train"]) for row in rows],
        "val over train": [number(row["val"] / row["train"] if row["train"] else None) for row in rows],
    }
    return Table.of_columns(f"{dataset}: where the learning curves end", columns)
