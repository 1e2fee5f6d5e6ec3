"""What a command can know at once: whether all it needs is there, before the libraries come that take seconds."""

from pathlib import Path

import numpy as np

from autoencoder.config.runs import load_run
from autoencoder.data.pictures import read_picture
from autoencoder.storage import paths
from autoencoder.storage.prepared import SPLITS, read_manifest
from autoencoder.ui.errors import UserError


def check_trained(run: str) -> str:
    """The data set of a run that can be used. Raises UserError where run, data set or weights are missing."""
    dataset = load_run(run).dataset
    read_manifest(dataset)
    _check_there(paths.weights(run), f"train it (python src/train.py {run}) or: make weights")
    return dataset


def check_searchable(run: str) -> str:
    """The data set of a run that can be searched by. Raises UserError where anything that search needs is missing."""
    dataset = check_trained(run)
    for split in SPLITS[:2]:  # the corpus is what is not test
        _check_there(paths.prepared(dataset) / f"{split}.npz", f"make it first: python src/prepare.py {dataset}")
        _check_there(paths.embeddings(run) / f"{split}.npz", f"make it first: python src/embed.py {run}")
    return dataset


def read_query(path: Path, dataset: str) -> np.ndarray:
    """A picture file as a run of `dataset` takes it, of its shape, uint8. Raises UserError where it is none."""
    return read_picture(path, read_manifest(dataset).image_shape)


def _check_there(path: Path, remedy: str) -> None:
    if not path.is_file():
        raise UserError(f"{path} is missing; {remedy}")
