"""What templates are given to show: figures and tables."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autoencoder.config.runs import Run

MOST_ROWS = 20  # of a table that is shown without being asked for


@dataclass(frozen=True)
class Table:
    """A table; all columns but the first `num_text` hold numbers and are set flush right."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    num_text: int = 1

    @classmethod
    def of_columns(cls, caption: str, columns: Mapping[str, Sequence[str]], num_text: int = 1) -> "Table":
        """A table of columns by their heads, all of the same length."""
        return cls(caption, tuple(columns), tuple(zip(*columns.values(), strict=True)), num_text)

    @property
    def long(self) -> bool:
        """Whether it is folded away until a reader wants it."""
        return len(self.rows) > MOST_ROWS

    @property
    def id(self) -> str:
        """The table's anchor on the page."""
        return "table-" + re.sub(r"[^a-z0-9]+", "-", self.caption.lower())[:60].strip("-")


@dataclass(frozen=True)
class Figure:
    """A picture in plots/: `alt` says what is on it, numbers included, `made_by` is the command that draws it.

    run, latent_dim: whose it is, where it is one of several. Its caption is the template's.
    """

    path: Path
    alt: str
    made_by: str
    run: str = ""
    latent_dim: int = 0

    @property
    def id(self) -> str:
        """The figure's anchor on the page."""
        return "-".join(["figure", *self.path.with_suffix("").parts[1:]])


def figure(stage: str, name: str, file: str, alt: str) -> Figure:
    """plots/<file>, drawn by `python src/<stage>.py <name>`."""
    return Figure(Path("plots") / file, alt, f"python src/{stage}.py {name}")


def run_figure(run: Run, file: str, alt: str) -> Figure:
    """plots/<run>/<file>, drawn by `python src/plot.py <run>`."""
    return Figure(Path("plots") / run.name / file, alt, f"python src/plot.py {run.name}", run.name, run.latent_dim)
