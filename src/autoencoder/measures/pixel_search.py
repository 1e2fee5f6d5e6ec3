"""Search by raw pixels, the baseline of every code; and which test images have a near-duplicate in the corpus."""

import json

import numpy as np

from autoencoder.config.retrieval import RetrievalOptions
from autoencoder.measures.corpus import Corpus
from autoencoder.measures.nearest_neighbors import METRICS, Metric, near_duplicates, search_all
from autoencoder.storage import paths
from autoencoder.storage.arrays import read_arrays, write_arrays
from autoencoder.storage.prepared import Manifest, Split
from autoencoder.storage.provenance import MADE_FROM, check_baseline, measured_from


def write_pixel_search(manifest: Manifest, queries: Split, corpus: Corpus, options: RetrievalOptions) -> np.ndarray:
    """Search by raw pixels, the baseline of every code, with what it was made from -> `paths.pixel_neighbors`.

    Returns which queries have a near-duplicate: (n,) bool."""
    given, there = queries.images.reshape(len(queries.images), -1), corpus.images.flattened()
    threshold = options.threshold(manifest.name)
    arrays: dict[str, np.ndarray] = {"near_duplicate": near_duplicates(given, there, threshold)}
    for metric, neighbors in search_all(given, there, options.neighbors).items():
        arrays[metric] = neighbors.rows.astype("<i4")
    facts = np.array(json.dumps(_made_from(manifest, options)))
    write_arrays(paths.pixel_neighbors(manifest.name), {MADE_FROM: facts, **arrays})
    return arrays["near_duplicate"]


def read_pixel_search(manifest: Manifest, options: RetrievalOptions) -> tuple[dict[Metric, np.ndarray], np.ndarray]:
    """What `write_pixel_search` wrote: by metric the neighbors' rows in the corpus, (n, k) int32, nearest first; and
    near-duplicates, (n,) bool.

    Raises UserError where it is missing, damaged, or made from other images or options than the present ones.
    """
    path, dataset = paths.pixel_neighbors(manifest.name), manifest.name
    arrays = read_arrays(path, f"python src/baseline.py {dataset}", MADE_FROM, "near_duplicate", *METRICS)
    check_baseline(path, json.loads(str(arrays[MADE_FROM])), _made_from(manifest, options), dataset)
    return {metric: arrays[metric] for metric in METRICS}, arrays["near_duplicate"]


def _made_from(manifest: Manifest, options: RetrievalOptions) -> dict[str, object]:
    values = {"neighbors": options.neighbors, "near_duplicate": options.threshold(manifest.name)}
    return measured_from(manifest, **values)
