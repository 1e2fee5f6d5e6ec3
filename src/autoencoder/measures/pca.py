"""The linear baseline: principal component analysis, the best that any linear code of a given size can do."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.decomposition import PCA

from autoencoder.measures.rounding import significant
from autoencoder.storage import paths
from autoencoder.storage.arrays import read_arrays, write_arrays
from autoencoder.storage.files import read_json

# Up to this many numbers an image, all components come from the covariance matrix; above, the leading ones by sampling.
MAX_EXACT_INPUTS = 8192
MAX_SAMPLED_COMPONENTS = 1024


@dataclass(frozen=True)
class Projection:
    """PCA as encoder and decoder. mean: (num_inputs,), components: (k, num_inputs), float32, rows orthonormal."""

    mean: np.ndarray
    components: np.ndarray

    def encode(self, images: np.ndarray, latent_dim: int) -> np.ndarray:
        """Images (n, channels, height, width) uint8 -> their leading coefficients (n, latent_dim) float32.

        Where there are fewer components than `latent_dim`, all of them.
        """
        # Centred after the product: `images - mean` would be one more copy of the whole corpus.
        leading = self.components[:latent_dim]
        latents: np.ndarray = _flatten(images) @ leading.T - self.mean @ leading.T
        return latents

    def decode(self, latents: np.ndarray) -> np.ndarray:
        """Coefficients (n, latent_dim) -> flat images (n, num_inputs) float32, about [0, 1] (not clipped)."""
        images: np.ndarray = latents @ self.components[: latents.shape[1]] + self.mean
        return images


def fit_pca(images: np.ndarray) -> PCA:
    """PCA of images (n, channels, height, width) uint8, as numbers in [0, 1]."""
    flat = _flatten(images)
    if flat.shape[1] <= MAX_EXACT_INPUTS:
        return PCA(svd_solver="covariance_eigh").fit(flat)
    count = min(MAX_SAMPLED_COMPONENTS, *flat.shape)
    return PCA(count, svd_solver="randomized", random_state=0).fit(flat)


def reconstruction_errors(pca: PCA, images: np.ndarray) -> np.ndarray:
    """Mean over images of the squared error summed over an image, for 0, 1, ... all components.

    images: (n, channels, height, width) uint8, as numbers in [0, 1]. The components are orthonormal, so each further
    one takes its squared coefficient off the error: one pass gives every dimension. Returns (components + 1,) float64.
    """
    flat = _flatten(images)
    total = np.square(flat - pca.mean_).sum(axis=1).mean(dtype=np.float64)
    explained = np.square(pca.transform(flat)).mean(axis=0, dtype=np.float64)
    errors: np.ndarray = np.maximum(total - np.concatenate([[0.0], np.cumsum(explained)]), 0.0)
    return errors


def tabulate_errors(
    pca: PCA, val: np.ndarray, test: np.ndarray, value_range: tuple[float, float]
) -> list[dict[str, float]]:
    """PCA's errors on val and test at every dimension from 0, in the data set's value range (see `paths.pca_errors`).

    Where the training images span fewer dimensions than an image has numbers, the last error holds for the rest.
    """
    scale = (value_range[1] - value_range[0]) ** 2
    errors = {"val": reconstruction_errors(pca, val) * scale, "test": reconstruction_errors(pca, test) * scale}
    num_inputs = val[0].size
    last = len(errors["val"]) - 1
    num_rows = num_inputs if num_inputs <= MAX_EXACT_INPUTS else last
    rows = []
    for latent_dim in range(num_rows + 1):
        row: dict[str, float] = {"latent_dim": latent_dim}
        for split, values in errors.items():
            sse = float(values[min(latent_dim, last)])
            row |= {f"{split}_sse": significant(sse), f"{split}_mse": significant(sse / num_inputs)}
        rows.append(row)
    return rows


def read_errors(dataset: str) -> list[dict[str, float]]:
    """PCA's errors at every dimension, the row's number. Raises UserError where the baseline was not measured."""
    rows: list[dict[str, float]] = read_json(paths.pca_errors(dataset), f"python src/baseline.py {dataset}")
    return rows


def write_components(pca: PCA, path: Path) -> None:
    """Write the mean and the leading components (at most 1,024) of a fitted PCA; bytes follow the content."""
    components = pca.components_[:MAX_SAMPLED_COMPONENTS].astype(np.float32)
    write_arrays(path, {"mean": pca.mean_.astype(np.float32), "components": components})


def read_components(dataset: str) -> Projection:
    """The data set's PCA. Raises UserError where the baseline was not made."""
    arrays = read_arrays(paths.pca(dataset), f"python src/baseline.py {dataset}", "mean", "components")
    return Projection(arrays["mean"], arrays["components"])


def _flatten(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype(np.float32) / 255
