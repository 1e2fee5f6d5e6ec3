"""The linear baseline: principal component analysis, the best that any linear code of a given size can do.

Fitted in float64, to pictures that are the same bytes everywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from autoencoder.measures.crossings import measure_curve
from autoencoder.measures.image_similarity import mean_over_images, peak_signal_to_noise
from autoencoder.measures.rounding import significant
from autoencoder.storage import paths
from autoencoder.storage.arrays import Rows
from autoencoder.storage.blocks import images_at_once
from autoencoder.storage.files import Record, read_json, write_json
from autoencoder.storage.prepared import Manifest
from autoencoder.storage.provenance import MADE_FROM, check_baseline, measured_from

# Up to this many numbers an image, all components come from the covariance matrix; above, the leading ones: from the
# products of up to so many images with each other, by sampling of more.
MAX_EXACT_INPUTS = 8192
MAX_LEADING_COMPONENTS = 1024
MAX_EXACT_IMAGES = 4096
# A component with less than this part of the largest variance is what rounding left: training images do not span it.
NOISE = 1e-12
KEY = "pca_"
MAX_ROWS = 5000  # images taken at once, at most
MAX_VALUES = 1 << 21  # numbers of few large images taken at once: 16 MB in double


@dataclass(frozen=True)
class Projection:
    """PCA as encoder and decoder. mean: (num_inputs,), components: (k, num_inputs), float64, rows orthonormal, the one
    of largest variance first. Only components that the training images span.
    """

    mean: np.ndarray
    components: np.ndarray

    def encode(self, images: np.ndarray | Rows, latent_dim: int) -> np.ndarray:
        """Images (n, channels, height, width) uint8 -> their leading coefficients (n, latent_dim) float64.

        Where there are fewer components than `latent_dim`, the coefficients beyond are 0.
        """
        latents = np.zeros((len(images), latent_dim))
        leading = self.components[:latent_dim]
        step = images_at_once(MAX_ROWS, self.mean.size)
        for start in range(0, len(images), step):
            flat = _flatten(images[start : start + step])
            latents[start : start + step, : len(leading)] = (flat - self.mean) @ leading.T
        return latents

    def decode(self, latents: np.ndarray) -> np.ndarray:
        """Coefficients (n, latent_dim) -> flat images (n, num_inputs) float64, about [0, 1] (not clipped)."""
        leading = self.components[: latents.shape[1]]
        images: np.ndarray = latents[:, : len(leading)] @ leading + self.mean
        return images


def most_components(num_inputs: int) -> int:
    """How many numbers a linear code of images of `num_inputs` numbers is measured at, at most."""
    return num_inputs if num_inputs <= MAX_EXACT_INPUTS else MAX_LEADING_COMPONENTS


def fit_pca(images: np.ndarray) -> Projection:
    """PCA of training images (n, channels, height, width) uint8, as numbers in [0, 1]."""
    if images[0].size <= MAX_EXACT_INPUTS:
        variances, components, mean = _decompose(images.reshape(len(images), -1))
    elif len(images) <= MAX_EXACT_IMAGES:
        variances, components, mean = _decompose_by_images(images.reshape(len(images), -1))
    else:
        from sklearn.decomposition import PCA  # here, since it takes a second, and small pictures do not need it

        flat = _flatten(images)
        fitted = PCA(min(MAX_LEADING_COMPONENTS, *flat.shape), svd_solver="randomized", random_state=0).fit(flat)
        variances, components, mean = fitted.explained_variance_, fitted.components_, fitted.mean_
    is_spanned = variances > NOISE * variances.max(initial=NOISE)
    spanned = min(int(is_spanned.sum()), len(images) - 1)  # n points span n - 1 directions at most
    return Projection(mean, components[:spanned])


def _decompose(flat: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Variances (d,), largest first, directions (d, d) and mean (d,) of uint8 rows (n, d), as numbers in [0, 1].

    Sums of bytes and of their products are whole numbers that float64 holds exactly, in whatever order they are added.
    """
    count, num_inputs = flat.shape
    total = torch.zeros(num_inputs, dtype=torch.float64)
    products = torch.zeros(num_inputs, num_inputs, dtype=torch.float64)
    for rows in torch.split(torch.from_numpy(flat), MAX_ROWS):
        exact = rows.double()
        total += exact.sum(dim=0)
        products.addmm_(exact.T, exact)
    covariance = (count * products - torch.outer(total, total)) / (count * 255) ** 2
    variances, directions = torch.linalg.eigh(covariance)
    return variances.flip(0).numpy(), directions.T.flip(0).numpy(), (total / (count * 255)).numpy()


