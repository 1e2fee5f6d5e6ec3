"""What is said of a data set: one flat JSON object, so that a report can name it without the data at hand."""

import numpy as np

from autoencoder.measures.rounding import significant
from autoencoder.storage.prepared import SPLITS, Manifest


def summarize_dataset(
    manifest: Manifest, near_duplicate: np.ndarray, threshold: float
) -> dict[str, str | int | float | bool]:
    """The data set in numbers, with the hashes of its prepared arrays. near_duplicate: (num_test,) bool, which test
    images have one in the corpus by that threshold.
    """
    low, high = manifest.value_range
    return {
        "dataset": manifest.name,
        "sample": manifest.sample,
        "source": manifest.source,
        "image_shape": " x ".join(map(str, manifest.image_shape)),
        "num_inputs": manifest.num_inputs,
        "value_range": f"[{low:g}, {high:g}]",
        **{f"num_{split}": manifest.counts[split] for split in SPLITS},
        "near_duplicate": threshold,
        "num_near_duplicates": int(near_duplicate.sum()),
        "near_duplicate_share": significant(float(near_duplicate.mean())),
        **{f"{split}_sha256": manifest.sha256[f"{split}.npz"] for split in SPLITS},
    }
