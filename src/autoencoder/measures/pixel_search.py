"""Search by raw pixels, the baseline of every code; and which test images have a near-duplicate in the corpus."""

import numpy as np

from autoencoder.config.retrieval import RetrievalOptions
from autoencoder.measures.nearest_neighbors import METRICS, Metric, near_duplicates, search_all
from autoencoder.storage import paths
from autoencoder.storage.arrays import read_arrays, write_arrays
from autoencoder.storage.prepared import Split


def write_pixel_search(dataset: str, queries: Split, corpus: Split, options: RetrievalOptions) -> np.ndarray:
    """Search by raw pixels, the baseline of every code -> `paths.pixel_neighbors`.

    Returns which queries have a near-duplicate: (n,) bool."""
    given, there = (part.images.reshape(len(part.images), -1) for part in (queries, corpus))
    arrays: dict[str, np.ndarray] = {"near_duplicate": near_duplicates(given, there, options.threshold(dataset))}
    for metric, neighbors in search_all(given, there, options.neighbors).items():
        arrays[metric] = neighbors.rows.astype("<i4")
    write_arrays(paths.pixel_neighbors(dataset), arrays)
    return arrays["near_duplicate"]


def read_pixel_search(dataset: str) -> tuple[dict[Metric, np.ndarray], np.ndarray]:
    """What `write_pixel_search` wrote: by metric the neighbors' rows in the corpus, (n, k) int32, nearest first; and
    near-duplicates, (n,) bool. Raises UserError.
    """
    arrays = read_arrays(
        paths.pixel_neighbors(dataset), f"python src/baseline.py {dataset}", "near_duplicate", *METRICS
    )
    return {metric: arrays[metric] for metric in METRICS}, arrays["near_duplicate"]
