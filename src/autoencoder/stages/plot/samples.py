"""Test images beside what PCA and the run make of them, as arrays for a page and as rows of a figure.

Those of `shown_rows`, the easiest for the run, those in the middle, and the hardest; with the errors drawn.
"""

from collections.abc import Sequence

import numpy as np

from autoencoder.drawing.image_rows import ImageRow
from autoencoder.inference.decoding import as_bytes, decode_pictures
from autoencoder.inference.embeddings import create_embeddings
from autoencoder.inference.trained_run import TrainedRun
from autoencoder.measures.kept_pca import kept_pca
from autoencoder.measures.pca import most_components
from autoencoder.measures.shown import shown_rows
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Split

NUM_FIRST = 8
FIRST = "first"
FULL_ERROR = 0.5  # of what a value can be off, drawn black


def make_samples(trained: TrainedRun, train: Split, test: Split, shown: Sequence[Record]) -> dict[str, np.ndarray]:
    """which: (n,) text, why each is here; index: (n,), in the source; original, network and, where PCA has as many
    components as the run has latents, pca: (n, channels, height, width) uint8.

    shown: the single images that `evaluate` found ({which, row, ...}).
    """
    first = shown_rows(test, NUM_FIRST, trained.manifest.kind)
    rows = np.concatenate([first, np.array([row["row"] for row in shown], dtype=np.int64)])
    given, latent_dim, manifest = test.images[rows], trained.run.latent_dim, trained.manifest
    arrays = {
        "which": np.array([FIRST] * len(first) + [row["which"] for row in shown]),
        "index": test.index[rows],
        "original": given,
        "network": decode_pictures(trained, create_embeddings(trained, given)),
    }
    if latent_dim <= most_components(manifest.num_inputs):
        linear = kept_pca(manifest, train.images)
        drawn = linear.decode(linear.encode(given, latent_dim)).clip(0, 1)
        arrays["pca"] = as_bytes(drawn).reshape(given.shape)
    return arrays


def sample_rows(samples: dict[str, np.ndarray], shown: Sequence[Record]) -> list[ImageRow]:
    """The easiest, the middle and the hardest as rows of a figure: originals, PCA, the run, and where the run is off
    (white: not at all).
    """
    chosen = samples["which"] != FIRST
    drawn = {key: samples[key][chosen] / np.float32(255) for key in ("original", "pca", "network") if key in samples}
    off = np.abs(drawn["network"] - drawn["original"]).mean(axis=1, keepdims=True)
    titles = tuple(row["which"] for row in shown)
    rows = [ImageRow("original", drawn["original"], titles)]
    if "pca" in drawn:
        rows.append(ImageRow("PCA", drawn["pca"]))
    errors = tuple(f"{row['sse']:.3g}" for row in shown)
    return [*rows, ImageRow("run", drawn["network"], errors), ImageRow("where it\nis off", 1 - off / FULL_ERROR)]
