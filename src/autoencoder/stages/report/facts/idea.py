"""What an autoencoder is: diagrams, and each run's network."""

from typing import Any

from autoencoder.config.diagrams import load_layer_sizes
from autoencoder.stages.report.parts import Figure, figure
from autoencoder.stages.report.study import StudyResults
from autoencoder.stages.report.wording import listing, number, plural
from autoencoder.storage.files import Record


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Nothing where there is neither a diagram nor a run."""
    diagrams = [_diagram(name) for name in study.names("diagram")]
    datasets = [
        {
            "name": dataset.name,
            "networks": [_network(run.name, study.metrics(run)) for run in dataset.networks],
        }
        for dataset in study.with_runs
    ]
    return {"diagrams": diagrams, "datasets": datasets} if diagrams or datasets else None


def _diagram(name: str) -> Figure:
    sizes = load_layer_sizes(name)
    alt = f"Layers of {listing(map(str, sizes))} nodes from left to right, each node joined to all of the next layer."
    return figure("diagram", name, f"diagrams/{name}.png", alt, f"{sizes[0]} numbers through {min(sizes)}.")


def _network(run: str, row: Record) -> Figure:
    shape = f"{plural(row['num_parameters'], 'parameter')}, latent dimension {number(row['latent_dim'])}"
    alt = f"Layers of the network {row['model']} as bars from input to output: {shape}."
    caption = f"{run}: `{row['model']}`, {shape}."
    return figure("plot", run, f"{run}/network.png", alt, caption, run=run)
