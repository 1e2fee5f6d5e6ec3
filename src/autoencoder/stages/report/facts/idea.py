"""What an autoencoder is: diagrams, and each run's network."""

from typing import Any

from autoencoder.config.diagrams import load_layer_sizes
from autoencoder.config.runs import Run
from autoencoder.stages.report.parts import Figure, figure, run_figure
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.wording import listing, number, plural
from autoencoder.storage.files import Record


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Nothing where there is neither a diagram nor a run."""
    sizes = [load_layer_sizes(name) for name in study.names("diagram")]
    diagrams = [_diagram(name, layers) for name, layers in zip(study.names("diagram"), sizes, strict=True)]
    if not diagrams and not study.with_runs:
        return None
    return {
        "diagrams": diagrams,
        "layers": {drawn.id: layers for drawn, layers in zip(diagrams, sizes, strict=True)},
        "datasets": [_dataset(dataset, study) for dataset in study.with_runs],
    }


def _dataset(dataset: DataSet, study: StudyResults) -> dict[str, Any]:
    rows = {run.name: study.metrics(run) for run in dataset.networks}
    pictures = [_network(run, rows[run.name]) for run in dataset.networks]
    return {"name": dataset.name, "networks": pictures, "rows": rows}


def _diagram(name: str, sizes: list[int]) -> Figure:
    alt = f"Layers of {listing(map(str, sizes))} nodes from left to right, each node joined to all of the next layer."
    return figure("diagram", name, f"diagrams/{name}.png", alt)


def _network(run: Run, row: Record) -> Figure:
    shape = f"{plural(row['num_parameters'], 'parameter')}, latent dimension {number(row['latent_dim'])}"
    return run_figure(run, "network.png", f"Layers of the network {run.model} as bars from input to output: {shape}.")