def _decompose_by_images(flat: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same of few rows of many numbers, quickly: the leading directions that the rows span.

    They are combinations of the rows, by the eigenvectors of the rows' products with each other (Turk and Pentland
    1991, section "Calculating eigenfaces"). What rounding leaves of directions of little variance is made orthogonal.
    """
    mean = torch.from_numpy(flat.mean(axis=0))
    products = torch.zeros(len(flat), len(flat), dtype=torch.float64)
    for centred in _centred_columns(flat, mean):
        products.addmm_(centred, centred.T)
    values, vectors = (found.flip(-1)[..., :MAX_LEADING_COMPONENTS] for found in torch.linalg.eigh(products))
    spanned = values > NOISE * max(float(values[0]), NOISE)
    weights = (vectors[:, spanned] / values[spanned].sqrt()).T
    directions = torch.empty(len(weights), flat.shape[1], dtype=torch.float64)
    gram = torch.zeros(len(weights), len(weights), dtype=torch.float64)
    blocks = torch.split(directions, _columns_at_once(flat), dim=1)
    for block, centred in zip(blocks, _centred_columns(flat, mean), strict=True):
        torch.mm(weights, centred, out=block)
        gram.addmm_(block, block.T)
    factor = torch.linalg.cholesky(gram)
    for block in blocks:  # into its place: all at once would be held three times
        block.copy_(torch.linalg.solve_triangular(factor, block, upper=False))
    return (values[spanned] / (len(flat) * 255**2)).numpy(), directions.numpy(), (mean / 255).numpy()


def _centred_columns(flat: np.ndarray, mean: torch.Tensor) -> Iterator[torch.Tensor]:
    """uint8 rows (n, d) less their mean (d,), float64, some columns at a time."""
    step = _columns_at_once(flat)
    for start in range(0, flat.shape[1], step):
        columns = slice(start, start + step)
        yield torch.from_numpy(flat[:, columns]).double().sub_(mean[columns])


def _columns_at_once(flat: np.ndarray) -> int:
    return images_at_once(flat.shape[1], len(flat), MAX_VALUES)  # columns are what images are elsewhere


def reconstruction_errors(pca: Projection, images: np.ndarray) -> np.ndarray:
    """Mean over images of the squared error summed over an image, for 0, 1, ... all components.

    images: (n, channels, height, width) uint8, as numbers in [0, 1]. The components are orthonormal: what the first k
    leave is what lies outside of all components, and the squared coefficients of those after k. Summed from the end,
    so that small errors are not differences of large ones. Returns (components + 1,) float64.
    """
    outside, explained = 0.0, np.zeros(len(pca.components))
    step = images_at_once(MAX_ROWS, pca.mean.size)
    for start in range(0, len(images), step):
        centred = _flatten(images[start : start + step]) - pca.mean
        coefficients = centred @ pca.components.T
        explained += np.square(coefficients).sum(axis=0)
        outside += float(np.square(centred - coefficients @ pca.components).sum())
    left = np.concatenate([np.cumsum(explained[::-1])[::-1], [0.0]]) + outside
    errors: np.ndarray = left / len(images)
    errors[errors < NOISE * errors[0]] = 0.0
    return errors


def write_errors(manifest: Manifest, pca: Projection, val: np.ndarray, test: np.ndarray) -> None:
    """PCA's errors, `tabulate_errors`, with what they were made from -> `paths.pca_errors`."""
    errors = tabulate_errors(pca, val, test, manifest.value_range)
    write_json(paths.pca_errors(manifest.name), {MADE_FROM: measured_from(manifest), **errors})


