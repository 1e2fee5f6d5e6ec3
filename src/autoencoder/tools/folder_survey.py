"""A folder of pictures looked at from outside, before anything is prepared: how many, how large, of which kind.

Headers are read of all files, pixels of all where that takes seconds, else of a few; `prepare` reads all, and has the
last word on what can be read.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from autoencoder.data.image_folder import MIN_IMAGES, image_files, read_images, some
from autoencoder.data.label_table import read_label_table
from autoencoder.data.names import readable
from autoencoder.data.pictures import UNREADABLE, Shape, explain, open_image, upright_size
from autoencoder.tools.trackable_names import check_trackable
from autoencoder.ui.errors import UserError

Sizes = dict[Path, tuple[int, int]]  # width and height of each picture, upright

MAX_FILES, MAX_PIXELS = 500, 1 << 28  # up to so many all pictures are decoded: a few seconds
NUM_DECODED = 64  # of more
SAMPLE_SIDE = 64  # pixels: the longer side of what is decoded
DIGITS = 16  # of a file's hash


@dataclass(frozen=True)
class Survey:
    """What a folder has. width, height: pixels, the medians over its pictures, upright. labels: its table, if any.
    notes: what somebody may have expected otherwise, a line each.
    """

    num_images: int
    width: int
    height: int
    is_grey: bool
    labels: str | None
    notes: tuple[str, ...] = ()


def survey(folder: Path, wanted: str | None = None) -> Survey:
    """Look at a folder. wanted: the table of labels that params.yaml names already, if any.

    Raises UserError, one line, where it is missing, empty, has too few pictures or only the same one, or has what DVC
    cannot track.
    """
    shown = readable(str(folder))
    check_trackable([folder, *folder.parents])
    if not folder.is_dir():
        raise UserError(f"{shown} is no folder; name your folder of pictures: make study IMAGES=...")
    linked = _check_entries(folder)
    files = image_files(folder, wanted)
    if not files:
        links = f" (links to folders are not followed: {some(linked)})" if linked else ""
        raise UserError(f"{shown} has no pictures{links}; name a folder with at least {MIN_IMAGES} pictures")
    sizes, broken = _read_headers(files)
    is_grey = _look_inside(sizes, broken, shown)
    labels, notes = find_label_table(folder, [*sizes], wanted)
    if linked:
        notes.append(f"links to folders are not followed: {some(linked)}")
    return Survey(len(sizes), *_medians(sizes), is_grey, labels, tuple(notes))


def find_label_table(folder: Path, files: Sequence[Path], wanted: str | None) -> tuple[str | None, list[str]]:
    """The name of the one CSV file directly in `folder` that gives labels to `files`, None where none does, and why
    each of the others does not. `wanted` comes before all, while it gives any.
    """
    tables = [path for path in sorted(folder.iterdir()) if path.suffix.lower() == ".csv" and path.name[0] != "."]
    if wanted and (folder / wanted).is_file() and not _why_no_labels(folder / wanted, files, folder):
        return wanted, []
    why = {path: _why_no_labels(path, files, folder) for path in tables}
    taken = [path.name for path in tables if not why[path]]
    if len(taken) > 1:
        names = " and ".join(map(readable, taken))
        raise UserError(f"{readable(str(folder))} has several tables of labels, {names}; leave one in it")
    return (taken[0] if taken else None), [f"no labels: {reason}" for reason in why.values() if reason]


def _why_no_labels(table: Path, files: Sequence[Path], folder: Path) -> str:
    """What is wrong with a table of labels; "" where nothing is."""
    try:
        read_label_table(table, files, folder)
    except UserError as error:
        return str(error)
    except OSError as error:
        return f"{readable(str(table))} cannot be read ({error.strerror})"
    return ""


def list_files(folder: Path, labels: str | None = None) -> dict[str, str]:
    """The first digits of the SHA-256 of each picture below `folder`, and of its table of labels, by its path in it."""
    return _hashes(folder, [*image_files(folder, labels), *([folder / labels] if labels else [])])


def list_others(folder: Path, listed: Mapping[str, str]) -> dict[str, str]:
    """The same of all other files below it, hidden ones too: DVC looks at them, and nothing else does."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return _hashes(folder, [path for path in files if path.relative_to(folder).as_posix() not in listed])


