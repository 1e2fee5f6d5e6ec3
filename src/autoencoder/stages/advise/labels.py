"""How many pictures have each name of each label."""

import numpy as np

from autoencoder.storage.prepared import Manifest, Split


def count_labels(splits: dict[str, Split], manifest: Manifest) -> dict[str, dict[str, int]]:
    """Images by label and name, over all splits; of labels that are codes."""
    counts = {}
    for label, names in manifest.labels.items():
        codes = np.concatenate([split.labels[label] for split in splits.values()])
        numbers = np.bincount(codes, minlength=len(names))
        counts[label] = {name: int(number) for name, number in zip(names, numbers, strict=True)}
    return counts
