"""Every figure of the study, drawn with matplotlib: takes numbers and pictures, computes nothing."""

from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FormatStrFormatter, LogLocator, NullLocator

from autoencoder.curves import AUTOENCODER_SERIES, PCA_SERIES, Record
from autoencoder.files import write_atomically
from autoencoder.layers import Layer
from autoencoder.prepared import Manifest
from autoencoder.rows import Row

matplotlib.use("Agg")
matplotlib.rcParams.update(
    {
        "font.size": 11,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "grid.alpha": 0.25,
        "legend.frameon": False,
    }
)

# Colours of Okabe and Ito: distinct for the colour-blind.
ERROR_STYLES: dict[str, dict[str, Any]] = {
    AUTOENCODER_SERIES["val"]: {"color": "#56B4E9", "marker": "s", "linestyle": "--"},
    AUTOENCODER_SERIES["test"]: {"color": "#0072B2", "marker": "o"},
    PCA_SERIES: {"color": "#D55E00"},
}
PART_COLOURS = {"input": "#555555", "encoder": "#0072B2", "latent": "#D55E00", "decoder": "#009E73"}
LEARNING_STYLES: dict[str, dict[str, Any]] = {
    "train": {"linestyle": ":", "linewidth": 1},
    "val": {"linestyle": "-", "linewidth": 1.8},
}
SAMPLE_STAMP = "SAMPLE DATA"


def error_curve(records: Sequence[Record], manifest: Manifest) -> Figure:
    """Error over latent dimension (log axis, a tick at each run's); `records` as `curves.error_curve` returns them."""
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.subplots()
    for series, points in _grouped(records, "series"):
        style = ERROR_STYLES[series]
        axes.plot([p["latent_dim"] for p in points], [p["sse"] for p in points], label=series, **style)
    _tick_latent_dims(axes, records)
    axes.set_ylim(bottom=0)
    axes.set_ylabel(f"squared error an image, values in {_range(manifest)}")
    per_value = axes.secondary_yaxis("right", functions=_scaling(manifest.num_inputs))
    per_value.set_ylabel("mean squared error a value")
    axes.set_title(_stamped(f"{manifest.name}: error over latent dimension", manifest.sample), loc="left")
    axes.legend()
    return figure


def out_of_distribution(records: Sequence[Record], manifest: Manifest) -> Figure:
    """Error over latent dimension, log axes, a line a pattern; `records` come from `curves.out_of_distribution`."""
    figure = Figure(figsize=(8.5, 4.5), layout="constrained")
    axes = figure.subplots()
    groups = _grouped(records, "series")
    for series, points in groups:
        style = {"color": "black", "linewidth": 2.5} if series == "test" else {"linestyle": "--"}
        axes.plot([p["latent_dim"] for p in points], [p["mse"] for p in points], marker="o", label=series, **style)
    axes.set_yscale("log")
    _tick_latent_dims(axes, records)
    axes.set_ylabel(f"mean squared error a value in {_range(manifest)} (log scale)")
    axes.set_title(_stamped(f"{manifest.name}: pictures unlike the data set's", manifest.sample), loc="left")
    if groups:
        figure.legend(loc="outside right upper")
    return figure


def learning_curves(records: Sequence[Record], manifest: Manifest) -> Figure:
    """Loss over epochs, all runs overlaid, log axes; `records` as `curves.learning_curve` returns them."""
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.subplots()
    runs = _grouped(records, "run")
    colours = matplotlib.colormaps["viridis"](np.linspace(0.0, 0.85, max(1, len(runs))))
    for colour, (run, of_run) in zip(colours, runs, strict=False):
        for split, points in _grouped(of_run, "split"):
            x, y = [p["epoch"] for p in points], [p["mse"] for p in points]
            axes.plot(x, y, color=colour, label=f"{run}, {split}", **LEARNING_STYLES[split])
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(FormatStrFormatter("%g"))
        axis.set_minor_locator(NullLocator())
    axes.set_xlabel("epoch (log scale)")
    axes.set_ylabel(f"mean squared error a value in {_range(manifest)} (log scale)")
    axes.set_title(_stamped(f"{manifest.name}: learning curves", manifest.sample), loc="left")
    if runs:
        axes.legend(fontsize=9, ncols=2)
    return figure


def image_rows(rows: Sequence[Row], title: str, sample: bool) -> Figure:
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
    figure.suptitle(_stamped(title, sample), fontsize=11)
    return figure


