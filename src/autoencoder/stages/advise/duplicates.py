"""Pictures of a folder that are the same or nearly so, wherever the split has put them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from autoencoder.measures.nearest_neighbors import ROUNDING, nearest
from autoencoder.measures.sampling import sample_rows
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import SPLITS, Split

MAX_QUERIES = 5000  # pictures whose nearest is looked for, a random sample: each is compared with all
NUM_NEAREST = 2  # itself, and another
# By how much pixels (0 to 255) differ, as a root mean square, once brightness and contrast are the same. Objects of
# different shapes on one ground correlate well, and differ by more; what was saved again differs by less.
MAX_DIFFERENCE = 12.0
BLOCK = 1024  # pictures taken at once

Found = tuple[int, int, float]  # two rows, and their correlation


@dataclass(frozen=True)
class Pair:
    """Two pictures by their places in the source, the correlation of their pixels, and the splits that they are in."""

    first: int
    second: int
    correlation: float
    splits: tuple[str, str]
    is_same: bool = False  # to the byte

    @property
    def leaks(self) -> bool:
        """Whether one is tested with, and the other is not."""
        return "test" in self.splits and self.splits != ("test", "test")

    def named(self, names: Sequence[str]) -> Record:
        """The pair as it is written down. names: of the pictures, by their places in the source."""
        what = "the same" if self.is_same else "alike"
        found = {"first": names[self.first], "second": names[self.second], "what": what, "leaks": self.leaks}
        return {**found, "correlation": round(self.correlation, 4)}


def near_duplicate_pairs(splits: dict[str, Split], threshold: float) -> list[Pair]:
    """Of each picture and the one most like it, of each test picture and the one most like it that is no test picture:
    those that are the same, or whose pixels correlate by at least `threshold` and hardly differ. Each pair once, the
    most alike first.
    """
    flat = np.concatenate([splits[name].images.reshape(len(splits[name].index), -1) for name in SPLITS])
    index = np.concatenate([splits[name].index for name in SPLITS])
    owner = np.repeat(SPLITS, [len(splits[name].index) for name in SPLITS])
    every, tested = np.arange(len(flat)), owner == "test"
    found = [*_equal(flat), *_alike(flat, every, every, threshold)]
    found += _alike(flat, every[tested], every[~tested], threshold)
    pairs: dict[tuple[int, int], Pair] = {}
    for first, second, correlation in found:
        one, other = sorted((first, second), key=lambda row: index[row])
        told = (str(owner[one]), str(owner[other]))
        is_same = np.array_equal(flat[first], flat[second])
        pairs[one, other] = Pair(int(index[one]), int(index[other]), correlation, told, is_same)
    return sorted(pairs.values(), key=lambda pair: (-round(pair.correlation, 6), pair.first, pair.second))


def _equal(flat: np.ndarray) -> Iterator[Found]:
    """Each picture with the first of the same bytes, in the order of the splits: train, then what it must not hold."""
    firsts: dict[bytes, int] = {}
    for row, pixels in enumerate(flat):
        first = firsts.setdefault(sha256(pixels).digest(), row)
        if first != row:
            yield first, row, 1.0


def _alike(flat: np.ndarray, queries: np.ndarray, corpus: np.ndarray, threshold: float) -> Iterator[Found]:
    """Of a sample of the rows `queries` each with the nearest of the rows `corpus` but itself, where they are alike. A
    picture without contrast correlates with nothing.
    """
    rows = queries[sample_rows(len(queries), MAX_QUERIES)]
    found = nearest(flat[rows], flat[corpus], NUM_NEAREST, "correlation")
    contrast = np.concatenate([flat[start : start + BLOCK].std(axis=1) for start in range(0, len(flat), BLOCK)])
    for row, others, distances in zip(rows, corpus[found.rows], found.distances, strict=True):
        place = int(others[0] == row)  # the first that is not itself: of equal pictures either may come first
        if place < len(others) and distances[place] <= 1 - threshold + ROUNDING:
            other, distance = int(others[place]), float(distances[place])
            if max(contrast[row], contrast[other]) * np.sqrt(2 * distance) <= MAX_DIFFERENCE:
                yield int(row), other, 1 - distance
