"""How every figure looks, and how it is written."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure
from matplotlib.text import Text

from autoencoder.storage.files import write_atomically
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
BLUE, GREEN, VERMILION = "#0072B2", "#009E73", "#D55E00"
PART_COLOURS = {"input": "#555555", "encoder": BLUE, "latent": VERMILION, "decoder": GREEN}
DPI = 110
SAMPLE_STAMP = "SAMPLE DATA"


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG; the bytes follow from the content alone (no date, no version in the file)."""
    _show_names_as_they_are(figure)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    write_atomically(path, buffer.getvalue())


def _show_names_as_they_are(figure: Figure) -> None:
    """Labels of people's own folders may hold a dollar sign, which would begin a formula, and fail where it is none.

    Formulas are matplotlib's own alone: the powers of ten of a logarithmic axis.
    """
    for text in _written(figure):
        if "$" in text.get_text():
            text.set_parse_math(False)


def _written(figure: Figure) -> Iterator[Text]:
    """The texts of a figure but for the numbers on its axes (which `findobj` would make, unseen ones too: seconds)."""
    yield from figure.texts
    legends = list(figure.legends)
    for axes in figure.axes:
        yield from (*axes.texts, axes.title, axes.xaxis.label, axes.yaxis.label)
        legends += [legend] if (legend := axes.get_legend()) else []
    for legend in legends:
        yield from (*legend.get_texts(), legend.get_title())


def value_range(manifest: Manifest) -> str:
    """The data set's value range as text: `[-1, 1]`."""
    low, high = manifest.value_range
    return f"[{low:g}, {high:g}]"


def stamped(title: str, sample: bool) -> str:
    """A title that says so where the picture is made from the built-in sample."""
    return f"{title}  [{SAMPLE_STAMP}]" if sample else title