def tabulate_errors(
    pca: Projection, val: np.ndarray, test: np.ndarray, value_range: tuple[float, float]
) -> dict[str, dict[str, float | None]]:
    """PCA's errors on val and test by dimension, from 0 to an image's numbers, in the data set's value range.

    {"pca_0": {val_sse, val_mse, test_sse, test_mse}, "pca_1": ...}: a key each, so that a DVC stage can depend on one.
    Where the training images span fewer dimensions, the last error holds for the rest; where only the leading
    components were computed, null.
    """
    scale = (value_range[1] - value_range[0]) ** 2
    errors = {"val": reconstruction_errors(pca, val) * scale, "test": reconstruction_errors(pca, test) * scale}
    num_inputs, last = val[0].size, len(pca.components)
    rows: dict[str, dict[str, float | None]] = {}
    for latent_dim in range(num_inputs + 1):
        known = latent_dim <= most_components(num_inputs)
        row: dict[str, float | None] = {}
        for split, values in errors.items():
            sse = float(values[min(latent_dim, last)])
            row[f"{split}_sse"] = significant(sse) if known else None
            row[f"{split}_mse"] = significant(sse / num_inputs) if known else None
        rows[f"{KEY}{latent_dim}"] = row
    return rows


def write_quality(manifest: Manifest, pca: Projection, test: np.ndarray) -> None:
    """The PSNR of test images (n, channels, height, width) uint8, as shown (clipped), by how many coefficients are kept
    -> `paths.pca_quality`, rows {num_latents, test_psnr_db}.
    """
    coefficients = pca.encode(test, len(pca.components))
    curve = measure_curve(lambda kept: _quality(pca, coefficients[:, :kept], test), len(pca.components))
    rows = [{"num_latents": kept, "test_psnr_db": significant(psnr)} for kept, psnr in curve.items()]
    write_json(paths.pca_quality(manifest.name), [{MADE_FROM: measured_from(manifest)}, *rows])


def _quality(pca: Projection, coefficients: np.ndarray, images: np.ndarray) -> float:
    psnr, step = [], images_at_once(MAX_ROWS, pca.mean.size)
    for start in range(0, len(images), step):
        made = pca.decode(coefficients[start : start + step]).clip(0, 1)
        given = _flatten(images[start : start + step])
        psnr.append(peak_signal_to_noise(torch.from_numpy(made), torch.from_numpy(given)))
    return mean_over_images(psnr)


def read_quality(manifest: Manifest) -> list[Record]:
    """What `write_quality` wrote. Raises UserError where it is missing, or of other images than the present."""
    path = paths.pca_quality(manifest.name)
    made_from, *rows = read_json(path, f"python src/baseline.py {manifest.name}")
    check_baseline(path, made_from.get(MADE_FROM, {}), measured_from(manifest), manifest.name)
    quality: list[Record] = rows
    return quality


def read_errors(manifest: Manifest) -> list[Record]:
    """PCA's errors at every dimension it was measured at, from 0: [{latent_dim, val_sse, ...}, ...].

    Raises UserError where the baseline was not measured, or on other images than the present ones.
    """
    path = paths.pca_errors(manifest.name)
    rows: dict[str, Record] = read_json(path, f"python src/baseline.py {manifest.name}")
    check_baseline(path, rows.pop(MADE_FROM, {}), measured_from(manifest), manifest.name)
    return [
        {"latent_dim": int(key.removeprefix(KEY)), **row} for key, row in rows.items() if row["test_sse"] is not None
    ]


def _flatten(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype(np.float64) / 255
