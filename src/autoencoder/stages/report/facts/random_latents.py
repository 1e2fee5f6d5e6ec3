"""Pictures from random latents."""

from typing import Any

from autoencoder.stages.report.parts import Table, run_figure
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.wording import listing, number
from autoencoder.storage.files import Record

DRAWN = {"standard_normal": "standard normal", "gaussian": "Gaussian fit", "mixture": "Gaussian mixture"}
KINDS = DRAWN | {"reconstructions": "reconstructed test images", "training_images": "training images"}


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Nothing where the study has no run."""
    return {"datasets": [_dataset(d, study) for d in study.with_runs]} if study.with_runs else None


def _dataset(dataset: DataSet, study: StudyResults) -> dict[str, Any]:
    distances = {run.name: study.beside(run.name, "random-latents", "generate") for run in dataset.runs}
    first = distances[dataset.runs[0].name]
    pictures = []
    for run in study.pictured(dataset):
        row = distances[run.name]
        told = [{"pictures": label, "distance": row[f"{kind}_swd"]} for kind, label in KINDS.items()]
        each = listing(f"{pictures['pictures']} {number(pictures['distance'])}" for pictures in told)
        alt = f"Rows of pictures decoded from random latents by {run.name}. Distance to test images: {each}."
        pictures.append(run_figure(run, "random-latents.png", alt, told))
    columns = {
        "run": list(distances),
        "numbers": [number(run.latent_dim) for run in dataset.runs],
        **{label: [number(row[f"{kind}_swd"]) for row in distances.values()] for kind, label in KINDS.items()},
    }
    return {
        "name": dataset.name,
        "runs": [{"name": name, **_ranked(row)} for name, row in distances.items()],
        "num_images": first["num_images"],
        "components": first["mixture_components"],
        "passes": first["mixture_passes"],
        "fitted": first["mixture_fitted"],
        "pictures": pictures,
        "table": Table.of_columns(f"{dataset.name}: distance to test images (x 1,000)", columns),
    }


def _ranked(row: Record) -> dict[str, Any]:
    drawn = sorted(
        ({"what": what, "distance": row[f"{kind}_swd"]} for kind, what in DRAWN.items()),
        key=lambda each: float(each["distance"]),
    )
    return {"nearest": drawn[0], "farthest": drawn[-1], "reconstructions": row["reconstructions_swd"]}
