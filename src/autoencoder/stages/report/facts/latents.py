"""What single latents do, and what lies between two pictures."""

from typing import Any

from autoencoder.config.runs import Run
from autoencoder.stages.report.parts import Figure, run_figure
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.wording import plural


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Nothing where the study has no run."""
    if not study.with_runs:
        return None
    datasets = [_of(dataset, study) for dataset in study.with_runs]
    title = {} if any(of["latents"] for of in datasets) else {"title": "Between two pictures"}
    return title | {"datasets": datasets}


def _of(dataset: DataSet, study: StudyResults) -> dict[str, Any]:
    return {
        "name": dataset.name,
        "psnr": {run.name: study.metrics(run)["test_psnr_db"] for run in dataset.runs},
        "walks": [_walks(dataset, run) for run in study.ends(dataset)],
        "latents": [_latents(dataset, run) for run in study.ends(dataset) if not run.nested],
    }


def _latents(dataset: DataSet, run: Run) -> Figure:
    what = f"pictures decoded while one of {plural(run.latent_dim, 'latent')} moves"
    alt = f"Rows of pictures from {dataset.name}, {run.name}: {what}."
    return run_figure(run, "latents.png", alt)


def _walks(dataset: DataSet, run: Run) -> Figure:
    plane = " Below, the plane of its two latents, decoded on a grid." if run.latent_dim == 2 else ""
    alt = f"From one test image of {dataset.name} to another, by the latents of {run.name} and by pixels.{plane}"
    return run_figure(run, "walks.png", alt)
