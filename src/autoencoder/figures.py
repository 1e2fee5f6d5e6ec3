"""Every figure of the study, drawn with matplotlib: takes numbers and pictures, computes nothing."""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FormatStrFormatter, LogLocator, NullLocator

from autoencoder.curves import AUTOENCODER_SERIES, PCA_SERIES, Record
from autoencoder.files import write_atomically
from autoencoder.prepared import Manifest

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
    latent_dims = sorted({record["latent_dim"] for record in records if record["run"] != "pca"})
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(latent_dims))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([str(latent_dim) for latent_dim in latent_dims])
    axes.set_ylim(bottom=0)
    axes.set_xlabel("latent dimension (log scale)")
    low, high = manifest.value_range
    axes.set_ylabel(f"squared error an image, values in [{low:g}, {high:g}]")
    per_value = axes.secondary_yaxis("right", functions=_scaling(manifest.num_inputs))
    per_value.set_ylabel("mean squared error a value")
    axes.set_title(_stamped(f"{manifest.name}: error over latent dimension", manifest.sample), loc="left")
    axes.legend()
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
    low, high = manifest.value_range
    axes.set_ylabel(f"mean squared error a value in [{low:g}, {high:g}] (log scale)")
    axes.set_title(_stamped(f"{manifest.name}: learning curves", manifest.sample), loc="left")
    if runs:
        axes.legend(fontsize=9, ncols=2)
    return figure


def image_rows(rows: Sequence[tuple[str, np.ndarray]], title: str, sample: bool) -> Figure:
    """Labelled rows of pictures. Each row: (label, images (n, channels, height, width) float in [0, 1])."""
    columns = max(len(images) for _, images in rows)
    figure = Figure(figsize=(1.2 * columns + 1.5, 1.22 * len(rows) + 0.8), layout="constrained")
    grid = figure.subplots(len(rows), columns, squeeze=False)
    for axes_row, (label, images) in zip(grid, rows, strict=True):
        for axes in axes_row:
            axes.axis("off")
        for axes, image in zip(axes_row, images, strict=False):
            axes.imshow(image.transpose(1, 2, 0), interpolation="nearest")
        axes_row[0].text(-0.12, 0.5, label, transform=axes_row[0].transAxes, ha="right", va="center")
    figure.suptitle(_stamped(title, sample), fontsize=11)
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


def _scaling(factor: float) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """There and back between an error an image and an error a value."""
    return (lambda per_image: per_image / factor), (lambda per_value: per_value * factor)


def _stamped(title: str, sample: bool) -> str:
    return f"{title}  [{SAMPLE_STAMP}]" if sample else title
