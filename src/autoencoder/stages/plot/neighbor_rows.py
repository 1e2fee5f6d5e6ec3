"""What search finds, as a figure: each query with its neighbors."""

from collections.abc import Sequence

import numpy as np

from autoencoder.drawing.image_rows import ImageRow
from autoencoder.measures.corpus import Corpus
from autoencoder.measures.labels import caption
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Manifest, Split


def neighbor_rows(found: Sequence[Record], queries: Split, corpus: Corpus, manifest: Manifest) -> list[ImageRow]:
    """Rows of a figure: test images, each with its neighbors and their distances.

    found: the records of one metric, as `retrieve` writes them (`tabulate_shown`).
    """
    rows = []
    for record in found:
        query, neighbors = record["query"], record["rows"]
        images = np.concatenate([queries.images[query][None], corpus.images[neighbors]]) / np.float32(255)
        captions = (
            caption(queries, query, manifest),
            *(
                f"{distance:.3g}  {caption(corpus, row, manifest)}"
                for row, distance in zip(neighbors, record["distances"], strict=True)
            ),
        )
        rows.append(ImageRow(f"test {queries.index[query]}", images, captions))
    return rows
