"""The curves: error, pictures unlike the data set's, and image search over the latent dimension; loss over epochs."""

from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FormatStrFormatter, LogLocator, NullLocator

from autoencoder.drawing.style import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION, grouped, stamped, value_range
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Manifest
from autoencoder.storage.results import NO_RUN, PCA

CURVE_COLOURS = (BLUE, GREEN, PURPLE, ORANGE, SKY)  # by order of appearance; PCA has its own
CURVE_MARKERS = "osD^v"
FLAT_COLOURS = {"pixels": "#777777", "chance": "black"}  # the codes of search that have no dimension
PANELS_A_ROW = 3
MOST_MARKED = 12  # points; of more the line alone is drawn
SPLIT_LINES = {"val": "--", "test": "-"}
PUBLISHED: dict[str, Any] = {"linestyle": "", "color": "black", "fillstyle": "none", "markersize": 9, "zorder": 5}
LEARNING_STYLES: dict[str, dict[str, Any]] = {
    "train": {"linestyle": ":", "linewidth": 1},
    "val": {"linestyle": "-", "linewidth": 1.8},
}


def draw_error_curve(records: Sequence[Record], manifest: Manifest) -> Figure:
    """Error over latent dimension, log axes, a tick at each run's; `records` as `tables.error_curve` returns them."""
    figure = Figure(figsize=(11, 5), layout="constrained")
    axes = figure.subplots()
    looks = _curve_looks([record for record in records if record["run"] is not None])
    published_markers = cycle("sD")
    for series, points in grouped(records, "series"):
        curve, split = points[0]["curve"], points[0]["split"]
        x, y = [p["latent_dim"] for p in points], [p["sse"] for p in points]
        if points[0]["run"] is None:
            axes.plot(x, y, label=f"{series} (published)", **PUBLISHED | {"marker": next(published_markers)})
            continue
        look = looks[curve] if len(points) <= MOST_MARKED else looks[curve] | {"marker": None}
        axes.plot(x, y, label=series, linestyle=SPLIT_LINES[split], **look)
        _draw_spread(axes, [point for point in points if "num_seeds" in point], looks[curve]["color"])
        if split == "test" and len(points) == 1:  # a lone point is told where it stands
            _say_what_differs(axes, curve, x[-1], y[-1], looks[curve]["color"])
    tick_latent_dims(axes, records)
    axes.set_yscale("log")
    _label_logarithms(axes.yaxis)
    axes.set_ylabel(f"squared error an image, values in {value_range(manifest)} (log scale)")
    per_value = axes.secondary_yaxis("right", functions=_scaling(manifest.num_inputs))
    _label_logarithms(per_value.yaxis)
    per_value.set_ylabel("mean squared error a value")
    axes.set_title(stamped(f"{manifest.name}: error over latent dimension", manifest.sample), loc="left")
    axes.legend(loc="upper left", bbox_to_anchor=(1.17, 1.0), fontsize=9)  # beside both scales: curves go everywhere
    return figure


def _draw_spread(axes: matplotlib.axes.Axes, points: Sequence[Record], colour: str) -> None:
    """From the lowest to the highest error over several seeds, a bar a run."""
    if points:
        low, high = ([p[f"{end}_test_sse"] for p in points] for end in ("min", "max"))
        axes.vlines([p["latent_dim"] for p in points], low, high, color=colour, linewidth=6, alpha=0.4)
        seeds = sorted({p["num_seeds"] for p in points})
        said = f"{seeds[0]}" if len(seeds) == 1 else f"{seeds[0]} to {seeds[-1]}"
        axes.plot([], [], color=colour, linewidth=6, alpha=0.4, label=f"lowest to highest of {said} seeds")


def draw_out_of_distribution(records: Sequence[Record], manifest: Manifest) -> Figure:
    """Error over latent dimension, log axes, a line a pattern; `records` come from `tables.out_of_distribution`."""
    figure = Figure(figsize=(9.5, 4.8), layout="constrained")
    axes = figure.subplots()
    groups = grouped(records, "series")
    looks = _curve_looks(records)
    several = len(looks) > 2  # more than one curve, beside PCA: told by their markers
    legend: list[Line2D] = []
    for number, (series, of_series) in enumerate(groups):
        style: dict[str, Any] = {"color": f"C{number}", "linestyle": "--"}
        if series == "test":
            style = {"color": "black", "linewidth": 2.5}
        legend.append(Line2D([], [], label=series, **style))
        for curve, points in grouped(of_series, "curve"):
            x, y = [p["latent_dim"] for p in points], [p["mse"] for p in points]
            axes.plot(x, y, marker=looks[curve]["marker"], label=f"{series}, {curve}", **style)
    if several:
        legend += [
            Line2D([], [], label=curve, marker=looks[curve]["marker"], linestyle="", color="black")
            for curve, _ in grouped(records, "curve")
        ]
    axes.set_yscale("log")
    tick_latent_dims(axes, records)
    axes.set_ylabel(f"mean squared error a value in {value_range(manifest)} (log scale)")
    axes.set_title(stamped(f"{manifest.name}: pictures unlike the data set's", manifest.sample), loc="left")
    if groups:
        figure.legend(handles=legend, loc="outside right upper", fontsize=9)
    return figure


