"""Arrays on disk as .npz, without pickle: written whole or not at all, read with every mistake told."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np

from autoencoder.storage.files import write_atomically
from autoencoder.ui.errors import UserError


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write `arrays` by name; the bytes follow from the content alone."""
    buffer = BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    write_atomically(path, buffer.getvalue())


def read_arrays(path: Path, made_by: str, *needed: str) -> dict[str, np.ndarray]:
    """The arrays at `path`, by name. Raises UserError, naming the command that makes it, where the file or one of
    those `needed` is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        raise UserError(f"{path} is missing; make it first: {made_by}") from None
    except (zipfile.BadZipFile, KeyError, EOFError, ValueError) as error:
        raise UserError(f"{path} is damaged ({error}); make it again: {made_by}") from None
    for name in needed:
        if name not in arrays:
            raise UserError(f"{path} is damaged (it has no {name}); make it again: {made_by}")
    return arrays
