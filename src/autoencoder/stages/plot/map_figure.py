"""Maps of latents: a point an image, coloured by label."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from autoencoder.drawing.style import BLUE, stamped
from autoencoder.measures.colourings import Colouring
from autoencoder.storage.files import Record

# Those of the explorer (templates/colours.js), so that a label is the same colour on both pages: ten with a contrast of
# 3:1 against white and against black, as far apart as that allows, also for the colour-blind.
TEN = ["#5a5afa", "#fa0000", "#787864", "#c864c8", "#1e8200", "#d200a0", "#fa3c8c", "#288cf0", "#9650c8", "#649650"]
MIN_AREA, MAX_AREA = 5.0, 60.0  # of a point, in square points (matplotlib's unit)
RARE = 100  # a label of fewer images is outlined


def map_titles(measured: Record, latent_dim: int) -> dict[str, str]:
    """What the coordinates of each map are, from what `map` measured on them."""
    themselves = {1: "the number itself", 2: "the two numbers themselves"}
    return {
        "pca": themselves.get(latent_dim, f"PCA: {measured['pca_explained']:.0%} of the variance"),
        "tsne": f"t-SNE: perplexity {measured['tsne_perplexity']:.3g}",
    }


def label_maps(maps: Mapping[str, np.ndarray], shown: Sequence[Colouring], title: str, sample: bool) -> Figure:
    """Maps by their titles, each (n, 2): a row a label, a column a map, a legend beside each row.

    A single row without colours where there is no label.
    """
    rows = max(1, len(shown))
    figure = Figure(figsize=(4.6 * len(maps) + 2.3, 4.3 * rows + 0.5), layout="constrained")
    grid = figure.subplots(rows, len(maps) + 1, squeeze=False, width_ratios=[*[4.6] * len(maps), 2.1])
    for number, axes_row in enumerate(grid):
        *panels, beside = axes_row
        beside.axis("off")
        for axes, (heading, points) in zip(panels, maps.items(), strict=True):
            axes.set_title(heading if number == 0 else "", fontsize=11)
            axes.set_xticks([])
            axes.set_yticks([])
            axes.set_aspect("equal", adjustable="datalim")
            if shown:
                _points(axes, points, shown[number])
            else:
                x, y = points.T
                axes.scatter(x, y, s=area(len(points)), color=BLUE, linewidths=0)
        if shown:
            _legend(beside, shown[number])
    figure.suptitle(stamped(title, sample), fontsize=12)
    return figure


def palette(number: int) -> list[str]:
    """`number` colours, apart from each other as far as that goes."""
    if number <= len(TEN):
        return TEN[:number]
    many = [matplotlib.colors.to_hex(colour) for colour in matplotlib.colormaps["tab20"].colors]  # type: ignore[attr-defined]
    return [colour for colour, _ in zip(cycle(many), range(number), strict=False)]


def area(count: int) -> float:
    """The area of each of `count` points: rare ones are larger, so that they are seen."""
    return float(np.clip(600 / max(1, count), MIN_AREA, MAX_AREA))


def _points(axes: Axes, points: np.ndarray, colouring: Colouring) -> None:
    counts = np.bincount(colouring.codes, minlength=len(colouring.names))
    areas = np.array([area(count) for count in counts])
    common = counts >= RARE
    # In random order, or the last label would hide the others; but the rare ones on top, the rarest last.
    shuffled = np.random.default_rng(0).permutation(len(points))
    ranks = np.where(common, 0, RARE - counts)[colouring.codes[shuffled]]
    order = shuffled[np.argsort(ranks, kind="stable")]
    codes = colouring.codes[order]
    outlined = ~common[codes]
    colours = np.array(palette(len(counts)))[codes].tolist()
    axes.scatter(
        points[order, 0],
        points[order, 1],
        s=areas[codes],
        c=colours,
        edgecolors="black",
        linewidths=np.where(outlined, 0.6, 0.0).tolist(),
        antialiased=False,  # few colours: the same pictures in a fifth of the bytes
    )


def _legend(axes: Axes, colouring: Colouring) -> None:
    counts = np.bincount(colouring.codes, minlength=len(colouring.names))
    handles = [
        Line2D([], [], linestyle="", marker="o", color=colour, label=f"{name}  {count:,}")
        for name, count, colour in zip(colouring.names, counts, palette(len(counts)), strict=True)
    ]
    axes.legend(handles=handles, title=colouring.label.replace("_", " "), loc="center left", bbox_to_anchor=(-0.1, 0.5))
