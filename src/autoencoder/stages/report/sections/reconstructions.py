"""Originals over reconstructions."""

from autoencoder.stages.report.blocks import Block, Figures, Heading, ReportSection, Text
from autoencoder.stages.report.results import DataSet, StudyResults, figure
from autoencoder.stages.report.wording import listing, number, plural, trend


def write_section(study: StudyResults) -> ReportSection | None:
    """Originals over reconstructions: held-out images, training images, and the untrained network's output."""
    if not study.with_runs:
        return None
    text = (
        "Originals stand over what comes back. First held-out images, which no network has seen; then training images, "
        "to see whether they fare better; last the same held-out images through networks with their first, random "
        "weights: the difference is what training did. Look at outlines and texture first."
    )
    blocks: list[Block] = [Text(text)]
    for dataset in study.with_runs:
        blocks += [Heading(dataset.name), *_similarity(dataset, study), *_elsewhere(dataset)]
        blocks += [_reconstructed(dataset, study, file) for file in PICTURES]
    return ReportSection("reconstructions", "Reconstructions", tuple(blocks))


PICTURES = {
    "reconstructions-test": "held-out test images",
    "reconstructions-train": "training images",
    "untrained": "held-out test images through the untrained network",
}


def _similarity(dataset: DataSet, study: StudyResults) -> list[Block]:
    sentences = []
    for family in dataset.families:
        rows, dims = [study.metrics(run) for run in family], [run.latent_dim for run in family]
        if len(set(dims)) > 1:
            sentences.append(trend(f"`{family[0].model}`: PSNR", dims, [row["test_psnr_db"] for row in rows], " dB"))
            sentences.append(trend("SSIM", dims, [row["test_ssim"] for row in rows]))
    return [Text(" ".join(sentences))] if sentences else []


def _elsewhere(dataset: DataSet) -> list[Block]:
    """Where the pictures are that the page leaves out."""
    others = [f"`plots/{run.name}`" for run in dataset.runs if run not in dataset.pictured]
    if not others:
        return []
    text = (
        "Held-out images are shown of every run; whatever else is drawn of single runs, here and in the sections "
        f"below, of one run for each number of latents. `dvc repro` draws the others' too, in {listing(others)}."
    )
    return [Text(text)]


def _reconstructed(dataset: DataSet, study: StudyResults, file: str) -> Figures:
    what = PICTURES[file]
    figures = []
    shown = dataset.runs if file == "reconstructions-test" else dataset.pictured
    for run in shown:
        row = {"run": run.name, **study.metrics(run)}
        alt = f"Rows of pictures from {dataset.name}: originals over reconstructions, {what}, {row['run']}."
        if file != "untrained":
            scores = f"PSNR {number(row['test_psnr_db'])} dB, SSIM {number(row['test_ssim'])}"
            alt += f" Over the whole test set: {scores}."
        caption = f"{row['run']}: {what}, {plural(row['latent_dim'], 'number')}."
        figures.append(figure("plot", row["run"], f"{row['run']}/{file}.png", alt, caption))
    return Figures(tuple(figures))
