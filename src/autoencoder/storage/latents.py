"""A run's latents on disk: data/embeddings/<run>/{train,val,test}.npz. Reading them needs no network."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autoencoder.storage import paths
from autoencoder.storage.arrays import read_arrays, write_arrays
from autoencoder.storage.prepared import Split
from autoencoder.storage.provenance import digest
from autoencoder.ui.errors import UserError


@dataclass(frozen=True)
class Latents:
    """The latents of one split, in its order, with what belongs to their images (see `prepared.Split`).

    latents: (n, latent_dim) float32. index: (n,) int64. labels: name -> (n,) int64 codes or (n, k) uint8 flags.
    weights_sha256: of the file of the weights that made them.
    """

    latents: np.ndarray
    index: np.ndarray
    labels: dict[str, np.ndarray]
    weights_sha256: str


def write_latents(path: Path, latents: np.ndarray, split: Split, weights_sha256: str) -> None:
    """Write `latents` (n, latent_dim) with the index and labels of their images, as .npz; bytes follow the content.

    weights_sha256: of the file of the weights that made them (`TrainedRun.weights_sha256`).
    """
    arrays = {"latents": latents, "index": split.index, "weights_sha256": np.array(weights_sha256)}
    arrays |= {f"label_{name}": values for name, values in split.labels.items()}
    write_arrays(path, arrays)


def read_latents(run: str, split: str) -> Latents:
    """One run's latents of one split (train, val or test).

    Raises UserError where they are missing, damaged, or made with other weights than the present ones.
    """
    path = paths.embeddings(run) / f"{split}.npz"
    arrays = read_arrays(path, f"python src/embed.py {run}", "latents", "index", "weights_sha256")
    made_with = str(arrays["weights_sha256"])
    if digest(paths.weights(run)) not in (None, made_with):
        raise UserError(f"{path} was made with other weights than {paths.weights(run)}: dvc repro embed@{run}")
    labels = {key.removeprefix("label_"): value for key, value in arrays.items() if key.startswith("label_")}
    return Latents(arrays["latents"], arrays["index"], labels, made_with)
