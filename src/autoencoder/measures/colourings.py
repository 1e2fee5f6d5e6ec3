"""The labels that a map of images is coloured by."""

from dataclasses import dataclass

import numpy as np

MAX_NAMES = 16  # more could not be told apart by colour
NOT_SHOWN = "count"  # of a punk's accessories: a number, and the other labels say more


@dataclass(frozen=True)
class Colouring:
    """A label that is shown. codes: (n,) int64 into `names`."""

    label: str
    codes: np.ndarray
    names: list[str]


def colourings(labels: dict[str, np.ndarray], names: dict[str, list[str]]) -> list[Colouring]:
    """The labels that a map is coloured by: one of 2 to 16 names an image. labels, names: see `prepared.Split`."""
    return [
        Colouring(label, codes, names[label])
        for label, codes in labels.items()
        if codes.ndim == 1 and 2 <= len(names[label]) <= MAX_NAMES and label != NOT_SHOWN
    ]
