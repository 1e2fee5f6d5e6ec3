"""A folder of pictures looked at from outside, before anything is prepared: how many, how large, of which kind.

Headers are read of all files, pixels of a few; `prepare` reads all, and has the last word on what can be read.
"""

import csv
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from autoencoder.data.image_folder import MIN_IMAGES, image_files
from autoencoder.data.names import readable
from autoencoder.data.pictures import UNREADABLE, explain, open_image, read_image
from autoencoder.ui.errors import UserError

NUM_DECODED = 64  # files whose pixels tell whether the folder is grey
ORIENTATION = 0x0112  # EXIF
TURNED = (5, 6, 7, 8)  # its values that swap width and height
SAMPLE_SHAPE = (3, 32, 32)
MAX_NAMED = 3  # files in one message
DIGITS = 16  # of a file's hash


@dataclass(frozen=True)
class Survey:
    """What a folder has. width, height: pixels, the medians over its pictures, upright. labels: its table, if any."""

    num_images: int
    width: int
    height: int
    is_grey: bool
    labels: str | None


def survey(folder: Path) -> Survey:
    """Look at a folder. Raises UserError, one line, where it is missing, empty, has too few pictures or only the same
    one, or has names that DVC cannot track.
    """
    if not folder.is_dir():
        raise UserError(f"{readable(str(folder))} is no folder; name your folder of pictures: make study IMAGES=...")
    labels = find_label_table(folder)
    files = image_files(folder, labels)
    if not files:
        raise UserError(f"{readable(str(folder))} has no files; name a folder with at least {MIN_IMAGES} pictures")
    _check_names(files, folder)
    sizes, broken = _read_headers(files)
    if len(sizes) < MIN_IMAGES:
        first = f", the first: {broken[0]}" if broken else ""
        raise UserError(
            f"{readable(str(folder))} has {len(sizes)} readable pictures ({len(broken)} unreadable{first}); "
            f"at least {MIN_IMAGES} are needed"
        )
    one, *others = sizes
    if all(path.read_bytes() == one.read_bytes() for path in others):  # ends at the first that differs
        raise UserError(f"{readable(str(folder))}: all {len(sizes)} pictures are the same; there is nothing to learn")
    width, height = (int(median(side)) for side in zip(*sizes.values(), strict=True))
    return Survey(len(sizes), width, height, _is_grey([*sizes]), labels)


def find_label_table(folder: Path) -> str | None:
    """The name of the one CSV file directly in `folder` whose first column names files in it; None where none does."""
    tables = [path for path in sorted(folder.glob("*.csv")) if _names_files(path, folder)]
    if len(tables) > 1:
        names = " and ".join(readable(path.name) for path in tables)
        raise UserError(f"{readable(str(folder))} has several tables of labels, {names}; leave one in it")
    return tables[0].name if tables else None


def list_files(folder: Path) -> dict[str, str]:
    """The first digits of the SHA-256 of each file below `folder`, by its path in it."""
    listed = {}
    for path in image_files(folder):
        with path.open("rb") as file:
            listed[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()[:DIGITS]
    return listed


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What became of a folder between two listings, in words: `2 new (a.png, b.png), 1 gone (c.png)`; "" where
    nothing did.
    """
    found = {
        "new": [name for name in after if name not in before],
        "gone": [name for name in before if name not in after],
        "changed": [name for name in after if before.get(name, after[name]) != after[name]],
    }
    return ", ".join(f"{len(names)} {what} ({_some(names)})" for what, names in found.items() if names)


def _some(names: Sequence[str]) -> str:
    return ", ".join(map(readable, names[:MAX_NAMED])) + (", ..." if len(names) > MAX_NAMED else "")


def _check_names(files: Sequence[Path], folder: Path) -> None:
    for path in files:
        try:
            str(path.relative_to(folder)).encode()
        except UnicodeEncodeError:  # how Python marks bytes that are no UTF-8
            raise UserError(
                f"{readable(str(path))}: a name that is no UTF-8, which DVC cannot track; rename it"
            ) from None


def _read_headers(files: Sequence[Path]) -> tuple[dict[Path, tuple[int, int]], list[str]]:
    """Width and height of each picture, upright, and what is wrong with the other files."""
    sizes, broken = {}, []
    for path in files:
        try:
            with open_image(path) as image:
                turned = image.getexif().get(ORIENTATION) in TURNED
                sizes[path] = image.size[::-1] if turned else image.size
        except UNREADABLE as error:
            broken.append(f"{readable(str(path))} ({explain(error)})")
    return sizes, broken


def _is_grey(files: Sequence[Path]) -> bool:
    """Whether none of some files, evenly from all, has a colour."""
    for place in np.unique(np.linspace(0, len(files) - 1, NUM_DECODED).astype(int)):
        try:
            if not read_image(files[place], SAMPLE_SHAPE)[1].is_grey:
                return False
        except UNREADABLE:  # cut off behind its header: `prepare` will tell
            continue
    return True


def _names_files(path: Path, folder: Path) -> bool:
    try:
        rows = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return False
    first = [row[0].strip() for delimiter in ",;\t|" for row in csv.reader(rows[1:20], delimiter=delimiter) if row]
    there = {name for _, _, names in os.walk(folder) for name in names}
    return any(name.rpartition("/")[2] in there for name in first)
