"""What search finds, as a figure: each query with its neighbors."""

import numpy as np

from autoencoder.drawing.image_rows import ImageRow
from autoencoder.measures.labels import caption
from autoencoder.measures.nearest_neighbors import Neighbors
from autoencoder.storage.prepared import Manifest, Split

NUM_SHOWN = 8


def neighbor_rows(neighbors: Neighbors, queries: Split, corpus: Split, manifest: Manifest) -> list[ImageRow]:
    """Rows of a figure: the first test images, each with its neighbors and their distances."""
    rows = []
    for query in np.argsort(queries.index, kind="stable")[:NUM_SHOWN]:
        found = neighbors.rows[query]
        images = np.concatenate([queries.images[query][None], corpus.images[found]]) / np.float32(255)
        captions = (
            caption(queries, query, manifest),
            *(
                f"{distance:.3g}  {caption(corpus, row, manifest)}"
                for row, distance in zip(found, neighbors.distances[query], strict=True)
            ),
        )
        rows.append(ImageRow(f"test {queries.index[query]}", images, captions))
    return rows
