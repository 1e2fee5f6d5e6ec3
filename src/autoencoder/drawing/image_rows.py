"""Rows of pictures: what stands in a row, and the figure."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from autoencoder.drawing.style import stamped


class ImageRow(NamedTuple):
    """A row: its label, its pictures, and a caption below each.

    images: (n, channels, height, width) float in [0, 1]. captions: none, or one an image."""

    label: str
    images: np.ndarray
    captions: tuple[str, ...] = ()


def image_rows(rows: Sequence[ImageRow], title: str, sample: bool) -> Figure:
    """Labelled rows of pictures, with a caption below each where its row has captions."""
    columns = max(len(row.images) for row in rows)
    figure = Figure(figsize=(max(1.2 * columns + 1.5, 4.5), 1.22 * len(rows) + 0.8), layout="constrained")
    grid = figure.subplots(len(rows), columns, squeeze=False)
    for axes_row, row in zip(grid, rows, strict=True):
        for axes in axes_row:
            axes.axis("off")
        for axes, image in zip(axes_row, row.images, strict=False):
            axes.imshow(image.transpose(1, 2, 0), interpolation="nearest")
        for axes, caption in zip(axes_row, row.captions, strict=False):
            axes.text(0.5, -0.04, caption, transform=axes.transAxes, ha="center", va="top", fontsize=9)
        axes_row[0].text(-0.12, 0.5, row.label, transform=axes_row[0].transAxes, ha="right", va="center")
    figure.suptitle(stamped(title, sample), fontsize=11)
    return figure
