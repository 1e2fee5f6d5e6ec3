"""Pictures of a folder that are nearly the same, wherever the split has put them."""

from dataclasses import dataclass

import numpy as np

from autoencoder.measures.nearest_neighbors import ROUNDING, nearest
from autoencoder.measures.sampling import sample_rows
from autoencoder.storage.prepared import SPLITS, Split

MAX_QUERIES = 5000  # pictures whose nearest is looked for, a random sample: each is compared with all
NUM_NEAREST = 2  # itself, and another


@dataclass(frozen=True)
class Pair:
    """Two pictures by their places in the source, the correlation of their pixels, and the splits that they are in."""

    first: int
    second: int
    correlation: float
    splits: tuple[str, str]

    @property
    def leaks(self) -> bool:
        """Whether one is tested with, and the other is not."""
        return "test" in self.splits and self.splits != ("test", "test")


def near_duplicate_pairs(splits: dict[str, Split], threshold: float) -> list[Pair]:
    """Of each picture and the one most like it, where their pixels correlate by at least `threshold`: each pair once,
    the most alike first. A picture without contrast correlates with nothing.
    """
    flat = np.concatenate([splits[name].images.reshape(len(splits[name].index), -1) for name in SPLITS])
    index = np.concatenate([splits[name].index for name in SPLITS])
    owner = np.repeat(SPLITS, [len(splits[name].index) for name in SPLITS])
    rows = sample_rows(len(flat), MAX_QUERIES)
    found = nearest(flat[rows], flat, NUM_NEAREST, "correlation")
    pairs: dict[tuple[int, int], Pair] = {}
    for row, others, distances in zip(rows, found.rows, found.distances, strict=True):
        place = int(others[0] == row)  # the first that is not itself: of equal pictures either may come first
        if distances[place] <= 1 - threshold + ROUNDING:
            first, second = sorted((int(row), int(others[place])), key=lambda each: index[each])
            correlation = 1 - float(distances[place])
            told = (str(owner[first]), str(owner[second]))
            pairs[first, second] = Pair(int(index[first]), int(index[second]), correlation, told)
    return sorted(pairs.values(), key=lambda pair: (-round(pair.correlation, 6), pair.first, pair.second))
