"""What templates are given to show: figures and tables."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autoencoder.config.runs import Run
from autoencoder.storage.files import Record

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

    run, latent_dim: whose it is, where it is one of several. csv: the numbers on it, which "copy the data" copies;
    nothing where it shows none. Its caption is the template's.
    """

    path: Path
    alt: str
    made_by: str
    run: str = ""
    latent_dim: int = 0
    csv: str = ""

    @property
    def id(self) -> str:
        """The figure's anchor on the page."""
        return "-".join(["figure", *self.path.with_suffix("").parts[1:]])


def figure(stage: str, name: str, file: str, alt: str, data: Sequence[Record] = ()) -> Figure:
    """plots/<file>, drawn by `python src/<stage>.py <name>`. data: the numbers on it."""
    return Figure(Path("plots") / file, alt, f"python src/{stage}.py {name}", csv=as_csv(data))


def run_figure(run: Run, file: str, alt: str, data: Sequence[Record] = ()) -> Figure:
    """plots/<run>/<file>, drawn by `python src/plot.py <run>`. data: the numbers on it."""
    path, made_by = Path("plots") / run.name / file, f"python src/plot.py {run.name}"
    return Figure(path, alt, made_by, run.name, run.latent_dim, as_csv(data))


def as_csv(records: Sequence[Record]) -> str:
    """Records as CSV, a column for each key that any of them has; nothing of no records."""
    if not records:
        return ""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(dict.fromkeys(key for record in records for key in record)))
    writer.writeheader()
    writer.writerows(records)
    return buffer.getvalue()
