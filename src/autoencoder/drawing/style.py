"""How every figure looks, and how it is written."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from autoencoder.storage.files import Record, write_atomically
from autoencoder.storage.prepared import Manifest

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
BLUE, SKY, ORANGE, GREEN, VERMILION, PURPLE = "#0072B2", "#56B4E9", "#E69F00", "#009E73", "#D55E00", "#CC79A7"
PART_COLOURS = {"input": "#555555", "encoder": BLUE, "latent": VERMILION, "decoder": GREEN}
SAMPLE_STAMP = "SAMPLE DATA"


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG; the bytes follow from the content alone (no date, no version in the file)."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    write_atomically(path, buffer.getvalue())


def grouped(records: Sequence[Record], key: str) -> list[tuple[str, list[Record]]]:
    """Records by their value of `key`, in the order of first appearance."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record[key], []).append(record)
    return list(groups.items())


def value_range(manifest: Manifest) -> str:
    """The data set's value range as text: `[-1, 1]`."""
    low, high = manifest.value_range
    return f"[{low:g}, {high:g}]"


def stamped(title: str, sample: bool) -> str:
    """A title that says so where the picture is made from the built-in sample."""
    return f"{title}  [{SAMPLE_STAMP}]" if sample else title
