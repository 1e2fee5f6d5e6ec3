"""The question, and the answer in short."""

import re
from collections.abc import Mapping

from autoencoder.stages.report.blocks import Items, ReportSection, Table, Text
from autoencoder.stages.report.results import DataSet, StudyResults
from autoencoder.stages.report.wording import named_runs, number, percent, plural, than
from autoencoder.storage.files import Record


def write_section(study: StudyResults) -> ReportSection | None:
    """The question, and each data set's best run beside PCA."""
    if not study.with_runs:
        return None
    question = (
        "An autoencoder squeezes a picture through a bottleneck of a few numbers, its latent dimension, and draws it "
        "again from those alone. How much of a picture survives, and is it more than the best linear code of the same "
        "size (PCA) would keep? Each run below is one network trained at one latent dimension; unless said otherwise, "
        "errors are those of test images that no network has seen."
    )
    items = tuple(_best_run(dataset, study.metrics_of_runs(dataset)) for dataset in study.with_runs)
    blocks = (Text(question), needed(study.answers()), Items(items))
    return ReportSection("answer", "The question, and the answer in short", blocks)


def needed(answers: Mapping[str, Record]) -> Table:
    """How many latents a picture of each quality needs: of each data set (by name) what `curve` found."""
    levels = list(
        dict.fromkeys(re.findall(r"\d+(?=_db)", " ".join(key for answer in answers.values() for key in answer)))
    )
    head = ("data set", "code", *(f"{level} dB" for level in levels))
    rows: list[tuple[str, ...]] = []
    for dataset, answer in answers.items():
        rows.append((dataset, "networks", *(_told(answer, level) for level in levels)))
        rows.append((dataset, "PCA", *(number(answer[f"pca_latents_for_{level}_db"]) for level in levels)))
    caption = (
        "How many numbers for a mean PSNR over the test images; a dash: more than were tried. With \u2248 between the "
        "latent dimensions of two runs, with \u2264 those of the smallest run; PCA is measured at every number."
    )
    return Table(caption, head, tuple(rows), num_text=2)


def _told(answer: Record, level: str) -> str:
    sign = {"about": "\u2248 ", "at most": "\u2264 "}.get(answer[f"how_for_{level}_db"], "")
    return f"{sign}{number(answer[f'latents_for_{level}_db'])}"


def _best_run(dataset: DataSet, rows: list[Record]) -> str:
    best = min(rows, key=lambda row: float(row["test_sse"]))
    below = [row for row in rows if row["pca_test_sse"] is not None and row["test_sse"] < row["pca_test_sse"]]
    return (
        f"{dataset.name}: {_leading(best, rows)} Its "
        f"{plural(best['latent_dim'], 'number')} ({percent(best['compression'])} of the input) leave a squared error "
        f"of {number(best['test_sse'])} an image, PSNR {number(best['test_psnr_db'])} dB, SSIM "
        f"{number(best['test_ssim'])}. {_beside_pca(best)} Less error than PCA at the same dimension: "
        f"{len(below)} of {plural(len(rows), 'run')}{named_runs(below)}."
    )


def _leading(best: Record, rows: list[Record]) -> str:
    run = f"`{best['run']}`"
    return f"of {len(rows):,} runs, {run} has the lowest error." if len(rows) > 1 else f"the one run is {run}."


def _beside_pca(row: Record) -> str:
    pca = row["pca_test_sse"]
    if pca is None:
        return "PCA has not so many components here."
    return f"PCA with as many leaves {number(pca)}: the autoencoder's error is {than(row['test_sse'], pca)} PCA's."
