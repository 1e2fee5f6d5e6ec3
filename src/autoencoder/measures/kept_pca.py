"""PCA of a data set's training images, fitted once: the baseline, every run's search and every run's codec need it.

It is kept on this machine alone, and no stage has it as an output: eigenvectors differ from processor to processor in
their last digits, and a file of them would have every later stage run again elsewhere.
"""

import hashlib
from pathlib import Path

import numpy as np

from autoencoder.measures.pca import Projection, fit_pca
from autoencoder.storage import paths
from autoencoder.storage.arrays import read_arrays, write_arrays
from autoencoder.storage.prepared import Manifest
from autoencoder.ui.errors import UserError

FITTED_BY = Path(__file__).with_name("pca.py")
DIGITS = 16  # of the digest


def kept_pca(manifest: Manifest, train: np.ndarray) -> Projection:
    """`fit_pca` of the data set's training images (n, channels, height, width) uint8: what was kept of the same images,
    or else fitted, and kept.
    """
    path = paths.pca(manifest.name, _made_from(manifest))
    try:
        kept = read_arrays(path, "", "mean", "components")
    except UserError:  # not there yet, or damaged: it costs seconds
        fitted = fit_pca(train)
        for earlier in path.parent.glob(f"{manifest.name}-{'?' * DIGITS}{path.suffix}"):
            earlier.unlink(missing_ok=True)
        write_arrays(path, {"mean": fitted.mean, "components": fitted.components})
        return fitted
    return Projection(kept["mean"], kept["components"])


def _made_from(manifest: Manifest) -> str:
    """A digest of the images and of what fits them: neither an edit there nor other images meet an old fit."""
    return hashlib.sha256(FITTED_BY.read_bytes() + manifest.sha256["train.npz"].encode()).hexdigest()[:DIGITS]
