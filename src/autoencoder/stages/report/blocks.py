"""What the report is made of: sections of blocks. Text is plain (the page escapes it), with `code` in backticks."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

MOST_ROWS = 20  # of a table that is shown without being asked for


@dataclass(frozen=True)
class Heading:
    """A heading inside a section, a data set's name as a rule."""

    kind: ClassVar = "heading"
    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    kind: ClassVar = "text"
    text: str


@dataclass(frozen=True)
class Items:
    """A list of sentences."""

    kind: ClassVar = "items"
    items: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """Text set as it is: commands, params."""

    kind: ClassVar = "listing"
    text: str
    title: str = ""  # with a title it is folded away


@dataclass(frozen=True)
class Table:
    """A table; all columns but the first `num_text` hold numbers and are set flush right."""

    kind: ClassVar = "table"
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    num_text: int = 1

    @property
    def long(self) -> bool:
        """Whether it is folded away until a reader wants it."""
        return len(self.rows) > MOST_ROWS


@dataclass(frozen=True)
class Figure:
    """A picture in plots/: `alt` says what is on it, numbers included, `made_by` is the command that draws it."""

    path: Path
    alt: str
    caption: str
    made_by: str

    @property
    def id(self) -> str:
        """The figure's anchor on the page."""
        return "-".join(["figure", *self.path.with_suffix("").parts[1:]])


@dataclass(frozen=True)
class Figures:
    """Figures that are to be compared: side by side where there is room."""

    kind: ClassVar = "figures"
    figures: tuple[Figure, ...]


Block = Heading | Text | Items | Listing | Table | Figures


@dataclass(frozen=True)
class ReportSection:
    """A part of the report with an entry in its table of contents."""

    id: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures of the section, in order."""
        return tuple(figure for block in self.blocks if isinstance(block, Figures) for figure in block.figures)
