"""Loss over epochs."""

from autoencoder.stages.report.blocks import Block, Figures, Heading, ReportSection, Table, Text
from autoencoder.stages.report.results import DataSet, StudyResults, figure
from autoencoder.stages.report.wording import listing, named_runs, number, plural
from autoencoder.storage.files import Record


def write_section(study: StudyResults) -> ReportSection | None:
    """Loss over epochs."""
    if not study.with_runs:
        return None
    text = (
        "Training error is measured while the weights of the epoch still change, validation error after it. Where the "
        "two part, a network learns its training images by heart."
    )
    blocks: list[Block] = [Text(" ".join([text, *_flattened(study)]))]
    for dataset in study.with_runs:
        blocks += [Heading(dataset.name), *_learning_of(dataset, study)]
    return ReportSection("learning", "Learning curves", tuple(blocks))


def _flattened(study: StudyResults) -> list[str]:
    """What a level end does not mean: where the schedule lowers the learning rate, any curve becomes level."""
    runs = [run for dataset in study.with_runs for run in dataset.runs]
    falling = [run.name for run in runs if run.recipe.schedule != "constant"]
    if not falling:
        return []
    which = "every run" if len(falling) == len(runs) else listing(f"`{name}`" for name in falling)
    return [
        f"The recipe of {which} lowers the learning rate as training goes on, and that alone makes any curve level: a "
        "level end does not say that more epochs would buy nothing. That is seen in a longer training alone."
    ]


def _learning_of(dataset: DataSet, study: StudyResults) -> list[Block]:
    rows = [_course_of_training(run.name, study.learning(run)) for run in dataset.runs]
    each = "; ".join(f"{row['run']} {number(row['first'])} to {number(row['val'])}" for row in rows)
    ahead = [row for row in rows if row["val"] > row["train"]]
    text = (
        f"After the last epoch the validation error is above the training error for {len(ahead)} of "
        f"{plural(len(rows), 'run')}{named_runs(ahead)}."
    )
    picture = figure(
        "curve",
        dataset.name,
        f"{dataset.name}/learning-curves.png",
        f"Line plot of training and validation error over epochs, {dataset.name}; validation MSE from first to last "
        f"epoch: {each}.",
        f"{dataset.name}: error over epochs, both axes logarithmic.",
    )
    head = ("run", "epochs", "val MSE, first epoch", "val MSE, last epoch", "train MSE, last epoch", "val over train")
    cells = tuple(
        (
            row["run"],
            number(row["epochs"]),
            *(number(row[key]) for key in ("first", "val", "train")),
            number(row["val"] / row["train"]) if row["train"] else number(None),
        )
        for row in rows
    )
    return [Text(text), Figures((picture,)), Table(f"{dataset.name}: where the learning curves end", head, cells)]


def _course_of_training(run: str, records: list[Record]) -> Record:
    train, val = ([record for record in records if record["split"] == split] for split in ("train", "val"))
    return {
        "run": run,
        "epochs": val[-1]["epoch"],
        "first": val[0]["mse"],
        "val": val[-1]["mse"],
        "train": train[-1]["mse"],
    }
