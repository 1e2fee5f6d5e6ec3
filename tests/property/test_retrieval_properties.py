"""Nearest neighbors of anything, in any order of the corpus."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autoencoder.measures.nearest_neighbors import METRICS, Metric, nearest

NUMBERS = st.integers(-50, 50).map(float)


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.float32, (3, 4), elements=NUMBERS),
    arrays(np.float32, (17, 4), elements=NUMBERS),
    st.sampled_from(METRICS),
)
def test_nothing_left_out_is_nearer(queries: np.ndarray, corpus: np.ndarray, metric: Metric) -> None:
    found = nearest(queries, corpus, 5, metric)
    everything = nearest(queries, corpus, 17, metric)
    assert np.all(np.diff(found.distances, axis=1) >= 0)
    assert np.allclose(found.distances, everything.distances[:, :5], atol=1e-6)
    assert all(sorted(rows) == list(range(17)) for rows in everything.rows.tolist())


@settings(max_examples=60, deadline=None)
@given(arrays(np.float32, (3, 4), elements=NUMBERS), arrays(np.float32, (17, 4), elements=NUMBERS), st.randoms())
def test_the_order_of_the_corpus_does_not_matter(
    queries: np.ndarray, corpus: np.ndarray, random: np.random.Generator
) -> None:
    order = list(range(17))
    random.shuffle(order)
    shuffled = nearest(queries, corpus[order], 5, "euclidean")
    assert np.allclose(shuffled.distances, nearest(queries, corpus, 5, "euclidean").distances)
