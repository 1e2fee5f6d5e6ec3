"""What a picture costs in bytes, and what it is worth."""

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FormatStrFormatter, LogLocator, NullLocator

from autoencoder.drawing.style import grouped, stamped
from autoencoder.stages.curve.rate_distortion import AUTOENCODER
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Manifest
from autoencoder.storage.results import PCA

IMAGE_CODEC_STYLES: dict[str, dict[str, Any]] = {
    "JPEG": {"color": "black", "linestyle": "-", "marker": "s"},
    "JPEG, header not counted": {"color": "black", "linestyle": ":", "marker": "s"},
    "WebP": {"color": "#888888", "linestyle": "-", "marker": "^"},
    "WebP, header not counted": {"color": "#888888", "linestyle": ":", "marker": "^"},
}
MEASURES = {"psnr_db": "PSNR in dB", "ssim": "SSIM"}


def draw_rate_distortion(records: Sequence[Record], manifest: Manifest) -> Figure:
    """PSNR and SSIM over bytes an image (log axis); `records` as `rate_distortion.rate_distortion` returns them.

    A run and PCA of its dimension share a colour, PCA is dashed; JPEG and WebP are black and grey.
    """
    figure = Figure(figsize=(13, 5), layout="constrained")
    panels = figure.subplots(1, len(MEASURES))
    series = grouped(records, "series")
    colours = _colours(records)
    for axes, (key, label) in zip(panels, MEASURES.items(), strict=True):
        for name, points in series:
            x, y = [p["bytes_per_image"] for p in points], [p[key] for p in points]
            axes.plot(x, y, label=name, markersize=4, **_style(points[0], colours))
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_major_formatter(FormatStrFormatter("%g"))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlabel("bytes an image (log scale)")
        axes.set_ylabel(label)
    panels[0].set_title(stamped(f"{manifest.name}: test images as bytes", manifest.sample), loc="left")
    if series:
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside right upper", fontsize=10)
    return figure


def _colours(records: Sequence[Record]) -> dict[str, Any]:
    """A colour for each run and for each PCA, which is that of the run it was measured beside."""
    runs = [name for name, _ in grouped([r for r in records if r["codec"] == AUTOENCODER], "run")]
    shades = matplotlib.colormaps["viridis"](np.linspace(0.0, 0.85, max(1, len(runs))))
    return dict(zip(runs, shades, strict=False))


def _style(record: Record, colours: dict[str, Any]) -> dict[str, Any]:
    if record["codec"] in (AUTOENCODER, PCA):
        linestyle = {AUTOENCODER: "-", PCA: "--"}[record["codec"]]
        return {"color": colours[record["run"]], "linestyle": linestyle, "marker": "o"}
    return IMAGE_CODEC_STYLES[record["codec"]]