def draw_retrieval(records: Sequence[Record], manifest: Manifest) -> Figure:
    """Precision of image search over latent dimension, a panel a label; `records` come from `tables.retrieval`."""
    shown = [r for r in records if r["name"] == "all" and r["queries"] == "all"]
    panels = grouped(shown, "label")
    columns = max(1, min(PANELS_A_ROW, len(panels)))
    rows = max(1, -(-len(panels) // columns))
    legend = 0.6 + 0.085 * max((len(record["series"]) for record in shown), default=0)
    figure = Figure(figsize=(3.6 * columns + 0.6 + legend, 3.4 * rows + 0.6), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False).flatten()
    for axes in grid[len(panels) :]:
        axes.axis("off")
    looks = _curve_looks([r for r in shown if r["code"] == "latents"])
    for axes, (label, of_label) in zip(grid, panels, strict=False):
        for series, points in grouped(of_label, "series"):
            _draw_precision(axes, series, points, looks)
        tick_latent_dims(axes, of_label)
        axes.set_title(label.replace("_", " "))
    for axes in grid[::columns]:
        axes.set_ylabel("share that match the query")
    if panels:
        handles, labels = grid[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside right upper", fontsize=9)
    title = stamped(f"{manifest.name}: nearest neighbors of test images", manifest.sample)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11)  # clear of the legend, also over a single panel
    return figure


def _draw_precision(
    axes: matplotlib.axes.Axes, series: str, points: Sequence[Record], looks: dict[str, dict[str, Any]]
) -> None:
    code, metric = points[0]["code"], points[0]["metric"]
    line = "--" if metric == "cosine" else "-"
    if code in FLAT_COLOURS:
        axes.axhline(
            points[0]["precision"], color=FLAT_COLOURS[code], linestyle=":" if metric == "any" else line, label=series
        )
    else:
        x, y = [p["latent_dim"] for p in points], [p["precision"] for p in points]
        axes.plot(x, y, linestyle=line, label=series, **looks[points[0]["curve"]])


def draw_learning_curves(records: Sequence[Record], manifest: Manifest) -> Figure:
    """Loss over epochs, all runs overlaid, log axes; `records` as `evaluate.learning_curve` returns them."""
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.subplots()
    runs = grouped(records, "run")
    colours = matplotlib.colormaps["viridis"](np.linspace(0.0, 0.85, max(1, len(runs))))
    for colour, (run, of_run) in zip(colours, runs, strict=False):
        for split, points in grouped(of_run, "split"):
            x, y = [p["epoch"] for p in points], [p["mse"] for p in points]
            axes.plot(x, y, color=colour, label=f"{run}, {split}", **LEARNING_STYLES[split])
    axes.set_xscale("log")
    axes.set_yscale("log")
    _label_logarithms(axes.xaxis)
    _label_logarithms(axes.yaxis)
    axes.set_xlabel("epoch (log scale)")
    axes.set_ylabel(f"mean squared error a value in {value_range(manifest)} (log scale)")
    axes.set_title(stamped(f"{manifest.name}: learning curves", manifest.sample), loc="left")
    if runs:
        axes.legend(fontsize=9, ncols=2)
    return figure


def _label_logarithms(axis: Axis) -> None:
    """Labels a log axis at 1, 2 and 5 of each power of ten."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FormatStrFormatter("%g"))
    axis.set_minor_locator(NullLocator())


def tick_latent_dims(axes: matplotlib.axes.Axes, records: Sequence[Record]) -> None:
    """A log axis with a tick at each run's latent dimension, and at powers of two below that a nested run reaches."""
    of_runs: dict[str, int] = {}  # of a nested run there are records of fewer latents, too
    for record in records:
        if record["run"] not in NO_RUN:
            of_runs[record["run"]] = max(record["latent_dim"], of_runs.get(record["run"], 0))
    latent_dims = sorted(set(of_runs.values()))
    kept = [record["latent_dim"] for record in records if record["latent_dim"] < of_runs.get(record["run"], 0)]
    if kept:  # a nested run's, and fewer than any run was trained for: the powers of two among them
        fewer = range(min(kept), latent_dims[0])
        latent_dims = sorted({*(2**power for power in range(20) if 2**power in fewer), *latent_dims})
    if len(latent_dims) < 2:  # a single tick would leave the axis without a scale: its ends are marked too
        everywhere = [record["latent_dim"] for record in records] or [1, 10]  # a data set without runs
        latent_dims = sorted({*latent_dims, min(everywhere), max(everywhere)})
    axes.set_xscale("log")
    if len(latent_dims) == 1:  # in the middle, not on the edge
        axes.set_xlim(latent_dims[0] / 2, latent_dims[0] * 2)
    axes.xaxis.set_major_locator(FixedLocator(latent_dims))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([str(latent_dim) for latent_dim in latent_dims])
    axes.set_xlabel("latent dimension (log scale)")


def _curve_looks(records: Sequence[Record]) -> dict[str, dict[str, Any]]:
    """A colour and a marker for each curve, a plain line for PCA."""
    curves = [curve for curve, _ in grouped(records, "curve") if curve != PCA]
    looks: dict[str, dict[str, Any]] = {
        curve: {"color": CURVE_COLOURS[place % 5], "marker": CURVE_MARKERS[(place + place // 5) % 5]}
        for place, curve in enumerate(curves)
    }
    return looks | {PCA: {"color": VERMILION}}


def _say_what_differs(axes: matplotlib.axes.Axes, curve: str, x: float, y: float, colour: str) -> None:
    """Beside a curve's last point what sets it apart from other curves of its network; nothing where there are none."""
    _, _, apart = curve.partition(", ")
    if apart:
        axes.annotate(apart, (x, y), xytext=(6, 4), textcoords="offset points", color=colour, fontsize=8)


def _scaling(factor: float) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """There and back between an error an image and an error a value."""
    return (lambda per_image: per_image / factor), (lambda per_value: per_value * factor)
