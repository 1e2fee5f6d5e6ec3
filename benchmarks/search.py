"""Times exact search: ours, scikit-learn's brute force, and FAISS's flat index where it is installed.

In 50,000 vectors of 384 numbers (CIFAR-10's largest latents) and of 3,072 (its pixels), and in 7,500 of 108 (the
punks'). All take turns, round after round in one process. Prints a table of medians, least, most and the ratio to
ours, and writes benchmarks/search.json. FAISS comes with the `bench` extra. Random vectors will do, since an exact
search compares each query with everything, whatever it finds.
"""

import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from sklearn.neighbors import NearestNeighbors

from autoencoder.measures.nearest_neighbors import nearest
from autoencoder.models.base.device import device_name
from autoencoder.storage.files import write_json

ROUNDS = 5
NEIGHBORS = 8
CASES = ((50_000, 384, 1), (50_000, 384, 1000), (50_000, 3072, 1000), (7_500, 108, 2500))  # corpus, dimension, queries


Search = Callable[[np.ndarray], np.ndarray]


def ours(corpus: np.ndarray) -> Search:
    """Rows of the nearest, by `nearest`."""
    return lambda queries: nearest(queries, corpus, NEIGHBORS, "euclidean").rows


def brute_force(corpus: np.ndarray) -> Search:
    """The same by scikit-learn."""
    search = NearestNeighbors(n_neighbors=NEIGHBORS, algorithm="brute").fit(corpus)
    return lambda queries: np.asarray(search.kneighbors(queries, return_distance=False))


def flat_index(corpus: np.ndarray) -> Search:
    """The same by FAISS; what building the index takes is not counted."""
    import faiss

    index = faiss.IndexFlatL2(corpus.shape[1])
    index.add(corpus)
    return lambda queries: np.asarray(index.search(queries, NEIGHBORS)[1])


def main() -> None:
    """Measure, print, write."""
    rng = np.random.default_rng(0)
    records = []
    for num_corpus, dimension, num_queries in CASES:
        corpus, queries = (rng.standard_normal((n, dimension), dtype=np.float32) for n in (num_corpus, num_queries))
        searches = {"ours": ours(corpus), "scikit-learn, brute": brute_force(corpus)}
        if find_spec("faiss"):
            searches["FAISS, flat"] = flat_index(corpus)
        case = {"corpus": num_corpus, "dimension": dimension, "num_queries": num_queries}
        for name, times in time_in_turns(searches, queries).items():
            records.append({**case, "search": name, **times})
            print("  ".join(f"{key} {value}" for key, value in records[-1].items()))
    about = {"device": device_name(torch.device("cpu")), "rounds": ROUNDS}
    write_json(Path("benchmarks/search.json"), [about, *records])


def time_in_turns(searches: dict[str, Search], queries: np.ndarray) -> dict[str, dict[str, float]]:
    """The time of each search in milliseconds: the median, the least, the most; the median of its ratios to ours."""
    seconds: dict[str, list[float]] = {name: [] for name in searches}
    expected = searches["ours"](queries)
    for _ in range(ROUNDS + 1):  # the first round warms up
        for name, search in searches.items():
            start = time.perf_counter()
            found = search(queries)
            seconds[name].append(time.perf_counter() - start)
            assert (found == expected).mean() > 0.999  # exact means equal, but for near ties in float32 sums
    return {name: _told(values[1:], seconds["ours"][1:]) for name, values in seconds.items()}


def _told(seconds: list[float], ours: list[float]) -> dict[str, float]:
    spread = {"median": statistics.median(seconds), "least": min(seconds), "most": max(seconds)}
    ratio = statistics.median(own / other for own, other in zip(seconds, ours, strict=True))
    return {f"{what}_ms": round(1000 * value, 1) for what, value in spread.items()} | {"times_ours": round(ratio, 2)}


if __name__ == "__main__":
    main()