def network(layers: Sequence[Layer], title: str, sample: bool) -> Figure:
    """A network from image to image, top to bottom: bars as wide as the numbers a layer hands on (logarithm)."""
    figure = Figure(figsize=(9, 0.42 * len(layers) + 0.9), layout="constrained")
    axes = figure.subplots()
    for place, layer in enumerate(layers):
        width = np.log2(1 + layer.num_values)
        axes.barh(-place, width, left=-width / 2, height=0.72, color=PART_COLOURS[layer.part])
        shape = " x ".join(map(str, layer.shape))
        axes.text(0, -place, shape, ha="center", va="center", color="white", fontsize=9)
        axes.text(-7.5, -place, layer.name, ha="right", va="center", fontsize=9)
        learnt = f"{layer.num_parameters:,} parameters" if layer.num_parameters else ""
        axes.text(7.5, -place, f"{layer.num_values:,} numbers", ha="left", va="center", fontsize=9)
        axes.text(14, -place, learnt, ha="left", va="center", fontsize=9)
    axes.set_xlim(-20, 20)
    axes.axis("off")
    handles = [Patch(color=colour, label=part) for part, colour in PART_COLOURS.items()]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    figure.suptitle(_stamped(title, sample), fontsize=12)
    return figure


def diagram(sizes: Sequence[int]) -> Figure:
    """Layers of nodes from left to right, each joined to all of the next; the smallest is the embedding."""
    figure = Figure(figsize=(1.6 * len(sizes) + 1, 0.55 * max(sizes) + 1.2), layout="constrained")
    axes = figure.subplots()
    nodes = [[(x, (size - 1) / 2 - row) for row in range(size)] for x, size in enumerate(sizes)]
    for left, right in pairwise(nodes):
        for (x0, y0), (x1, y1) in product(left, right):
            axes.plot([x0, x1], [y0, y1], color="#bbbbbb", linewidth=0.8, zorder=1)
    narrowest = min(range(len(sizes)), key=lambda x: sizes[x])
    for x, layer in enumerate(nodes):
        inner = "latent" if x == narrowest else "encoder" if x < narrowest else "decoder"
        part = "input" if x in (0, len(sizes) - 1) else inner
        label = "input" if x == 0 else "output" if x == len(sizes) - 1 else "embedding" if x == narrowest else "hidden"
        axes.scatter([x] * len(layer), [y for _, y in layer], s=260, color=PART_COLOURS[part], zorder=2)
        axes.text(x, -max(sizes) / 2 - 0.4, f"{label}\n{sizes[x]}", ha="center", va="top", fontsize=10)
    axes.text(narrowest / 2, max(sizes) / 2, "encoder", ha="center")
    axes.text((narrowest + len(sizes) - 1) / 2, max(sizes) / 2, "decoder", ha="center")
    axes.set_ylim(-max(sizes) / 2 - 1.6, max(sizes) / 2 + 0.5)
    axes.axis("off")
    axes.set_title(f"An autoencoder: {sizes[0]} numbers through {sizes[narrowest]}", fontsize=12)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG; the bytes follow from the content alone (no date, no version in the file)."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    write_atomically(path, buffer.getvalue())


def _grouped(records: Sequence[Record], key: str) -> list[tuple[str, list[Record]]]:
    """Records by their value of `key`, in the order of first appearance."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record[key], []).append(record)
    return list(groups.items())


def _tick_latent_dims(axes: matplotlib.axes.Axes, records: Sequence[Record]) -> None:
    """A log axis with a tick at each run's latent dimension, and nowhere else where there are several."""
    latent_dims = sorted({record["latent_dim"] for record in records if record["run"] != "pca"})
    if len(latent_dims) < 2:  # a single tick would leave the axis without a scale: its ends are marked too
        everywhere = [record["latent_dim"] for record in records]
        latent_dims = sorted({*latent_dims, min(everywhere), max(everywhere)})
    axes.set_xscale("log")
    if len(latent_dims) == 1:  # in the middle, not on the edge
        axes.set_xlim(latent_dims[0] / 2, latent_dims[0] * 2)
    axes.xaxis.set_major_locator(FixedLocator(latent_dims))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([str(latent_dim) for latent_dim in latent_dims])
    axes.set_xlabel("latent dimension (log scale)")


def _scaling(factor: float) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """There and back between an error an image and an error a value."""
    return (lambda per_image: per_image / factor), (lambda per_value: per_value * factor)


def _range(manifest: Manifest) -> str:
    low, high = manifest.value_range
    return f"[{low:g}, {high:g}]"


def _stamped(title: str, sample: bool) -> str:
    return f"{title}  [{SAMPLE_STAMP}]" if sample else title
