"""What was measured of the runs, read again by whoever draws or tells it."""

from collections.abc import Iterable

from autoencoder.storage import paths
from autoencoder.storage.files import Record, read_json

PCA = "PCA"


def read_metrics(runs: Iterable[str]) -> dict[str, Record]:
    """The metrics of `runs`, by name. Raises UserError where a run was not evaluated."""
    return {name: read_json(paths.metrics(name), f"python src/evaluate.py {name}") for name in runs}


def read_learning(runs: Iterable[str]) -> list[Record]:
    """The learning curves of `runs`, one after the other. Raises UserError where a run was not evaluated."""
    return [record for name in runs for record in read_json(paths.learning(name), f"python src/evaluate.py {name}")]
