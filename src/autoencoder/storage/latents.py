"""A run's latents on disk: data/embeddings/<run>/{train,val,test}.npz. Reading them needs no network."""

from dataclasses import dataclass

import numpy as np

from autoencoder.storage import paths
from autoencoder.storage.arrays import Blocks, read_arrays, write_arrays
from autoencoder.storage.prepared import Manifest, Split, read_manifest
from autoencoder.storage.provenance import digest
from autoencoder.ui.errors import UserError

LATENT_DTYPE = np.dtype(np.float32)
NEEDED = ("latents", "index", "weights_sha256", "dataset", "images_sha256")


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


def write_latents(
    run: str, name: str, latents: np.ndarray | Blocks, split: Split, weights_sha256: str, manifest: Manifest
) -> None:
    """Write the run's `latents` (n, latent_dim) of one split (its `name`: train, val or test) with the index and labels
    of their images, as .npz, and with what they were made from; bytes follow the content.

    weights_sha256: of the file of the weights that made them (`TrainedRun.weights_sha256`). manifest: of their images.
    """
    images = {"dataset": np.array(manifest.name), "images_sha256": np.array(manifest.sha256[f"{name}.npz"])}
    arrays = {"latents": latents, "index": split.index, "weights_sha256": np.array(weights_sha256), **images}
    arrays |= {f"label_{label}": values for label, values in split.labels.items()}
    write_arrays(paths.embeddings(run) / f"{name}.npz", arrays)


def read_latents(run: str, split: str, mapped: bool = False) -> Latents:
    """One run's latents of one split (train, val or test). mapped: they stay on disk until they are used.

    Raises UserError where they are missing, damaged, or made with other weights or of other images than the present
    ones, or where these were not prepared.
    """
    path = paths.embeddings(run) / f"{split}.npz"
    arrays = read_arrays(path, f"python src/embed.py {run}", *NEEDED, mapped=["latents"] if mapped else [])
    made_with = str(arrays["weights_sha256"])
    if digest(paths.weights(run)) not in (None, made_with):
        raise UserError(f"{path} was made with other weights than {paths.weights(run)}: dvc repro embed@{run}")
    dataset = str(arrays["dataset"])
    if read_manifest(dataset).sha256.get(f"{split}.npz") != str(arrays["images_sha256"]):
        images = paths.prepared(dataset) / f"{split}.npz"
        raise UserError(f"{path} was made from another {images} than is there now: dvc repro embed@{run}")
    labels = {key.removeprefix("label_"): value for key, value in arrays.items() if key.startswith("label_")}
    return Latents(arrays["latents"], arrays["index"], labels, made_with)