def _hashes(folder: Path, files: Sequence[Path]) -> dict[str, str]:
    found = {}
    for path in files:
        with path.open("rb") as file:
            found[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()[:DIGITS]
    return found


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What became of a folder between two listings, in words: `2 new (a.png, b.png), 1 gone (c.png)`; "" where
    nothing did.
    """
    found = {
        "new": [name for name in after if name not in before],
        "gone": [name for name in before if name not in after],
        "changed": [name for name in after if before.get(name, after[name]) != after[name]],
    }
    return ", ".join(f"{len(names)} {what} ({some([*map(readable, names)])})" for what, names in found.items() if names)


def _check_entries(folder: Path) -> list[str]:
    """Look at all that DVC will, hidden files too. Returns the links to folders. Raises UserError for a name that it
    cannot track, a link to nothing, what is neither file nor folder, and what may not be read.
    """
    linked, walked = [], [*os.walk(folder)]
    check_trackable(Path(above, name) for above, folders, files in walked for name in folders + files)
    _check_access(folder)
    for above, folders, files in walked:
        for path in (Path(above, name) for name in folders + files):
            shown = readable(str(path))
            if path.is_symlink() and not path.exists():
                raise UserError(f"{shown}: a link to nothing, which DVC cannot track; remove it")
            if not path.is_dir() and not path.is_file():
                raise UserError(f"{shown}: neither a file nor a folder, which DVC cannot track; remove it")
            _check_access(path)
        linked += [readable(name) for name in folders if Path(above, name).is_symlink()]
    return linked


def _check_access(path: Path) -> None:
    if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
        raise UserError(
            f"{readable(str(path))}: no permission to read it, which DVC must; change that, or take it away"
        )


def _read_headers(files: Sequence[Path]) -> tuple[Sizes, list[str]]:
    """The sizes of the pictures, and what is wrong with the other files."""
    sizes, broken = {}, []
    for path in files:
        try:
            with open_image(path) as image:
                sizes[path] = upright_size(image)
        except UNREADABLE as error:
            broken.append(f"{readable(str(path))} ({explain(error, path)})")
    return sizes, broken


def _look_inside(sizes: Sizes, broken: list[str], shown: str) -> bool:
    """Whether none of the pictures decoded has a colour; those that cannot be decoded become `broken`. Raises UserError
    where too few are left, or only the same one.
    """
    _check_enough(sizes, broken, shown)
    shape = _sample_shape(sizes)
    if len(sizes) <= MAX_FILES and sum(width * height for width, height in sizes.values()) <= MAX_PIXELS:
        files = [*sizes]
    else:
        places = np.unique(np.linspace(0, len(sizes) - 1, NUM_DECODED).astype(int))
        files = [[*sizes][place] for place in places]
    images, originals, damaged = read_images(files, shape)
    if 2 * len(originals) < len(files) < len(sizes):  # most are damaged: such a sample says nothing of the others
        files = [*sizes]
        images, originals, damaged = read_images(files, shape)
    broken += damaged
    for path in set(files) - set(originals):
        del sizes[path]
    _check_enough(sizes, broken, shown)
    if all(np.array_equal(image, images[0]) for image in images) and _all_the_same([*sizes], looked_at=len(files)):
        raise UserError(f"{shown}: all {len(sizes)} pictures are the same; there is nothing to learn")
    return all(original.is_grey for original in originals.values())


def _sample_shape(sizes: Sizes) -> Shape:
    """What is decoded: small, and as wide for its height as the folder's pictures are, lest their ends be cut off."""
    width, height = _medians(sizes)
    scale = SAMPLE_SIDE / max(width, height)
    return 3, max(1, round(height * scale)), max(1, round(width * scale))


def _medians(sizes: Sizes) -> tuple[int, int]:
    width, height = (int(median(side)) for side in zip(*sizes.values(), strict=True))
    return width, height


def _all_the_same(files: Sequence[Path], looked_at: int) -> bool:
    """Of pictures that look the same as far as they were looked at: whether those not looked at are the same, too."""
    if len(files) <= looked_at:
        return True
    first = files[0].read_bytes()
    return all(path.read_bytes() == first for path in files)  # ends at the first that differs


def _check_enough(sizes: Sizes, broken: Sequence[str], shown: str) -> None:
    if len(sizes) < MIN_IMAGES:
        first = f", the first: {broken[0]}" if broken else ""
        raise UserError(
            f"{shown} has {len(sizes)} readable pictures ({len(broken)} unreadable{first}); "
            f"at least {MIN_IMAGES} are needed"
        )
