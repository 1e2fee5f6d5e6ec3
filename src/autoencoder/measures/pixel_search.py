"""Search by raw pixels, the baseline of every code; and which test images have a near-duplicate in the corpus."""

import numpy as np

from autoencoder.config.retrieval import RetrievalOptions
from autoencoder.measures.nearest_neighbors import METRICS, Metric, Neighbors, near_duplicates, search_all
from autoencoder.storage import paths
from autoencoder.storage.arrays import read_arrays, write_arrays
from autoencoder.storage.prepared import Split


def write_pixel_search(dataset: str, queries: Split, corpus: Split, options: RetrievalOptions) -> np.ndarray:
    """Search by raw pixels, the baseline of every code -> `paths.pixel_neighbors`.

    Returns which queries have a near-duplicate: (n,) bool."""
    given, there = (part.images.reshape(len(part.images), -1) for part in (queries, corpus))
    arrays: dict[str, np.ndarray] = {"near_duplicate": near_duplicates(given, there, options.threshold(dataset))}
    for metric, neighbors in search_all(given, there, options.neighbors).items():
        arrays |= {f"{metric}_distances": neighbors.distances, f"{metric}_rows": neighbors.rows}
    write_arrays(paths.pixel_neighbors(dataset), arrays)
    return arrays["near_duplicate"]


def read_pixel_search(dataset: str) -> tuple[dict[Metric, Neighbors], np.ndarray]:
    """What `write_pixel_search` wrote: neighbors by metric, and (n,) bool near-duplicates. Raises UserError."""
    needed = ("near_duplicate", *(f"{metric}_{part}" for metric in METRICS for part in ("distances", "rows")))
    arrays = read_arrays(paths.pixel_neighbors(dataset), f"python src/baseline.py {dataset}", *needed)
    found = {metric: Neighbors(arrays[f"{metric}_distances"], arrays[f"{metric}_rows"]) for metric in METRICS}
    return found, arrays["near_duplicate"]
