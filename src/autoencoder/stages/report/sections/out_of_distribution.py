"""Pictures unlike any of the data set."""

from collections.abc import Sequence

from autoencoder.config.runs import Run
from autoencoder.stages.report.blocks import Block, Figure, Figures, Heading, ReportSection, Table, Text
from autoencoder.stages.report.results import DataSet, StudyResults, figure
from autoencoder.stages.report.wording import listing, number, plural, than, trend
from autoencoder.storage.files import Record


def write_section(study: StudyResults) -> ReportSection | None:
    """Noise and patterns drawn by hand."""
    text = (
        "Pictures unlike any in the data set: uniform noise and patterns drawn by hand. A network can only draw what "
        "its training images taught it. Compare each pattern's error with that of the test images, in the last row: "
        "a smooth pattern may come out better than a photograph."
    )
    blocks: list[Block] = [Text(text)]
    for dataset in study.with_runs:
        blocks += [Heading(dataset.name), *_patterns(dataset, study)]
    return (
        ReportSection("out-of-distribution", "Pictures unlike any of the data set", tuple(blocks))
        if blocks[1:]
        else None
    )


def _patterns(dataset: DataSet, study: StudyResults) -> list[Block]:
    errors = {
        run.name: study.read("ood", run.name) | {"test_mse": study.metrics(run)["test_mse"]} for run in dataset.runs
    }
    patterns = [key for key in next(iter(errors.values())) if key != "test_mse"]
    sentences = []
    for family in dataset.families:
        first, last, dims = errors[family[0].name], errors[family[-1].name], [run.latent_dim for run in family]
        worst = max(patterns, key=lambda key: float(last[key]))
        sentences.append(
            f'`{family[-1].name}`: the largest error, {number(last[worst])}, is that of "{_called(worst)}", '
            f"{than(last[worst], last['test_mse'])} the test images'."
        )
        if len(set(dims)) > 1 and "noise_mse" in first:
            noise = [errors[run.name]["noise_mse"] for run in family]
            sentences.append(trend("The error of noise", dims, noise))
    rows = tuple(
        (_called(key), *(number(of_run[key]) for of_run in errors.values())) for key in [*patterns, "test_mse"]
    )
    table = Table(f"{dataset.name}: mean squared error a value", ("pictures", *errors), rows)
    overview = figure(
        "curve",
        dataset.name,
        f"{dataset.name}/out-of-distribution.png",
        f"Line plot of mean squared error over latent dimension, a line a pattern and one for the test images of "
        f"{dataset.name}. {' '.join(sentences)}",
        f"{dataset.name}: the patterns' error beside that of the test images, both axes logarithmic.",
    )
    pictures = tuple(_pattern_picture(run, errors[run.name], patterns) for run in dataset.pictured)
    return [Text(" ".join(sentences)), Figures((overview,)), Figures(pictures), table]


def _called(key: str) -> str:
    return "test images" if key == "test_mse" else key.removesuffix("_mse").replace("_", " ")


def _pattern_picture(run: Run, errors: Record, patterns: Sequence[str]) -> Figure:
    each = listing(f"{_called(key)} {number(errors[key])}" for key in patterns)
    return figure(
        "plot",
        run.name,
        f"{run.name}/out-of-distribution.png",
        f"Hand-drawn patterns and noise over their reconstructions by {run.name}. Mean squared errors: {each}.",
        f"{run.name}: patterns through {plural(run.latent_dim, 'number')}.",
    )
