"""A table of labels beside a folder of images, in place of sub-folders: a row a file, a column a label."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autoencoder.data.names import label_names, readable
from autoencoder.ui.errors import UserError

MAX_NAMES = 256  # of a label; a column of more is a number or a name of each picture, and no class
NO_VALUE = "(none)"  # of an image that the table does not have
DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class TableLabels:
    """names: of each label, sorted. codes: of each label (n,) int64 into its names, in the order of the files."""

    names: dict[str, list[str]]
    codes: dict[str, np.ndarray]
    notes: list[str]


def read_label_table(path: Path, files: Sequence[Path], folder: Path) -> TableLabels:
    """The labels that the table at `path` gives to `files`, which lie in `folder`.

    Its first row names the columns; the first column is the file, by its path in the folder or by its name alone.
    Commas, semicolons, tabs or bars; UTF-8, else Latin-1. Raises UserError where it is no such table.
    """
    head, rows = _read(path)
    by_name = {row[0].strip(): row for row in rows if row}
    found = [by_name.get(file.relative_to(folder).as_posix()) or by_name.get(file.name) for file in files]
    if not any(found):
        raise UserError(
            f"{readable(str(path))}: its first column, {head[0]!r}, names none of the {len(files)} images; "
            "it must hold their file names"
        )
    names, codes, notes = {}, {}, []
    for column, label in enumerate(head[1:], start=1):
        values = [_value(row, column) for row in found]
        there = sorted(set(values))
        if len(there) > MAX_NAMES:
            notes.append(f"{path.name}: {readable(label)} has {len(there)} values and is no label; at most {MAX_NAMES}")
            continue
        names[readable(label) or f"column {column}"] = label_names(there)
        codes[readable(label) or f"column {column}"] = np.array([there.index(value) for value in values], np.int64)
    missing = sum(row is None for row in found)
    if missing:
        notes.append(f"{missing} of {len(files)} images are not in {readable(path.name)}; labelled {NO_VALUE}")
    if not names:
        raise UserError(f"{readable(str(path))} has no column of labels beside {head[0]!r}; add one")
    return TableLabels(names, codes, notes)


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    """The first row, and the others."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        head, *rows = csv.reader(text.splitlines(), delimiter=delimiter)
    except (csv.Error, ValueError) as error:
        raise UserError(f"{readable(str(path))} is no table ({error}); a row a file, commas between") from None
    return head, rows


def _value(row: list[str] | None, column: int) -> str:
    return row[column].strip() or NO_VALUE if row and len(row) > column else NO_VALUE
