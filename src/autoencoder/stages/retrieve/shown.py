"""What search finds for the queries that a figure shows, as a table."""

import numpy as np

from autoencoder.measures.nearest_neighbors import Metric, Neighbors
from autoencoder.measures.rounding import significant
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Split

NUM_SHOWN = 8


def tabulate_shown(found: dict[Metric, Neighbors], queries: Split) -> list[Record]:
    """The first test images, in the order of their source, with their neighbors, the nearest first.

    Records {metric, query, rows, distances}: `query` is a row of the test split, `rows` are rows of the corpus.
    """
    first = np.argsort(queries.index, kind="stable")[:NUM_SHOWN].tolist()
    return [
        {
            "metric": metric,
            "query": query,
            "rows": neighbors.rows[query].tolist(),
            "distances": [significant(distance, 4) for distance in neighbors.distances[query].tolist()],
        }
        for metric, neighbors in found.items()
        for query in first
    ]
