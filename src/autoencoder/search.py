"""Image search: the corpus of a data set, its near-duplicates, and how well neighbours in a code match the query.

The corpus is every image that is not test: train, then val. The queries are the test images.
Source: CIFAR-10 tutorial, which searches what is left of a shuffled loader.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from autoencoder.arrays import read_arrays, write_arrays
from autoencoder.latents import read_latents
from autoencoder.prepared import Manifest, Split, read_split
from autoencoder.retrieval import METRICS, Metric, Neighbours, Options, near_duplicates, nearest
from autoencoder.rounding import significant
from autoencoder.rows import Row
from autoencoder.runs import Run

Record = dict[str, Any]

NUM_SHOWN = 8
EVERY_QUERY, DISTINCT_QUERIES = "all", "without near-duplicates"


def read_corpus(dataset: str) -> Split:
    """All images that are not test: train, then val. Raises UserError where the data set was not prepared."""
    train, val = (read_split(dataset, name) for name in ("train", "val"))
    labels = {name: np.concatenate([train.labels[name], val.labels[name]]) for name in train.labels}
    return Split(np.concatenate([train.images, val.images]), np.concatenate([train.index, val.index]), labels)


def read_corpus_latents(run: str) -> np.ndarray:
    """The run's latents of the corpus, (m, latent_dim) float32, in the corpus's order."""
    return np.concatenate([read_latents(run, name).latents for name in ("train", "val")])


def search_all(queries: np.ndarray, corpus: np.ndarray, count: int) -> dict[Metric, Neighbours]:
    """Every query's nearest by each metric."""
    return {metric: nearest(queries, corpus, count, metric) for metric in METRICS}


def tabulate(
    run: Run,
    found: dict[str, dict[Metric, Neighbours]],
    queries: Split,
    corpus: Split,
    manifest: Manifest,
    near_duplicate: np.ndarray,
) -> list[Record]:
    """All that is said of search with a run's latents and other codes beside them (`found`, by the code's name).

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
    found: dict[Metric, Neighbours], queries: Split, corpus: Split, manifest: Manifest, distinct: np.ndarray
) -> Iterator[Record]:
    """How many of the neighbours match the query, for each metric and label: over all queries, and by the query's name.

    Records {metric, label, queries, name, num_queries, precision}. For a label of codes a neighbour matches that has
    the same; for one of flags (accessories) it counts as the share that both have of what either has (Jaccard; 1 where
    neither has any). `distinct`: (n,) bool, the queries without a near-duplicate in the corpus.
    """
    for metric, neighbours in found.items():
        for label in told_labels(manifest):
            matches = match(queries.labels[label], corpus.labels[label][neighbours.rows])
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


def told_labels(manifest: Manifest) -> list[str]:
    """The labels that tell images apart: those of more than one name. (A folder without sub-folders has one of one.)"""
    return [label for label, names in manifest.labels.items() if len(names) > 1]


def match(of_queries: np.ndarray, of_neighbours: np.ndarray) -> np.ndarray:
    """How well each neighbour matches its query, (n, k) in [0, 1]; see `precisions`.

    of_queries: (n,) codes or (n, f) flags. of_neighbours: (n, k) codes or (n, k, f) flags.
    """
    if of_queries.ndim == 1:
        same: np.ndarray = (of_queries[:, None] == of_neighbours).astype(np.float64)
        return same
    given = of_queries[:, None, :].astype(bool)
    shared = (given & of_neighbours.astype(bool)).sum(2)
    either = (given | of_neighbours.astype(bool)).sum(2)
    overlap: np.ndarray = np.where(either == 0, 1.0, shared / np.maximum(either, 1))
    return overlap


def _by_name(values: np.ndarray, names: list[str]) -> dict[str, np.ndarray]:
    """The queries of each name of a label of codes, and all of them; of flags, just all."""
    everyone = {"all": np.ones(len(values), dtype=bool)}
    if values.ndim > 1:
        return everyone
    return everyone | {name + "*" * (name in everyone): values == code for code, name in enumerate(names)}


def chance(queries: Split, corpus: Split, manifest: Manifest) -> Iterator[Record]:
    """What neighbours drawn blindly would reach, for each label of codes: {label, precision}."""
    for label in told_labels(manifest):
        names = manifest.labels[label]
        if queries.labels[label].ndim == 1:
            given, there = (
                np.bincount(part.labels[label], minlength=len(names)) / len(part.images) for part in (queries, corpus)
            )
            yield {"label": label, "precision": significant(float(given @ there))}


def picture(neighbours: Neighbours, queries: Split, corpus: Split, manifest: Manifest) -> list[Row]:
    """Rows of a figure: the first test images, each with its neighbours and their distances."""
    rows = []
    for query in np.argsort(queries.index, kind="stable")[:NUM_SHOWN]:
        found = neighbours.rows[query]
        images = np.concatenate([queries.images[query][None], corpus.images[found]]) / np.float32(255)
        captions = (
            caption(queries, query, manifest),
            *(
                f"{distance:.3g}  {caption(corpus, row, manifest)}"
                for row, distance in zip(found, neighbours.distances[query], strict=True)
            ),
        )
        rows.append(Row(f"test {queries.index[query]}", images, captions))
    return rows


def caption(split: Split, row: int, manifest: Manifest) -> str:
    """What an image shows, by the first of its labels that is a code."""
    for label in told_labels(manifest):
        if split.labels[label].ndim == 1:
            code: int = split.labels[label][row]
            return manifest.labels[label][code]
    return ""


def neighbours_path(dataset: str) -> Path:
    """What pixels alone find: neighbours of the test images by each metric, and which of them have a near-duplicate."""
    return Path("data/baselines") / dataset / "neighbours.npz"


def write_pixel_search(dataset: str, queries: Split, corpus: Split, options: Options) -> np.ndarray:
    """Search by raw pixels, the baseline of every code -> `neighbours_path`. Returns which queries have a duplicate."""
    given, there = (part.images.reshape(len(part.images), -1) for part in (queries, corpus))
    arrays: dict[str, np.ndarray] = {"near_duplicate": near_duplicates(given, there, options.threshold(dataset))}
    for metric, neighbours in search_all(given, there, options.neighbours).items():
        arrays |= {f"{metric}_distances": neighbours.distances, f"{metric}_rows": neighbours.rows}
    write_arrays(neighbours_path(dataset), arrays)
    return arrays["near_duplicate"]


def read_pixel_search(dataset: str) -> tuple[dict[Metric, Neighbours], np.ndarray]:
    """What `write_pixel_search` wrote: neighbours by metric, and (n,) bool near-duplicates. Raises UserError."""
    needed = ("near_duplicate", *(f"{metric}_{part}" for metric in METRICS for part in ("distances", "rows")))
    arrays = read_arrays(neighbours_path(dataset), f"python src/pixels.py {dataset}", *needed)
    found = {metric: Neighbours(arrays[f"{metric}_distances"], arrays[f"{metric}_rows"]) for metric in METRICS}
    return found, arrays["near_duplicate"]
