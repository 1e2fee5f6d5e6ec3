"""A run's latents on disk: data/embeddings/<run>/{train,val,test}.npz. Reading them needs no network."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autoencoder import paths
from autoencoder.errors import UserError
from autoencoder.files import write_atomically
from autoencoder.prepared import Split


@dataclass(frozen=True)
class Latents:
    """The latents of one split, in its order, with what belongs to their images (see `prepared.Split`).

    latents: (n, latent_dim) float32. index: (n,) int64. labels: name -> (n,) int64 codes or (n, k) uint8 flags.
    """

    latents: np.ndarray
    index: np.ndarray
    labels: dict[str, np.ndarray]


def write_latents(path: Path, latents: np.ndarray, split: Split) -> None:
    """Write `latents` (n, latent_dim) with the index and labels of their images, as .npz; bytes follow the content."""
    arrays = {"latents": latents, "index": split.index}
    arrays |= {f"label_{name}": values for name, values in split.labels.items()}
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    write_atomically(path, buffer.getvalue())


def read_latents(run: str, split: str) -> Latents:
    """One run's latents of one split (train, val or test). Raises UserError where they are missing or damaged."""
    path = paths.embeddings(run) / f"{split}.npz"
    try:
        with np.load(path, allow_pickle=False) as arrays:
            labels = {key.removeprefix("label_"): arrays[key] for key in arrays.files if key.startswith("label_")}
            return Latents(arrays["latents"], arrays["index"], labels)
    except FileNotFoundError:
        raise UserError(f"{path} is missing; make it first: python src/embed.py {run}") from None
    except (zipfile.BadZipFile, KeyError, EOFError, ValueError) as error:
        raise UserError(f"{path} is damaged ({error}); make it again: python src/embed.py {run}") from None
