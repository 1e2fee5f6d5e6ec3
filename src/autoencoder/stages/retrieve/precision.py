"""How well neighbors match their query, by each label, and what blind choice would reach."""

from collections.abc import Iterator

import numpy as np

from autoencoder.config.runs import Run
from autoencoder.measures.corpus import Corpus
from autoencoder.measures.labels import told_labels
from autoencoder.measures.nearest_neighbors import Metric
from autoencoder.measures.rounding import significant
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Manifest, Split

PAIRED = 256  # queries at a time, against the whole corpus
EVERY_QUERY, DISTINCT_QUERIES = "all", "without near-duplicates"


def tabulate(
    run: Run,
    found: dict[str, dict[Metric, np.ndarray]],
    queries: Split,
    corpus: Split | Corpus,
    manifest: Manifest,
    near_duplicate: np.ndarray,
) -> list[Record]:
    """All that is said of search with a run's latents and other codes beside them.

    found: by the code's name and the metric, each query's neighbors as rows of the corpus, (n, k), nearest first.

    Records {run, latent_dim, code, metric, label, queries, name, num_queries, precision}; see `precisions`. And for
    each label what blind choice would reach, as the code "chance". near_duplicate: (n,) bool, as `write_pixel_search`
    returns it.
    """
    about = {"run": run.name, "latent_dim": run.latent_dim}
    records = [
        {**about, "code": code, **record}
        for code, by_metric in found.items()
        for record in precisions(by_metric, queries, corpus, manifest, ~near_duplicate)
    ]
    return records + [{**about, "code": "chance", **record} for record in chance(queries, corpus, manifest)]


def precisions(
    found: dict[Metric, np.ndarray], queries: Split, corpus: Split | Corpus, manifest: Manifest, distinct: np.ndarray
) -> Iterator[Record]:
    """How many of the neighbors match the query, for each metric and label: over all queries, and by the query's name.

    Records {metric, label, queries, name, num_queries, precision}. For a label of codes a neighbor matches that has
    the same; for one of flags (accessories) it counts as the share that both have of what either has (Jaccard; 1 where
    neither has any). `distinct`: (n,) bool, the queries without a near-duplicate in the corpus.
    """
    for metric, rows in found.items():
        for label in told_labels(manifest):
            matches = match(queries.labels[label], corpus.labels[label][rows])
            for which, chosen in {EVERY_QUERY: np.ones_like(distinct), DISTINCT_QUERIES: distinct}.items():
                for name, of_name in _by_name(queries.labels[label], manifest.labels[label]).items():
                    counted = chosen & of_name
                    if counted.any():
                        yield {
                            "metric": metric,
                            "label": label,
                            "queries": which,
                            "name": name,
                            "num_queries": int(counted.sum()),
                            "precision": significant(float(matches[counted].mean())),
                        }


def match(of_queries: np.ndarray, of_neighbors: np.ndarray) -> np.ndarray:
    """How well each neighbor matches its query, (n, k) in [0, 1]; see `precisions`.

    of_queries: (n,) codes or (n, f) flags. of_neighbors: (n, k) codes or (n, k, f) flags.
    """
    if of_queries.ndim == 1:
        same: np.ndarray = (of_queries[:, None] == of_neighbors).astype(np.float64)
        return same
    given = of_queries[:, None, :].astype(bool)
    shared = (given & of_neighbors.astype(bool)).sum(2)
    either = (given | of_neighbors.astype(bool)).sum(2)
    overlap: np.ndarray = np.where(either == 0, 1.0, shared / np.maximum(either, 1))
    return overlap


def _by_name(values: np.ndarray, names: list[str]) -> dict[str, np.ndarray]:
    """The queries of each name of a label of codes, and all of them; of flags, just all."""
    everyone = {"all": np.ones(len(values), dtype=bool)}
    if values.ndim > 1:
        return everyone
    return everyone | {name + "*" * (name in everyone): values == code for code, name in enumerate(names)}


def chance(queries: Split, corpus: Split | Corpus, manifest: Manifest) -> Iterator[Record]:
    """What neighbors drawn blindly would reach, for each label: {label, precision}, the mean over all pairs."""
    for label in told_labels(manifest):
        given, there = queries.labels[label], corpus.labels[label]
        if given.ndim == 1:
            shares = (
                np.bincount(codes, minlength=len(manifest.labels[label])) / len(codes) for codes in (given, there)
            )
            precision = float(np.dot(*shares))
        else:
            precision = mean_overlap(given, there)
        yield {"label": label, "precision": significant(precision)}


def mean_overlap(given: np.ndarray, there: np.ndarray) -> float:
    """The mean of `match` over all pairs of flags, (n, f) and (m, f), a block of pairs at a time."""
    ones = there.astype(np.float64)
    total = 0.0
    for block in np.array_split(given.astype(np.float64), -(-len(given) // PAIRED)):
        shared = block @ ones.T
        either = block.sum(1)[:, None] + ones.sum(1) - shared
        total += float(np.where(either == 0, 1.0, shared / np.maximum(either, 1)).sum())
    return total / (len(given) * len(there))
