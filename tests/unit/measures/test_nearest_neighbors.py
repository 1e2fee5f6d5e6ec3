"""Nearest neighbors against a search that compares everything with everything."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from autoencoder.measures import nearest_neighbors
from autoencoder.measures.nearest_neighbors import Metric, near_duplicates, nearest
from autoencoder.storage.arrays import Rows

RNG = np.random.default_rng(0)
QUERIES, CORPUS = RNG.normal(size=(23, 7)).astype(np.float32), RNG.normal(size=(101, 7)).astype(np.float32)


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "correlation"])
def test_neighbors_are_those_of_a_full_comparison(metric: Metric, monkeypatch: pytest.MonkeyPatch) -> None:
    distances = cdist(QUERIES, CORPUS, metric)
    expected = np.argsort(distances, axis=1, kind="stable")[:, :8]
    for query_numbers, corpus_numbers in ((1 << 20, 1 << 20), (35, 70), (1, 1)):  # the blocks change nothing
        monkeypatch.setattr(nearest_neighbors, "QUERY_NUMBERS", query_numbers)
        monkeypatch.setattr(nearest_neighbors, "CORPUS_NUMBERS", corpus_numbers)
        monkeypatch.setattr(nearest_neighbors, "MIN_ROWS", 1)
        found = nearest(QUERIES, CORPUS, 8, metric)
        assert np.array_equal(found.rows, expected)
        assert found.distances == pytest.approx(np.take_along_axis(distances, expected, 1), abs=1e-6)
        in_parts = nearest(QUERIES, Rows(CORPUS[:40], CORPUS[40:]), 8, metric)
        assert np.array_equal(in_parts.rows, expected)


def test_an_image_of_the_corpus_finds_itself_at_no_distance() -> None:
    found = nearest(CORPUS[10:12], CORPUS, 1, "euclidean")
    assert found.rows.tolist() == [[10], [11]]
    assert found.distances.tolist() == [[0.0], [0.0]]


def test_near_ties_far_from_the_origin_are_still_in_order() -> None:
    """Where a float32 matrix product sees no difference any more, the direct measurement does."""
    corpus = np.full((6, 4), 1000, dtype=np.float32)
    corpus[:, 0] += np.array([0.05, 0.03, 0.06, 0.01, 0.02, 0.04], dtype=np.float32)
    found = nearest(np.full((1, 4), 1000, dtype=np.float32), corpus, 3, "euclidean")
    assert found.rows.tolist() == [[3, 4, 1]]


def test_blocks_are_bounded_whatever_the_dimension() -> None:
    for dimension, expected in ((1, 1024), (64, 1024), (3072, 341), (196_608, 64), (1 << 20, 16), (3 << 24, 1)):
        rows = nearest_neighbors._rows(nearest_neighbors.CORPUS_NUMBERS, dimension)
        assert rows == expected
        assert rows * dimension <= max(nearest_neighbors.LARGEST_BLOCK, dimension)


def test_a_copy_is_at_no_negative_distance() -> None:
    rows = RNG.normal(size=(50, 33)).astype(np.float32)
    assert nearest(rows, rows, 1, "cosine").distances.min() >= 0
    assert near_duplicates(rows, rows, 1.0).all()


def test_equal_distances_are_in_the_order_of_the_corpus() -> None:
    found = nearest(np.zeros((1, 3)), np.ones((5, 3)), 3, "euclidean")
    assert found.rows.tolist() == [[0, 1, 2]]


def test_bytes_are_compared_as_numbers() -> None:
    found = nearest(np.array([[250, 0]], np.uint8), np.array([[0, 0], [255, 0], [200, 0]], np.uint8), 2, "euclidean")
    assert found.rows.tolist() == [[1, 2]]
    assert found.distances.tolist() == [[5.0, 50.0]]


def test_a_small_corpus_gives_all_it_has_and_zeros_have_no_direction() -> None:
    found = nearest(np.zeros((1, 2)), np.array([[1.0, 0.0], [0.0, 1.0]]), 8, "cosine")
    assert found.rows.tolist() == [[0, 1]]
    assert found.distances.tolist() == [[1.0, 1.0]]


def test_a_brighter_copy_is_a_near_duplicate_and_another_picture_is_not() -> None:
    corpus = RNG.integers(20, 200, size=(12, 300)).astype(np.uint8)
    queries = np.stack([corpus[3] // 2 + 40, RNG.integers(0, 255, 300).astype(np.uint8)])
    assert near_duplicates(queries, corpus, 0.9).tolist() == [True, False]


def flat(*values: int, numbers: int = 300) -> np.ndarray:
    return np.array(values, np.uint8)[:, None].repeat(numbers, axis=1)


def test_flat_pictures_are_near_duplicates_of_each_other_and_of_nothing_else() -> None:
    pictures = RNG.integers(0, 255, size=(12, 300)).astype(np.uint8)
    assert near_duplicates(flat(0, 7, 255), np.concatenate([pictures, flat(7)]), 1.0).tolist() == [True] * 3
    assert near_duplicates(flat(0, 7, 255), pictures, 0.01).tolist() == [False] * 3
    assert near_duplicates(pictures, flat(0, 7, 255), 0.01).tolist() == [False] * 12
    almost = flat(7)
    almost[0, 0] = 8  # one number that differs is contrast
    assert near_duplicates(almost, flat(7), 0.9).tolist() == [False]


def test_equal_pictures_are_near_duplicates_whatever_rounding_says() -> None:
    large = RNG.integers(0, 255, size=(3, 3 * 512 * 512)).astype(np.uint8)
    assert near_duplicates(large, large[[2, 0, 1]], 1.0).all()
    assert near_duplicates(flat(200, numbers=3 * 512 * 512), flat(200, numbers=3 * 512 * 512), 1.0).all()


def test_a_vector_is_at_no_distance_from_itself() -> None:
    """Scaled to length one in float32, sparse rows of large numbers are up to 3e-6 away from themselves."""
    rows = (RNG.random((200, 1728)) < 0.2) * RNG.integers(0, 256, (200, 1728))
    for metric in ("cosine", "correlation"):
        assert nearest(rows.astype(np.uint8), rows.astype(np.uint8), 1, metric).distances.max() < 1e-12


def test_pictures_with_contrast_are_what_their_correlation_says() -> None:
    corpus = RNG.integers(0, 255, size=(40, 48)).astype(np.uint8)
    queries = (corpus[:20] * 0.6 + RNG.integers(0, 100, size=(20, 48))).astype(np.uint8)
    for threshold in (0.5, 0.7, 0.9, 0.95, 1.0):
        expected = (np.corrcoef(queries, corpus)[:20, 20:] >= threshold).any(axis=1)
        assert near_duplicates(queries, corpus, threshold).tolist() == expected.tolist()


@pytest.mark.parametrize(("metric", "far"), [("cosine", 30.0), ("euclidean", 1e5)])
def test_vectors_far_from_the_origin_have_their_true_neighbors(metric: Metric, far: float) -> None:
    """Two numbers that hardly differ in direction, or hardly in length: float32 would see but rounding errors."""
    rng = np.random.default_rng(0)
    corpus, queries = rng.standard_normal((3000, 2)) + far, rng.standard_normal((40, 2)) + far
    exact = np.linalg.norm(queries[:, None] - corpus, axis=2)
    if metric == "cosine":  # the angle, which keeps the digits that one minus its cosine loses
        angles = [np.arctan2(points[:, 1], points[:, 0]) for points in (queries, corpus)]
        exact = np.abs(angles[0][:, None] - angles[1])
    assert np.array_equal(nearest(queries, corpus, 8, metric).rows, np.argsort(exact, axis=1)[:, :8])


def test_vectors_that_lie_unaligned_in_memory_are_found_too() -> None:
    shifted = np.frombuffer(b"x" + CORPUS.tobytes(), np.float32, offset=1).reshape(CORPUS.shape)
    assert not shifted.flags.aligned
    assert nearest_neighbors._tensor(shifted).data_ptr() % 4 == 0
    assert np.array_equal(nearest(QUERIES, shifted, 3, "cosine").rows, nearest(QUERIES, CORPUS, 3, "cosine").rows)
