"""A row of pictures in a figure: what it is called, the pictures, and a caption below each."""

from typing import NamedTuple

import numpy as np


class Row(NamedTuple):
    """images: (n, channels, height, width) float in [0, 1]. captions: none, or one an image."""

    label: str
    images: np.ndarray
    captions: tuple[str, ...] = ()
