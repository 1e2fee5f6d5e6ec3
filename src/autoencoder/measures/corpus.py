"""The corpus of image search: every image that is not test, train then val; the queries are the test images.

Source: CIFAR-10 tutorial, which searches what is left of a shuffled loader.
"""

import numpy as np

from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import Split, read_split


def read_corpus(dataset: str) -> Split:
    """All images that are not test: train, then val. Raises UserError where the data set was not prepared."""
    train, val = (read_split(dataset, name) for name in ("train", "val"))
    labels = {name: np.concatenate([train.labels[name], val.labels[name]]) for name in train.labels}
    return Split(np.concatenate([train.images, val.images]), np.concatenate([train.index, val.index]), labels)


def read_corpus_latents(run: str) -> np.ndarray:
    """The run's latents of the corpus, (m, latent_dim) float32, in the corpus's order."""
    return np.concatenate([read_latents(run, name).latents for name in ("train", "val")])
