"""Exact nearest neighbors, block by block: memory is bounded whatever the size of the corpus.

Source: CIFAR-10 tutorial, `find_similar_images`. A blocked matrix product is exact, and at this size answers a query in
milliseconds. Beside it (benchmarks/search.json): scikit-learn's brute force, which finds the same, takes less time for
narrow vectors, more for wide ones, and up to twice the memory; FAISS's flat index, which is somewhat faster, but
neither makes anyone wait: not worth a dependency.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from autoencoder.measures.distances import METRICS as METRICS
from autoencoder.measures.distances import Metric as Metric
from autoencoder.storage.arrays import Rows

# Numbers in a block of either: what is worked on stays within some tens of megabytes, and mostly in the cache.
QUERY_NUMBERS, CORPUS_NUMBERS = 1 << 20, 1 << 20
MAX_ROWS = 1024  # of a block, however short: their products are a block too
# Of a block of long rows, since each is made ready for every other: as far as it has no more than so many numbers.
MIN_ROWS, LARGEST_BLOCK = 64, 1 << 24
ROUNDING = 1e-6  # of a distance between unit vectors
# Found by a matrix product, whose rounding may swap near ties: some more are kept, and measured again directly.
SPARE = 8


Vectors = np.ndarray | Rows  # (n, d)


@dataclass(frozen=True)
class Neighbors:
    """The nearest of the corpus for each query, nearest first. distances: (n, k) float32. rows: (n, k) int64."""

    distances: np.ndarray
    rows: np.ndarray


@torch.inference_mode()
def nearest(queries: np.ndarray, corpus: Vectors, count: int, metric: Metric) -> Neighbors:
    """The `count` (or all, where there are fewer) rows of `corpus` nearest to each query, exactly.

    queries: (n, d), corpus: (m, d), of any numeric type. euclidean: the square root of the summed squared differences.
    cosine: one minus the cosine of the angle, in [0, 2]; a row of zeros is at distance 1 from everything. correlation:
    the same after each row's own mean is taken off. Equal distances are in the order of the corpus, while they are few.
    """
    count = min(count, len(corpus))
    blocks = torch.split(_tensor(queries), _rows(QUERY_NUMBERS, queries.shape[1]))
    parts = [_nearest(block, corpus, count, metric) for block in blocks]
    distances, rows = (torch.cat(list(column)).numpy() for column in zip(*parts, strict=True))
    return Neighbors(distances, rows)


def _nearest(block: Tensor, corpus: Vectors, count: int, metric: Metric) -> tuple[Tensor, Tensor]:
    queries = _ready(block, metric)
    kept = min(count + SPARE, len(corpus))
    best = torch.empty(len(queries), 0, dtype=torch.float64)
    rows = torch.empty(len(queries), 0, dtype=torch.int64)
    step = _rows(CORPUS_NUMBERS, corpus.shape[1])
    for start in range(0, len(corpus), step):
        candidates = _ready(_tensor(corpus[start : start + step]), metric)
        scores = (queries @ candidates.T).mul_(-2)
        if metric == "euclidean":  # the squared distance, less the query's own square
            scores.add_(torch.linalg.vector_norm(candidates, dim=1).square())
        values, places = scores.topk(min(kept, len(candidates)), largest=False)
        best, order = torch.cat([best, values], 1).topk(min(kept, best.shape[1] + values.shape[1]), largest=False)
        rows = torch.cat([rows, places + start], 1).gather(1, order)
    return _measure(queries, corpus, rows.sort(dim=1).values, count, metric)


def _measure(queries: Tensor, corpus: Vectors, rows: Tensor, count: int, metric: Metric) -> tuple[Tensor, Tensor]:
    """Distances to the candidates `rows`, measured directly; the `count` nearest, ties in the order of the corpus."""
    distances = torch.empty(rows.shape, dtype=torch.float64)
    for place in range(rows.shape[1]):
        candidates = _ready(_tensor(corpus[rows[:, place].numpy()]), metric)
        if metric == "euclidean":
            distances[:, place] = (queries - candidates).square().sum(1).sqrt()
        else:
            distances[:, place] = (1 - (queries * candidates).sum(1)).clamp(min=0)  # rounding may fall below
    nearest_first = distances.argsort(dim=1, stable=True)[:, :count]
    return distances.gather(1, nearest_first).float(), rows.gather(1, nearest_first)


def _ready(block: Tensor, metric: Metric) -> Tensor:
    """A block in float64, so that its inner products are what `metric` compares.

    In float32 the neighbors of vectors far from the origin for their spread would be lost among rounding errors.
    """
    rows = block.double()
    if metric == "correlation":
        rows = rows - rows.mean(dim=1, keepdim=True)
    return rows if metric == "euclidean" else F.normalize(rows, dim=1)


def _rows(numbers: int, dimension: int) -> int:
    """Rows of `dimension` numbers in a block of about so many numbers."""
    some = min(MIN_ROWS, LARGEST_BLOCK // dimension)
    return max(1, min(MAX_ROWS, max(some, numbers // dimension)))


def _tensor(rows: np.ndarray) -> Tensor:
    return torch.from_numpy(np.require(rows, requirements=["C", "A"]))  # what is mapped may lie unaligned


def near_duplicates(queries: np.ndarray, corpus: Vectors, threshold: float) -> np.ndarray:
    """Which queries have a near-duplicate in the corpus: (n,) bool. Both: flat pictures (n or m, num_inputs) uint8.

    A near-duplicate, such as the same picture, correlates with the query, pixel by pixel, by at least `threshold`,
    whatever the brightness and contrast of the two. Flat pictures, all of whose numbers are equal, have no contrast and
    so no correlation: they differ from each other in brightness alone, and are near-duplicates of one another and of
    nothing else. What was moved or recoloured is not found: Barz and Denzler 2020 ("Do we train on test data?",
    ciFAIR), who looked at each pair, count 3.3 % in CIFAR-10.
    """
    distances = nearest(queries, corpus, 1, "correlation").distances[:, 0]
    similar = np.where(_flat(queries), _flat(corpus).any(), distances <= 1 - threshold + ROUNDING)
    return np.asarray(similar, dtype=bool)


def _flat(rows: Vectors) -> np.ndarray:
    blocks = (rows[start : start + MAX_ROWS] for start in range(0, max(1, len(rows)), MAX_ROWS))
    return np.concatenate([(block == block[:, :1]).all(axis=1) for block in blocks])


def search_all(queries: np.ndarray, corpus: Vectors, count: int) -> dict[Metric, Neighbors]:
    """Every query's nearest by each metric."""
    return {metric: nearest(queries, corpus, count, metric) for metric in METRICS}
