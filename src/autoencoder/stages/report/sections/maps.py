"""The latents on a plane."""

from autoencoder.stages.report.blocks import Block, Figures, Items, ReportSection, Table
from autoencoder.stages.report.results import DataSet, StudyResults, figure
from autoencoder.stages.report.sections.by_dataset import by_dataset
from autoencoder.stages.report.wording import DIGITS, listing, number, percent
from autoencoder.storage.files import Record

MEASURED = {
    "pca_explained": "variance in two components",
    "pca_same_label": "same label, PCA map",
    "tsne_same_label": "same label, t-SNE map",
    "latents_same_label": "same label, latents",
    "chance_same_label": "same label, by chance",
}

TSNE_DIGITS = 2  # as many as are measured: another processor finds another map
TRUSTED = {"pca_trustworthiness": "trustworthiness, PCA map", "tsne_trustworthiness": "trustworthiness, t-SNE map"}


def write_section(study: StudyResults) -> ReportSection | None:
    """The latents of all test images on a plane."""
    text = (
        "The latents of the test images, brought down to a plane in two ways: by PCA, which keeps the directions of "
        "most variance, and by t-SNE, which keeps neighbors together. Same label: the share of an image's ten nearest "
        "that have its label; of several labels the one that blind choice gets right least often is counted, for where "
        "nearly all are alike a high share says nothing. Trustworthiness is 1 where all neighbors on the map are "
        "neighbors among the latents. "
        "Look at whether the colours keep together, and how much of that is the map's doing. The same latents, all of "
        "their numbers, can be turned and searched in TensorBoard: `tensorboard --logdir data/projector/RUN`, and "
        "`#projector` at the end of the address that it names."
    )
    return by_dataset(study, "maps", "Maps of the latents", text, _mapped)


def _mapped(dataset: DataSet, study: StudyResults) -> list[Block]:
    facts = {run.name: study.beside(run.name, "map", "map") for run in dataset.runs}
    sentences = {run: _on_the_map(run, row) for run, row in facts.items()}
    pictured = {run.name for run in dataset.pictured}
    pictures = tuple(
        figure(
            "plot",
            run,
            f"{run}/map.png",
            f"Scatter plots of test latents on a plane, by PCA and by t-SNE, coloured by label. {sentence}",
            f"{run}: its test latents on a plane.",
        )
        for run, sentence in sentences.items()
        if run in pictured
    )
    labels = dict.fromkeys(str(row["label"]).replace("_", " ") for row in facts.values() if "label" in row)
    counted = f"; the label is {listing(labels)}" if labels else ""
    head = ("run", *MEASURED.values(), *TRUSTED.values())
    rows = tuple(
        (
            run,
            *(percent(row[key], _digits(key)) if key in row else number(None) for key in MEASURED),
            *(number(row.get(key), _digits(key)) for key in TRUSTED),
        )
        for run, row in facts.items()
    )
    return [
        Items(tuple(sentences.values())),
        Figures(pictures),
        Table(f"{dataset.name}: what the maps keep{counted}", head, rows),
    ]


def _on_the_map(run: str, row: Record) -> str:
    sentence = f"`{run}`: two components hold {percent(row['pca_explained'])} of the variance"
    if "tsne_same_label" not in row:
        return f"{sentence}."
    label = str(row["label"]).replace("_", " ")
    keys = [f"{where}_same_label" for where in ("tsne", "pca", "latents", "chance")]
    tsne, pca, latents, chance = (percent(row[key], _digits(key)) for key in keys)
    shares = f"{tsne} on the t-SNE map, {pca} on PCA's, {latents} among latents, {chance} by chance"
    return f"{sentence}; same {label} {shares}."


def _digits(key: str) -> int:
    return TSNE_DIGITS if key.startswith("tsne") else DIGITS
