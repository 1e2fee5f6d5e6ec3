"""Error over latent dimension, and the tables behind it."""

import math
from collections.abc import Mapping
from itertools import pairwise

from autoencoder.stages.report.blocks import Block, Figures, Heading, ReportSection, Table, Text
from autoencoder.stages.report.results import DataSet, StudyResults, figure
from autoencoder.stages.report.wording import MISSING, number, over_seeds, percent, trend
from autoencoder.storage.files import Record


def write_section(study: StudyResults) -> ReportSection:
    """Error over latent dimension, and the table behind it."""
    text = (
        "SSE is the squared error summed over an image's values, the mean over all images; MSE is the same for a "
        "single value. Both are in the value range named with each data set, PSNR and SSIM compare the pictures as "
        "shown. SSIM looks through windows of 11 x 11 pixels; where a side has fewer, through the largest odd number "
        "that fits, and such an SSIM does not compare with larger pictures'. The weights are those with the lowest "
        "validation error. PCA, the best linear code of the training images, keeps as many numbers. Look at where the "
        "curves cross, if they do, and at how much each further number still buys."
    )
    blocks: list[Block] = [Text(text)]
    for dataset in study.datasets:
        blocks += _curve_of(dataset, study)
    return ReportSection("curve", "Error over latent dimension", tuple(blocks))


def _curve_of(dataset: DataSet, study: StudyResults) -> list[Block]:
    rows = study.metrics_of_runs(dataset)
    each = "; ".join(f"{number(row['test_sse'])} ({row['run']}), PCA {number(row['pca_test_sse'])}" for row in rows)
    picture = figure(
        "curve",
        dataset.name,
        f"{dataset.name}/error-curve.png",
        f"Line plot of squared error over latent dimension, {dataset.name}, test images: {each or 'PCA alone'}.",
        f"{dataset.name}: test and validation error of the runs, and PCA's.",
    )
    blocks: list[Block] = [Heading(dataset.name), Figures((picture,))]
    if not rows:
        return [*blocks, Text("No run is of this data set: the curve is PCA's alone.")]
    return [*blocks, *_trends(dataset, study), _errors(dataset, rows, study.spread(dataset)), _trainings(dataset, rows)]


def _trends(dataset: DataSet, study: StudyResults) -> list[Block]:
    sentences = []
    for family in dataset.families:
        rows, dims = [study.metrics(run) for run in family], [run.latent_dim for run in family]
        if len(set(dims)) > 1:
            sse = [row["test_sse"] for row in rows]
            sentences.append(
                trend(f"`{family[0].model}`: the squared error an image", dims, sse) + _per_doubling(dims, sse)
            )
    return [Text(" ".join(sentences))] if sentences else []


def _per_doubling(latent_dims: list[int], errors: list[float]) -> str:
    """What a doubling of the latent dimension does to the error, between neighbors: least and most."""
    if len(set(latent_dims)) < len(latent_dims) or min(errors) <= 0:
        return ""
    points = pairwise(zip(latent_dims, errors, strict=True))
    factors = sorted(float((e1 / e0) ** (1 / math.log2(d1 / d0))) for (d0, e0), (d1, e1) in points)
    least, most = number(factors[0]), number(factors[-1])
    return f" A doubling of the numbers multiplies it by {least if least == most else f'{least} to {most}'}."


def _errors(dataset: DataSet, rows: list[Record], spread: Mapping[str, Record]) -> Table:
    head = (
        "run",
        "model",
        "numbers",
        "of the input",
        "test SSE",
        "over seeds",
        "PCA test SSE",
        "val SSE",
        "test MSE",
        "PCA test MSE",
    )
    return Table(
        f"{dataset.name}: errors, values in {rows[0]['value_range']}",
        (*head, "PSNR (dB)", "SSIM"),
        tuple(
            (
                row["run"],
                row["model"],
                number(row["latent_dim"]),
                percent(row["compression"]),
                number(row["test_sse"]),
                over_seeds(spread[row["run"]]) if row["run"] in spread else MISSING,
                *(number(row[key]) for key in ("pca_test_sse", "val_sse", "test_mse", "pca_test_mse")),
                number(row["test_psnr_db"]),
                number(row["test_ssim"]),
            )
            for row in rows
        ),
        num_text=2,
    )


def _trainings(dataset: DataSet, rows: list[Record]) -> Table:
    return Table(
        f"{dataset.name}: trainings",
        (
            "run",
            "device",
            "precision",
            "parameters",
            "multiply-adds an image",
            "epochs",
            "best epoch",
            "minutes",
            "images a second",
            "seed",
        ),
        tuple(
            (
                row["run"],
                str(row["device"]),
                str(row["precision"]),
                number(row["num_parameters"]),
                number(row["multiply_adds"]),
                number(row["num_epochs"]),
                number(row["best_epoch"]),
                f"{row['train_seconds'] / 60:,.1f}",
                number(round(row["images_per_second"])),
                str(row["seed"]),
            )
            for row in rows
        ),
        num_text=3,
    )
