"""Which image goes to train, val and test."""

import numpy as np

from autoencoder.storage.prepared import Split
from autoencoder.ui.errors import UserError


def split_randomly(num_images: int, test_fraction: float, val_fraction: float, seed: int) -> dict[str, np.ndarray]:
    """A seeded split of 0..num_images-1: test first, then validation out of what is left for training.

    Each part is sorted, so that "the first five test images" are the first five of the source. Raises UserError where
    a part would be empty.
    """
    order = np.random.default_rng(seed).permutation(num_images)
    num_test = round(num_images * test_fraction)
    num_val = round((num_images - num_test) * val_fraction)
    parts = {
        "train": np.sort(order[num_test + num_val :]),
        "val": np.sort(order[num_test : num_test + num_val]),
        "test": np.sort(order[:num_test]),
    }
    for name, part in parts.items():
        if len(part) == 0:
            raise UserError(
                f"{num_images} images are too few: test_fraction {test_fraction} and val_fraction {val_fraction} "
                f"leave none for {name}; add images or change the fractions"
            )
    return parts


def take(images: np.ndarray, labels: dict[str, np.ndarray], parts: dict[str, np.ndarray]) -> dict[str, Split]:
    """The splits that `parts` (name -> rows) cut out of images (n, c, h, w) uint8 and their labels (n, ...)."""
    return {
        name: Split(images[rows], rows.astype(np.int64), {key: value[rows] for key, value in labels.items()})
        for name, rows in parts.items()
    }
