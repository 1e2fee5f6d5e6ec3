"""A user's own folder of images: any size and mode, made square; the sub-folders' names are the labels."""

from pathlib import Path

import numpy as np
from pydantic import Field

from autoencoder.data.kind import Loaded, SplitParams
from autoencoder.data.names import label_names, readable
from autoencoder.data.pictures import UNREADABLE, explain, read_image
from autoencoder.data.splitting import split_randomly, take
from autoencoder.ui.errors import UserError

MIN_IMAGES = 10


class Params(SplitParams):
    """`prepare.<name>` in params.yaml where kind is image_folder; `source` is the folder."""

    image_size: int = Field(ge=8, le=1024)


def load(name: str, params: Params) -> Loaded:
    """Every readable image below the folder as (n, 3, image_size, image_size), in the order of their paths.

    The middle square is cut out and resized; transparent pixels become black. Files that cannot be read, whatever they
    are, are counted and listed in the notes; hidden ones (their name begins with a dot) are passed over. Labels and
    notes are readable text whatever the folders' names. Raises UserError for a missing folder and for fewer than 10
    readable images.
    """
    folder = Path(params.source)
    if not folder.is_dir():
        raise UserError(f"{folder} is no folder; set prepare.{name}.source in params.yaml to your folder of images")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not _hidden(path, folder))
    images, owners, broken = read_images(files, params.image_size)
    if len(images) < MIN_IMAGES:
        raise UserError(
            f"{readable(str(folder))} has {len(images)} readable images ({len(broken)} unreadable{_first(broken)}); "
            f"at least {MIN_IMAGES} are needed"
        )
    names = sorted({_subfolder(path, folder) for path in owners})
    codes = np.array([names.index(_subfolder(path, folder)) for path in owners], dtype=np.int64)
    parts = split_randomly(len(images), params.test_fraction, params.val_fraction, params.split_seed)
    notes = [f"{len(broken)} of {len(files)} files could not be read: {', '.join(broken)}"] if broken else []
    source = f"{len(images)} images from the folder {readable(folder.name)}"
    labels = {"folder": label_names(names)}
    return Loaded(take(np.stack(images), {"folder": codes}, parts), labels, source, notes=notes)


def read_images(files: list[Path], size: int) -> tuple[list[np.ndarray], list[Path], list[str]]:
    """The readable images (3, size, size) uint8, their files, and what is wrong with the other files."""
    images, owners, broken = [], [], []
    for path in files:
        try:
            images.append(read_image(path, size))
            owners.append(path)
        except UNREADABLE as error:
            broken.append(f"{readable(str(path))} ({explain(error)})")
    return images, owners, broken


def _subfolder(path: Path, folder: Path) -> str:
    """The names of the folders between `folder` and the file; "." for a file that lies directly in it."""
    return path.parent.relative_to(folder).as_posix()


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _first(broken: list[str]) -> str:
    return f", the first: {broken[0]}" if broken else ""
