"""The data set in numbers."""

import numpy as np

from autoencoder.stages.baseline.dataset_summary import summarize_dataset
from autoencoder.storage.prepared import Manifest


def test_a_data_set_is_told_with_its_hashes_and_near_duplicates() -> None:
    counts = {"train": 6, "val": 2, "test": 4}
    hashes = {f"{split}.npz": split * 2 for split in counts}
    manifest = Manifest("set", "sample", "from here", True, (-1.0, 1.0), {}, (3, 8, 8), counts, [], hashes)
    facts = summarize_dataset(manifest, np.array([True, False, False, False]), 0.9)
    assert all(isinstance(value, str | int | float) for value in facts.values())
    assert (facts["num_train"], facts["num_val"], facts["num_test"], facts["num_inputs"]) == (6, 2, 4, 192)
    assert (facts["num_near_duplicates"], facts["near_duplicate_share"]) == (1, 0.25)
    assert facts["test_sha256"] == "testtest"
    assert (facts["value_range"], facts["image_shape"]) == ("[-1, 1]", "3 x 8 x 8")
    assert facts["sample"] is True
