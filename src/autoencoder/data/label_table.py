"""A table of labels beside a folder of images, in place of sub-folders: a row a file, a column a label."""

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autoencoder.data.named_files import column_of, file_column, rows_of
from autoencoder.data.names import label_names, readable
from autoencoder.ui.errors import UserError

MAX_NAMES = 256  # of a label; a column of more is a number or a name of each picture, and no class
FEW_NAMES = 10  # with more, and fewer than two pictures to a name, it is a caption and no class
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

    One of its columns is the file, as named_files.py finds it; every other one is a label, called as the first row
    says, where that names no file. Commas, semicolons, tabs or bars; UTF-8, UTF-16, else Latin-1. Raises UserError
    where it is no such table, or no column is a label.
    """
    table, shown = _read(path), readable(path.name)
    names = [file.relative_to(folder).as_posix() for file in files]
    place = file_column(table, names)
    if place is None:
        raise UserError(
            f"{readable(str(path))}: no column names any of the {len(files)} images; one must hold their file names"
        )
    rows = rows_of(column_of(table, place), names)
    heads = _heads(table, with_heads=0 not in rows)
    labels = TableLabels({}, {}, [])
    for column, head in enumerate(heads):
        if column != place:
            cells = column_of(table, column)
            _add(labels, head, [(cells[row] if row is not None else "") or NO_VALUE for row in rows], shown)
    if not labels.names:
        why = f" ({'; '.join(labels.notes)})" if labels.notes else ""
        raise UserError(f"{readable(str(path))} has no column of labels beside {heads[place]!r}{why}; add one")
    if None in rows:
        labels.notes.append(f"{rows.count(None)} of {len(files)} images are not in {shown}; labelled {NO_VALUE}")
    return labels


def _add(labels: TableLabels, label: str, values: Sequence[str], table: str) -> None:
    """Add a column, unless it is no label. values: of each file."""
    there = sorted(set(values))
    if there == [NO_VALUE]:
        return
    why_not = why_no_label(len(there), len(values))
    if why_not:
        labels.notes.append(f"{table}: {label} {why_not}")
    else:
        labels.names[label] = label_names(there)
        labels.codes[label] = np.array([there.index(value) for value in values], np.int64)


def why_no_label(num_values: int, num_images: int) -> str:
    """Why so many different values, of a column or of sub-folders, are no label of so many images; "" where they are
    one.
    """
    if num_values > MAX_NAMES:
        return f"has {num_values} values and is no label; at most {MAX_NAMES}"
    if num_values > FEW_NAMES and 2 * num_values > num_images:
        return f"has {num_values} values for {num_images} images and is no label"
    return ""


def _heads(table: Sequence[Sequence[str]], *, with_heads: bool) -> list[str]:
    """A name for each column, all different: what its head says, or its number."""
    heads: list[str] = []
    for column in range(max(map(len, table))):
        said = readable(table[0][column]) if with_heads and column < len(table[0]) else ""
        head = first = said or f"column {column + 1}"
        number = 1
        while head in heads:
            number += 1
            head = f"{first} ({number})"
        heads.append(head)
    return heads


def _read(path: Path) -> list[list[str]]:
    """The rows that have anything in them. Raises UserError where there is none."""
    text = _decode(path.read_bytes())
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise UserError(f"{readable(str(path))} is no table ({error}); a row a file, commas between") from None
    if not rows:
        raise UserError(f"{readable(str(path))} is no table (it is empty); a row a file, commas between")
    return rows


def _decode(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode("latin-1")
