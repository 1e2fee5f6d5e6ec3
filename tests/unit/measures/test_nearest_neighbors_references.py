"""Search against scikit-learn's brute force, and near-duplicates against NumPy's correlation."""

from typing import Any

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from autoencoder.measures import nearest_neighbors
from autoencoder.measures.nearest_neighbors import near_duplicates, nearest, search_all


def brute_force(queries: np.ndarray, corpus: np.ndarray, count: int, metric: str) -> tuple[np.ndarray, np.ndarray]:
    model = NearestNeighbors(n_neighbors=count, algorithm="brute", metric=metric)
    found: tuple[np.ndarray, np.ndarray] = model.fit(corpus.astype(np.float64)).kneighbors(queries.astype(np.float64))
    return found


@pytest.mark.parametrize("kind", ["latents", "pixels"])
@pytest.mark.parametrize(("query_numbers", "corpus_numbers"), [(1 << 20, 1 << 20), (200, 3000)])
def test_every_metric_finds_what_scikit_learn_finds(
    kind: str, query_numbers: int, corpus_numbers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest_neighbors, "QUERY_NUMBERS", query_numbers)
    monkeypatch.setattr(nearest_neighbors, "CORPUS_NUMBERS", corpus_numbers)
    monkeypatch.setattr(nearest_neighbors, "MIN_ROWS", 1)
    rng = np.random.default_rng(2)
    shapes: list[Any] = [(31, 40), (700, 40)]
    if kind == "latents":
        queries, corpus = (rng.normal(0.5, 2, shape).astype(np.float32) for shape in shapes)
    else:
        queries, corpus = (rng.integers(0, 256, shape, dtype=np.uint8) for shape in shapes)
    found = search_all(queries, corpus, 8)
    assert list(found) == ["euclidean", "cosine"]
    for metric, neighbors in found.items():
        distances, rows = brute_force(queries, corpus, 8, metric)
        assert np.array_equal(neighbors.rows, rows)
        assert neighbors.distances == pytest.approx(distances, rel=1e-7, abs=1e-7)
        assert neighbors.distances.dtype == np.float32
        assert neighbors.rows.dtype == np.int64


def test_near_ties_beyond_the_first_are_measured_again() -> None:
    """So far from the origin a float32 matrix product orders points at random; direct differences do not."""
    rng = np.random.default_rng(0)
    corpus = (3000 + rng.permutation(12)[:, None] * np.array([0.01, 0, 0, 0])).astype(np.float32)
    query = np.full((1, 4), 3000, dtype=np.float32)
    for count in (1, 4, 12):
        distances = np.linalg.norm(corpus.astype(np.float64) - query, axis=1)
        expected = np.argsort(distances, kind="stable")[:count]
        found = nearest(query, corpus, count, "euclidean")
        assert found.rows[0].tolist() == expected.tolist()
        assert found.distances[0] == pytest.approx(distances[expected], rel=1e-7)


def test_eight_more_than_asked_are_measured_directly() -> None:
    """Nine corpus rows that a matrix product cannot tell apart: the nearest is found although it comes last."""
    corpus = np.full((9, 4), 1e4, dtype=np.float32)
    corpus[:8, 0] += 0.01
    found = nearest(np.full((1, 4), 1e4, dtype=np.float32), corpus, 1, "euclidean")
    assert found.rows.tolist() == [[8]]
    assert found.distances.tolist() == [[0.0]]


@pytest.mark.parametrize("threshold", [0.5, 0.9, 1.0])
def test_near_duplicates_are_those_that_correlate(threshold: float) -> None:
    rng = np.random.default_rng(4)
    corpus = rng.integers(0, 256, (30, 120), dtype=np.uint8)
    noise = np.linspace(0, 250, 40)[:, None] * rng.standard_normal((40, 120))
    queries = (corpus[rng.integers(0, 30, 40)] * 0.5 + 60 + 0.5 * noise).clip(0, 255).astype(np.uint8)
    queries = np.concatenate([queries, corpus[:3], corpus[:2] // 2 * 2])
    correlations = np.corrcoef(queries, corpus)[: len(queries), len(queries) :].max(axis=1)
    assert np.abs(correlations - threshold)[correlations < 0.999999].min() > 1e-5  # none is on the edge
    expected = correlations >= threshold - 1e-9
    assert 0 < expected.sum() < len(expected)
    assert near_duplicates(queries, corpus, threshold).tolist() == expected.tolist()
