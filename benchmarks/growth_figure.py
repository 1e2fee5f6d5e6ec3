"""How cost grows, drawn: seconds above, peak memory below, against each size that grows."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from autoencoder.drawing import style
from autoencoder.storage.files import Record

SIZES = ("images", "latent_dim", "side")
# What is measured, which of its sizes grows, and how that is told.
PANELS = {
    "an epoch, by images": ("train", "images"),
    "an epoch, by latent dimension": ("train", "latent_dim"),
    "an epoch, by pixels a side": ("train", "side"),
    "embed, by images": ("embed", "images"),
    "a search, by images": ("search", "images"),
}


def growing(records: list[Record], what: str, key: str) -> list[Record]:
    """The records of `what` that differ in `key` alone, by rising `key`: of the other sizes, the most common value."""
    of_kind = [record for record in records if record.get("what") == what]
    usual = {other: max(values := [record[other] for record in of_kind], key=values.count) for other in SIZES}
    alone = [record for record in of_kind if all(record[other] == usual[other] for other in SIZES if other != key)]
    return sorted(alone, key=lambda record: record[key])


def draw(records: list[Record], path: Path) -> None:
    """Write the figure as PNG."""
    figure = Figure(figsize=(16, 6), layout="constrained")
    axes = figure.subplots(2, len(PANELS))
    for column, (title, (what, key)) in enumerate(PANELS.items()):
        rows = growing(records, what, key)
        for row, (measured, colour) in enumerate((("seconds", style.BLUE), ("peak_mb", style.VERMILION))):
            _panel(axes[row, column], [(record[key], record[measured]) for record in rows], colour)
        axes[0, column].set_title(title)
    axes[0, 0].set_ylabel("seconds")
    axes[1, 0].set_ylabel("peak memory, MB")
    style.save(figure, path)


def _panel(axes: Axes, points: list[tuple[float, float]], colour: str) -> None:
    """On logarithmic axes of the same four decades and a half, so that slopes compare; each point says its number."""
    axes.loglog(*zip(*points, strict=True), "o-", color=colour)
    for x, y in points:
        axes.annotate(f"{y:,.3g}" if y < 1000 else f"{y:,.0f}", (x, y), (0, 7), textcoords="offset points", ha="center")
    axes.set_xticks([x for x, _ in points], [f"{x:,}" for x, _ in points], fontsize=9)
    axes.minorticks_off()
    middle = (points[0][1] * points[-1][1]) ** 0.5
    axes.set_ylim(middle / 150, middle * 150)
    axes.set_yticks([])
    axes.margins(x=0.2)
