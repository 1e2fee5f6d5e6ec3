"""The corpus of image search: every image that is not test, train then val; the queries are the test images.

Source: CIFAR-10 tutorial, which searches what is left of a shuffled loader.
"""

from dataclasses import dataclass

import numpy as np

from autoencoder.storage.arrays import Rows
from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import read_split


@dataclass(frozen=True)
class Corpus:
    """As a `prepared.Split`; its images stay on disk until they are used."""

    images: Rows
    index: np.ndarray
    labels: dict[str, np.ndarray]


def read_corpus(dataset: str) -> Corpus:
    """All images that are not test: train, then val. Raises UserError where the data set was not prepared."""
    train, val = (read_split(dataset, name) for name in ("train", "val"))
    labels = {name: np.concatenate([train.labels[name], val.labels[name]]) for name in train.labels}
    return Corpus(Rows(train.images, val.images), np.concatenate([train.index, val.index]), labels)


def read_corpus_latents(run: str) -> Rows:
    """The run's latents of the corpus, (m, latent_dim) float32, in the corpus's order."""
    return Rows(*(read_latents(run, name, mapped=True).latents for name in ("train", "val")))
