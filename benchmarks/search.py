"""Times exact search in 50,000 vectors of 384 numbers: one query and 1,000, ours and FAISS's flat index.

The two take turns, round after round in one process; the median of the rounds counts. Prints a table and writes
benchmarks/search.json. FAISS is no dependency of the project: `pip install faiss-cpu` to have it measured. Random
vectors will do, since an exact search compares each query with everything, whatever it finds.
"""

import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch

from autoencoder.measures.nearest_neighbors import nearest
from autoencoder.models.base.device import device_name
from autoencoder.storage.files import write_json

ROUNDS = 7
CORPUS, LATENT_DIM, NEIGHBOURS = 50_000, 384, 8

Search = Callable[[np.ndarray], np.ndarray]


def ours(corpus: np.ndarray) -> Search:
    """Rows of the nearest, by `retrieval.nearest`."""
    return lambda queries: nearest(queries, corpus, NEIGHBOURS, "euclidean").rows


def flat_index(corpus: np.ndarray) -> Search:
    """The same by FAISS; what building the index takes is not counted."""
    import faiss

    index = faiss.IndexFlatL2(corpus.shape[1])
    index.add(corpus)
    return lambda queries: np.asarray(index.search(queries, NEIGHBOURS)[1])


def main() -> None:
    """Measure, print, write."""
    rng = np.random.default_rng(0)
    corpus = rng.standard_normal((CORPUS, LATENT_DIM), dtype=np.float32)
    if not find_spec("faiss"):
        print("search is timed beside FAISS: pip install faiss-cpu")
        return
    searches = {"ours": ours(corpus), "FAISS, flat": flat_index(corpus)}
    records = []
    for num_queries in (1, 1000):
        queries = rng.standard_normal((num_queries, LATENT_DIM), dtype=np.float32)
        seconds: dict[str, list[float]] = {name: [] for name in searches}
        for _ in range(ROUNDS + 1):  # the first round warms up
            for name, search in searches.items():
                start = time.perf_counter()
                found = search(queries)
                seconds[name].append(time.perf_counter() - start)
                assert np.array_equal(found, searches["ours"](queries))  # exact means equal
        for name, values in seconds.items():
            median = round(1000 * statistics.median(values[1:]), 1)
            records.append({"search": name, "num_queries": num_queries, "median_ms": median})
            print("  ".join(f"{key} {value}" for key, value in records[-1].items()))
    about = {"device": device_name(torch.device("cpu")), "rounds": ROUNDS, "corpus": CORPUS, "latent_dim": LATENT_DIM}
    write_json(Path("benchmarks/search.json"), [about, *records])


if __name__ == "__main__":
    main()
