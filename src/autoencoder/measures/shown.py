"""Which images of a split figures show: the same for every run of a data set."""

import numpy as np

from autoencoder.measures.sampling import sample_rows
from autoencoder.storage.prepared import Split

SORTED = "image_folder"  # the kind of data set whose pictures come sub-folder by sub-folder


def shown_rows(split: Split, count: int, kind: str) -> np.ndarray:
    """The rows of `count` images, all where there are fewer: the first of their source, so that every run of a data set
    shows the same; of a folder, where the first have one label, some from all over it. (count,) int64.

    kind: of the data set.
    """
    in_order = np.argsort(split.index, kind="stable")
    if kind == SORTED:
        in_order = in_order[sample_rows(len(in_order), count)]
    return in_order[:count]
