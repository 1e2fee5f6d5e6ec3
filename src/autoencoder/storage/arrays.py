"""Arrays on disk as .npz, without pickle: written whole or not at all, read with every mistake told.

What may be larger than memory is written a block at a time, and mapped instead of read.
"""

import struct
import warnings
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from autoencoder.storage.files import replacing
from autoencoder.ui.errors import UserError

# Of a file in a zip archive, before its name: where the lengths of the name and of what follows it stand (APPNOTE.TXT).
LOCAL_HEADER, LENGTHS = 30, 26


@dataclass(frozen=True)
class Blocks:
    """An array that is never whole in memory: `blocks` are its rows, in order."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    blocks: Iterable[np.ndarray]


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray | Blocks]) -> None:
    """Write `arrays` by name, whole or not at all; the bytes follow from the content alone."""
    with replacing(path) as scratch:
        save_arrays(scratch, arrays)


def save_arrays(path: Path, arrays: Mapping[str, np.ndarray | Blocks]) -> None:
    """Write `arrays` by name to a file of no use unless it is complete, as NumPy's `savez` does. Raises OSError."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                if isinstance(array, Blocks):
                    _write_blocks(member, array)
                else:
                    npy.write_array(member, np.asanyarray(array), allow_pickle=False)


def _write_blocks(member: IO[bytes], array: Blocks) -> None:
    header = {"descr": npy.dtype_to_descr(array.dtype), "fortran_order": False, "shape": array.shape}
    npy.write_array_header_1_0(member, header)
    count = 0
    for block in array.blocks:
        if (block.dtype, block.shape[1:]) != (array.dtype, array.shape[1:]):
            raise ValueError(f"a block of {block.dtype} {block.shape} in an array of {array.dtype} {array.shape}")
        member.write(np.ascontiguousarray(block).data)
        count += len(block)
    if count != array.shape[0]:
        raise ValueError(f"{count} rows in an array of {array.shape[0]}")


def read_arrays(path: Path, made_by: str, *needed: str, mapped: Collection[str] = ()) -> dict[str, np.ndarray]:
    """The arrays at `path`, by name. Raises UserError, naming the command that makes it, where the file or one of
    those `needed` is missing or damaged.

    mapped: those that stay on disk and are read where they are used, read-only. Of these only what is missing is found,
    not a byte that changed: no checksum is taken.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: _map(path, stored.zip, name) if name in mapped else stored[name] for name in stored.files}
    except FileNotFoundError:
        raise UserError(f"{path} is missing; make it first: {made_by}") from None
    except (zipfile.BadZipFile, KeyError, EOFError, ValueError) as error:
        raise UserError(f"{path} is damaged ({error}); make it again: {made_by}") from None
    for name in needed:
        if name not in arrays:
            raise UserError(f"{path} is damaged (it has no {name}); make it again: {made_by}")
    return arrays


def _map(path: Path, archive: zipfile.ZipFile, name: str) -> np.ndarray:
    """An array of an uncompressed .npz file, memory-mapped. NumPy maps .npy files only. archive: the file, opened."""
    info = archive.getinfo(f"{name}.npy")
    if info.compress_type != zipfile.ZIP_STORED:
        raise ValueError(f"{name} is compressed")
    with archive.open(info) as member:
        if npy.read_magic(member) != (1, 0):
            raise ValueError(f"{name} is of another version")
        shape, fortran_order, dtype = npy.read_array_header_1_0(member)
        header = member.tell()
    with path.open("rb") as file:
        file.seek(info.header_offset + LENGTHS)
        start = info.header_offset + LOCAL_HEADER + sum(struct.unpack("<HH", file.read(4))) + header
    if dtype.hasobject:
        raise ValueError(f"{name} is a pickle")
    if 0 in shape:
        return np.empty(shape, dtype)
    # PyTorch warns that it could write into what is read-only; nothing here does.
    warnings.filterwarnings("ignore", "The given NumPy array is not writable")
    return np.asarray(np.memmap(path, dtype, "r", start, shape, "F" if fortran_order else "C"))


class Rows:
    """Several arrays, one after another, as one: what is not asked for is neither read nor copied."""

    def __init__(self, *parts: np.ndarray) -> None:
        """parts: (n, ...) each, all alike but for n."""
        self._parts = parts
        self._starts = np.cumsum([0, *map(len, parts)])
        self.shape: tuple[int, ...] = (int(self._starts[-1]), *parts[0].shape[1:])

    def __len__(self) -> int:
        """How many rows there are."""
        return self.shape[0]

    def __getitem__(self, rows: slice | Sequence[int] | np.ndarray) -> np.ndarray:
        """A slice without a step, or the rows of given numbers, from 0."""
        if isinstance(rows, slice):
            first, last, step = rows.indices(len(self))
            assert step == 1
            pieces = [part[max(0, first - start) : max(0, last - start)] for start, part in self._placed()]
            filled = [piece for piece in pieces if len(piece)]
            return filled[0] if len(filled) == 1 else np.concatenate(pieces)
        numbers = np.asarray(rows, dtype=np.int64)
        assert ((numbers >= 0) & (numbers < len(self))).all()
        found = np.empty((len(numbers), *self.shape[1:]), self._parts[0].dtype)
        for start, part in self._placed():
            here = (numbers >= start) & (numbers < start + len(part))
            found[here] = part[numbers[here] - start]
        return found

    def flattened(self) -> "Rows":
        """The same rows, each in one dimension."""
        return Rows(*(part.reshape(len(part), prod(self.shape[1:])) for part in self._parts))

    def _placed(self) -> Iterable[tuple[int, np.ndarray]]:
        return zip(self._starts.tolist(), self._parts, strict=False)
