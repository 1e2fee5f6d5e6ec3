"""What search finds for the queries that a figure shows, as a table."""

from collections.abc import Mapping

import numpy as np

from autoencoder.measures.nearest_neighbors import Metric
from autoencoder.measures.shown import shown_rows
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Split

NUM_SHOWN = 4


def tabulate_shown(found: Mapping[str, Mapping[Metric, np.ndarray]], queries: Split, kind: str) -> list[Record]:
    """The test images of `shown_rows`, with what each code finds for them, the nearest first.

    kind: of the data set. found: by code (latents, PCA, pixels) and metric the neighbors' rows in the corpus, (n, k).
    Records {code, metric, query, rows}: `query` is a row of the test split, `rows` are rows of the corpus.
    """
    shown = shown_rows(queries, NUM_SHOWN, kind).tolist()
    return [
        {"code": code, "metric": metric, "query": query, "rows": rows[query].tolist()}
        for code, by_metric in found.items()
        for metric, rows in by_metric.items()
        for query in shown
    ]
