"""A network layer by layer, as it is: from image to image, top to bottom, branches side by side."""

from collections.abc import Sequence

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from autoencoder.drawing.style import PART_COLOURS, stamped
from autoencoder.stages.plot.layers import Layer
from autoencoder.stages.plot.network_layout import Edge, Layout, lay_out

# All in inches, as the axes are: one unit an inch.
ROW, BAR, WIDEST, LANE, MARGIN = 0.56, 0.24, 2.4, 0.2, 0.15
CHARACTER = 0.074  # of the longest text: what it takes at its size, with some room
SIGNS = {"sum": "+", "product": "x"}
UNTRACED = "In the order the layers were called; what feeds what could not be traced."
QUIET = "#666666"


def network(layers: Sequence[Layer], title: str, sample: bool) -> Figure:
    """A network from image to image, top to bottom: bars as wide as the numbers a layer hands on (logarithm)."""
    layout = lay_out(layers)
    centers, width = _columns(layers, layout)
    untraced = any(layer.inputs is None for layer in layers)
    height = ROW * (max(layout.rows) + 1 + untraced)
    width = max(width, 1.4 * CHARACTER * len(stamped(title, sample)))  # the title is larger
    figure = Figure(figsize=(width + 2 * MARGIN, height + 0.95))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(-MARGIN, figure.get_figwidth() - MARGIN)
    axes.set_ylim(-height - 0.15, 0.8)
    axes.axis("off")
    for edge in layout.edges:
        _draw_edge(axes, edge, layout, centers)
    most = max(layer.num_values for layer in layers)
    for place, layer in enumerate(layers):
        bar = WIDEST * np.log2(1 + layer.num_values) / np.log2(1 + most)
        _draw_layer(axes, layer, centers[layout.columns[place]], _height(layout.rows[place]), bar)
    wide, high = figure.get_size_inches()
    figure.suptitle(stamped(title, sample), fontsize=12, x=MARGIN / wide, y=1 - 0.12 / high, ha="left")
    handles = [Patch(color=colour, label=part) for part, colour in PART_COLOURS.items()]
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 1 - 0.38 / high), ncols=len(handles), fontsize=9)
    if untraced:
        axes.text(0, ROW / 2 - height, UNTRACED, va="center", fontsize=9, color=QUIET)
    return figure


def _columns(layers: Sequence[Layer], layout: Layout) -> tuple[list[float], float]:
    """The middle of each column's bars, and how wide all columns are together."""
    centers, x = [], 0.0
    for column in range(max(layout.columns) + 1):
        lanes = max((lane + 1 for edge, lane in layout.detours.items() if layout.columns[edge[0]] == column), default=0)
        here = [layer for layer, of_layer in zip(layers, layout.columns, strict=True) if of_layer == column]
        centers.append(x + lanes * LANE + WIDEST / 2)
        x = centers[-1] + WIDEST / 2 + MARGIN + CHARACTER * max(len(text) for layer in here for text in _texts(layer))
    return centers, x


def _height(row: int) -> float:
    return -ROW * (row + 0.5)


def _texts(layer: Layer) -> tuple[str, str]:
    """What is said of a layer: its name, and its numbers."""
    learnt = f", {layer.num_parameters:,} parameters" if layer.num_parameters else ""
    return layer.name, f"{layer.num_values:,} numbers{learnt}"


def _draw_layer(axes: matplotlib.axes.Axes, layer: Layer, x: float, y: float, width: float) -> None:
    axes.barh(y, width, left=x - width / 2, height=BAR, color=PART_COLOURS[layer.part], zorder=2)
    axes.text(x, y, " x ".join(map(str, layer.shape)), ha="center", va="center", color="white", fontsize=9, zorder=3)
    name, numbers = _texts(layer)
    axes.text(x + WIDEST / 2 + MARGIN, y + 0.02, name, va="bottom", fontsize=9)
    axes.text(x + WIDEST / 2 + MARGIN, y - 0.02, numbers, va="top", fontsize=9.5, color=QUIET)
    sign = SIGNS.get(layer.name.split(",")[0])
    if sign and len(layer.inputs or ()) > 1:
        above = y + BAR / 2 + 0.09
        axes.plot(x, above, "o", markersize=11, markerfacecolor="white", markeredgecolor=QUIET, zorder=3)
        axes.text(x, above, sign, ha="center", va="center_baseline", fontsize=10, zorder=4)


def _draw_edge(axes: matplotlib.axes.Axes, edge: Edge, layout: Layout, centers: Sequence[float]) -> None:
    """A line from one layer down to another: straight, or round by the lane or the column that it takes."""
    (start, end), (x0, x1) = edge, (centers[layout.columns[place]] for place in edge)
    top, bottom = _height(layout.rows[start]) - BAR / 2, _height(layout.rows[end]) + BAR / 2
    leaving, arriving = _height(layout.rows[start]) - 0.45 * ROW, _height(layout.rows[end]) + 0.55 * ROW
    if edge in layout.detours:
        aside = x0 - WIDEST / 2 - LANE * (layout.detours[edge] + 0.5)
        points = [(x0, top), (x0, leaving), (aside, leaving), (aside, arriving), (x1, arriving), (x1, bottom)]
    elif layout.columns[end] > layout.columns[start]:  # a branch begins: aside at once, then down its own column
        points = [(x0, top), (x0, leaving), (x1, leaving), (x1, bottom)]
    elif layout.columns[end] < layout.columns[start]:  # a branch ends: down to where it joins
        points = [(x0, top), (x0, arriving), (x1, arriving), (x1, bottom)]
    else:
        points = [(x0, top), (x1, bottom)]
    axes.plot(*zip(*points, strict=True), color="#999999", linewidth=1.2, solid_joinstyle="round", zorder=1)
