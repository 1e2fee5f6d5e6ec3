"""Search with a picture of one's own: what of a data set looks like it, to a trained encoder."""

import numpy as np

from autoencoder.drawing.image_rows import ImageRow
from autoencoder.inference.embeddings import create_embeddings
from autoencoder.inference.trained_run import load_trained
from autoencoder.measures.corpus import read_corpus, read_corpus_latents
from autoencoder.measures.labels import caption
from autoencoder.measures.nearest_neighbors import Metric, Neighbors, nearest


class ImageSearch:
    """A run's encoder and the corpus of its data set, loaded once for any number of queries.

    Raises UserError where the run, its weights, its data set or its latents are missing.
    """

    def __init__(self, run: str) -> None:
        self.trained = load_trained(run)
        self.manifest = self.trained.manifest
        self.corpus = read_corpus(self.trained.run.dataset)
        self.latents = read_corpus_latents(run)
        self._num_train = self.manifest.counts["train"]

    def find(self, picture: np.ndarray, count: int, metric: Metric) -> Neighbors:
        """The `count` images of the corpus nearest to `picture` (channels, height, width) uint8, by their latents."""
        return nearest(create_embeddings(self.trained, picture[None]), self.latents, count, metric)

    def lines(self, found: Neighbors) -> list[str]:
        """A line a neighbor: rank, distance, what it shows, and where it comes from."""
        return [
            f"{rank:4}  {distance:10.4f}  {caption(self.corpus, row, self.manifest):12}  {self._origin(row)}"
            for rank, (row, distance) in enumerate(zip(found.rows[0], found.distances[0], strict=True), start=1)
        ]

    def picture(self, query: np.ndarray, found: Neighbors) -> list[ImageRow]:
        """A row of a figure: the query, then its neighbors with their distances."""
        images = np.concatenate([query[None], self.corpus.images[found.rows[0]]]) / np.float32(255)
        captions = (
            f"{distance:.3g}  {caption(self.corpus, row, self.manifest)}"
            for row, distance in zip(found.rows[0], found.distances[0], strict=True)
        )
        return [ImageRow("query", images, ("", *captions))]

    def _origin(self, row: int) -> str:
        split = "train" if row < self._num_train else "val"
        return f"{split}, image {self.corpus.index[row]} of the source"
