"""A user's own folder of images: any format, size and mode, made alike; sub-folders or a table are the labels."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import field_validator

from autoencoder.data.kind import Loaded, SplitParams
from autoencoder.data.label_table import TableLabels, read_label_table, why_no_label
from autoencoder.data.memory import check_memory
from autoencoder.data.names import label_names, readable
from autoencoder.data.pictures import UNREADABLE, Original, Shape, explain, is_picture, read_image
from autoencoder.data.splitting import split_randomly, take
from autoencoder.ui.errors import UserError

MIN_IMAGES = 10
MIN_SIDE, MAX_SIDE = 8, 1024
FOLDER = "folder"  # the label that sub-folders are
LOOSE = "(no sub-folder)"  # of pictures that lie in none
MAX_NAMED = 3  # files in one note
# What lies beside pictures and nobody takes for one: it may come and go, and nothing is trained again.
NO_PICTURES = frozenset(
    (
        *(".csv", ".tsv", ".txt", ".md", ".json", ".xml", ".yaml", ".yml", ".html", ".ini", ".db", ".xmp", ".aae"),
        *(".mov", ".mp4", ".m4v", ".avi", ".mkv", ".webm", ".3gp", ".mp3", ".m4a", ".wav", ".pdf"),
        *(".zip", ".tar", ".gz", ".7z", ".rar"),
    )
)


class Params(SplitParams):
    """`prepare.<name>` in params.yaml where kind is image_folder; `source` is the folder."""

    image_size: int | list[int]  # pixels: of a square's sides, or [height, width]
    channels: Literal[1, 3] = 3  # 1: grey
    labels: str | None = None  # a table of labels (CSV) in the folder, in place of its sub-folders

    @field_validator("image_size")
    @classmethod
    def _is_one_side_or_two(cls, value: int | list[int]) -> int | list[int]:
        sides = value if isinstance(value, list) else [value, value]
        if len(sides) != 2 or not all(MIN_SIDE <= side <= MAX_SIDE for side in sides):
            raise ValueError(f"must be a side or [height, width], from {MIN_SIDE} to {MAX_SIDE} pixels, got {value}")
        return value

    @property
    def image_shape(self) -> Shape:
        """What its images become: channels, height, width."""
        height, width = self.image_size if isinstance(self.image_size, list) else [self.image_size] * 2
        return self.channels, height, width


def load(name: str, params: Params) -> Loaded:
    """Every readable image below the folder as (n, channels, height, width), in the order of their paths.

    The middle is cut out and resized; transparent pixels become black. Files that cannot be read, whatever they
    are, are counted and listed in the notes; hidden ones (their name begins with a dot) are passed over. Labels and
    notes are readable text whatever the folders' names. Raises UserError for a missing folder, for fewer than 10
    readable images, where all are the same, and where they do not fit into memory.
    """
    folder = Path(params.source)
    if not folder.is_dir():
        raise UserError(f"{folder} is no folder; set prepare.{name}.source in params.yaml to your folder of images")
    files = image_files(folder, params.labels)
    shape = params.image_shape
    _check_memory(files, int(np.prod(shape)), f"lower prepare.{name}.image_size, or take fewer images")
    images, originals, broken = read_images(files, shape)
    if len(images) < MIN_IMAGES:
        raise UserError(
            f"{readable(str(folder))} has {len(images)} readable images ({len(broken)} unreadable{_first(broken)}); "
            f"at least {MIN_IMAGES} are needed"
        )
    if all(np.array_equal(image, images[0]) for image in images):
        raise UserError(f"{readable(str(folder))}: all {len(images)} images are the same; there is nothing to learn")
    labels = _labels(list(originals), folder, params)
    parts = split_randomly(len(images), params.test_fraction, params.val_fraction, params.split_seed)
    unread = [f"{len(broken)} of {len(files)} files could not be read: {some(broken)}"] if broken else []
    return Loaded(
        take(np.stack(images), labels.codes, parts),
        labels.names,
        f"{len(images)} images from the folder {readable(folder.name)}",
        notes=[*unread, *labels.notes],
        about=_about(originals, folder, broken),
    )


def image_files(folder: Path, labels: str | None = None) -> list[Path]:
    """The files below `folder` that are looked at, by their paths: all but hidden ones, those that are no pictures by
    their names, and the table of labels.
    """
    passed = {folder / labels} if labels else set()
    there = (path for path in folder.rglob("*") if path.is_file() and not _hidden(path, folder))
    return sorted(path for path in there if path.suffix.lower() not in NO_PICTURES and path not in passed)


def read_images(files: Sequence[Path], shape: Shape) -> tuple[list[np.ndarray], dict[Path, Original], list[str]]:
    """The readable images, `shape` uint8, their files and what these were like, and what is wrong with the others."""
    images, originals, broken = [], {}, []
    for path in files:
        try:
            pixels, originals[path] = read_image(path, shape)
            images.append(pixels)
        except UNREADABLE as error:
            broken.append(f"{readable(str(path))} ({explain(error, path)})")
    return images, originals, broken


def _check_memory(files: Sequence[Path], num_inputs: int, remedy: str) -> None:
    try:
        check_memory(len(files), num_inputs, remedy)
    except UserError:  # not all need be pictures
        check_memory(sum(map(is_picture, files)), num_inputs, remedy)


def _labels(files: list[Path], folder: Path, params: Params) -> TableLabels:
    """Those of the table that params.yaml names, or else the sub-folders."""
    if params.labels is None:
        names = sorted({subfolder(path, folder) for path in files})
        why_not = why_no_label(len(names), len(files))
        if why_not:
            codes = np.zeros(len(files), np.int64)
            return TableLabels({FOLDER: [LOOSE]}, {FOLDER: codes}, [f"the sub-folder {why_not}"])
        codes = np.array([names.index(subfolder(path, folder)) for path in files], dtype=np.int64)
        shown = label_names([LOOSE if name == "." else name for name in names])
        return TableLabels({FOLDER: shown}, {FOLDER: codes}, [])
    table = folder / params.labels
    if not table.is_file():
        raise UserError(f"{readable(str(table))} is missing; labels names a table in the folder of images")
    return read_label_table(table, files, folder)


def _about(originals: dict[Path, Original], folder: Path, broken: list[str]) -> dict[str, Any]:
    """What is kept of the files beside their pixels: their names, in the order of `Split.index`, and what they were."""
    sizes = Counter(f"{original.width} x {original.height}" for original in originals.values())
    return {
        "names": [readable(path.relative_to(folder).as_posix()) for path in originals],
        "unreadable": broken,
        "num_grey": sum(original.is_grey for original in originals.values()),
        "num_transparent": sum(original.is_transparent for original in originals.values()),
        "sizes": dict(sizes.most_common()),
    }


def some(names: Sequence[str]) -> str:
    """The first of them, and how many others there are."""
    left = len(names) - MAX_NAMED
    others = f" and {left} other{'s' if left > 1 else ''}" if left > 0 else ""
    return ", ".join(names[:MAX_NAMED]) + others


def subfolder(path: Path, folder: Path) -> str:
    """The names of the folders between `folder` and the file; "." for a file that lies directly in it."""
    return path.parent.relative_to(folder).as_posix()


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _first(broken: list[str]) -> str:
    return f", the first: {broken[0]}" if broken else ""
