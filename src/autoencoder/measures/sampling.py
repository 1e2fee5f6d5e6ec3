"""A part that stands for the whole: drawn at random, since data sets come sorted."""

import numpy as np

SEED = 0


def sample_rows(number: int, most: int) -> np.ndarray:
    """`most` of `number` rows, all where there are no more: (k,) int64, ascending, drawn without replacement.

    The same for the same two numbers, so that whatever is measured on a part is measured on the same one.
    """
    rows: np.ndarray = np.sort(np.random.default_rng(SEED).permutation(number)[:most])
    return rows
