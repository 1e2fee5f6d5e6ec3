"""What a data set is in numbers, measured on its splits: the part of its manifest that no kind has to fill in."""

from dataclasses import replace

import numpy as np

from autoencoder.storage.prepared import Manifest, Split


def measure_manifest(manifest: Manifest, splits: dict[str, Split]) -> Manifest:
    """`manifest` with image_shape, counts and channel_means, the mean of each channel over the training images."""
    train = splits["train"].images
    channels, height, width = train.shape[1:]
    return replace(
        manifest,
        image_shape=(channels, height, width),
        counts={name: len(split.images) for name, split in splits.items()},
        channel_means=[round(float(mean), 6) for mean in train.mean(axis=(0, 2, 3), dtype=np.float64) / 255],
    )
