"""The latents on a plane."""

from typing import Any

from autoencoder.stages.report.parts import Table, run_figure
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.wording import DIGITS, number, percent

TSNE_DIGITS = 2  # as many as are measured: another processor finds another map
SHARES = {
    "pca_explained": "variance in two components",
    "pca_same_label": "same label, PCA map",
    "tsne_same_label": "same label, t-SNE map",
    "latents_same_label": "same label, latents",
    "chance_same_label": "same label, by chance",
}
TRUST = {"pca_trustworthiness": "trustworthiness, PCA map", "tsne_trustworthiness": "trustworthiness, t-SNE map"}


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Nothing where the study has no run."""
    return {"datasets": [_dataset(d, study) for d in study.with_runs]} if study.with_runs else None


def _dataset(dataset: DataSet, study: StudyResults) -> dict[str, Any]:
    facts = {run.name: study.beside(run.name, "map", "map") for run in dataset.runs}
    runs = [
        {
            "name": run,
            "pca_explained": row["pca_explained"],
            "label": str(row.get("label", "")).replace("_", " "),
            **{where: row.get(f"{where}_same_label") for where in ("tsne", "pca", "latents", "chance")},
        }
        for run, row in facts.items()
    ]
    pictures = [
        run_figure(run, "map.png", "Scatter plots of test latents on a plane, by PCA and by t-SNE, coloured by label.")
        for run in study.pictured(dataset)
    ]
    columns = {
        "run": list(facts),
        **{
            head: [percent(row[key], _digits(key)) if key in row else number(None) for row in facts.values()]
            for key, head in SHARES.items()
        },
        **{head: [number(row.get(key), _digits(key)) for row in facts.values()] for key, head in TRUST.items()},
    }
    return {
        "name": dataset.name,
        "runs": runs,
        "pictures": pictures,
        "table": Table.of_columns(f"{dataset.name}: what the maps keep", columns),
    }


def _digits(key: str) -> int:
    return TSNE_DIGITS if key.startswith("tsne") else DIGITS
