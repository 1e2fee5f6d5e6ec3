"""Latents as bytes: a picture's numbers quantized, entropy-coded, and back.

The byte string of a picture, which can be decoded alone:

    1 byte    0xA0 + bits: what this is, and how finely it is quantized
    4 bytes   digest of the grids and of the decoder's weights, so that another run refuses it
    the rest  the levels, range-coded with the grid's frequencies

The rest is the shortest byte string that says it all whatever bytes follow: no such string begins another, so the end
needs no mark, and one that is cut off is always noticed. The levels' frequencies are whole numbers far below 2^53, so
sender and receiver compute the same intervals.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
from constriction import stream

from autoencoder.codecs.quantization import Grid, fit_grid
from autoencoder.storage.arrays import read_arrays, write_arrays
from autoencoder.ui.errors import UserError

BITS = (3, 4, 5, 6, 7, 8, 9)  # the depths there are grids for; PCA needs the last, its components differ so in range
MAGIC = 0xA0
DIGEST_BYTES = 4
HEADER_BYTES = 1 + DIGEST_BYTES
# `perfect` would search for the best rounding of the frequencies: slow, and within a thousandth of this.
FAMILY = stream.model.Categorical(perfect=False)
LEVEL_BYTES = 4  # a number takes less: to constriction no level is rarer than 2^-24, and it rounds by less than a bit
WORD, STATE = 32, 64  # bits of the range coder


@dataclass(frozen=True)
class Codec:
    """Grids by bit depth, and the digest that stands in the header."""

    grids: Mapping[int, Grid]
    digest: bytes

    @property
    def most_bytes(self) -> int:
        """No encoded picture is larger: a file that goes on need not be read further."""
        latent_dim = max(len(grid.mean) for grid in self.grids.values())
        return HEADER_BYTES + LEVEL_BYTES * latent_dim + WORD // 8

    def encode(self, latents: np.ndarray, bits: int) -> bytes:
        """The latents (d,) of one picture -> its bytes. Raises UserError for a depth there is no grid for."""
        if bits not in self.grids:
            raise UserError(f"no grid of {bits} bits; there is: {', '.join(map(str, self.grids))}")
        grid = self.grids[bits]
        levels = grid.quantize(latents[np.newaxis])[0]
        return bytes([MAGIC + bits]) + self.digest + pack(levels, grid.frequencies)

    def decode(self, content: bytes) -> np.ndarray:
        """The bytes of one picture -> its restored latents (d,) float32. Raises UserError where they are not ours."""
        digest = read_digest(content)
        if digest != self.digest:
            raise UserError(
                f"the file was encoded by another run (digest {digest.hex()}, not {self.digest.hex()}): leave out "
                "--run, so that the run is found, or bring the weights it was encoded with"
            )
        bits = content[0] - MAGIC
        if bits not in self.grids:
            raise UserError(f"the encoded file is damaged: it names a depth of {bits} bits")
        grid = self.grids[bits]
        latents: np.ndarray = grid.restore(unpack(content[HEADER_BYTES:], grid.frequencies)[np.newaxis])[0]
        return latents


def fit_codec(latents: np.ndarray, decoder: bytes) -> Codec:
    """A codec for latents like these training latents (n, d); `decoder` is what the receiver draws pictures with."""
    return _make_codec({bits: fit_grid(latents, bits) for bits in BITS}, decoder)


def read_digest(content: bytes) -> bytes:
    """The digest in the header of an encoded picture. Raises UserError where there is no such header."""
    if not content or not MAGIC < content[0] < MAGIC + 16:
        raise UserError("the file is no encoded picture")
    if len(content) < HEADER_BYTES:
        raise UserError("the encoded file is cut off within its header")
    return content[1:HEADER_BYTES]


def pack(levels: np.ndarray, frequencies: np.ndarray) -> bytes:
    """Levels (d,) -> the shortest bytes that, whatever follows them, are decoded to those levels.

    The range coder narrows [0, 1) down to an interval that stands for the levels. Its own way to end takes whole words
    of four bytes; here it is the first byte string all of whose continuations lie in the interval.
    """
    encoder = stream.queue.RangeEncoder()
    encoder.encode(levels, FAMILY, frequencies)
    position, (low_end, width) = encoder.pos()  # `low_end` is known without the words before it
    total = position * WORD + STATE  # bits the interval is measured in
    words = encoder.get_compressed().astype(">u4").tobytes()
    inside = int.from_bytes(words.ljust(total // 8, b"\0"), "big")  # a point of the interval, in full
    low = inside - (inside - low_end) % (1 << STATE)
    for length in count(-(-(total - width.bit_length()) // 8)):
        cell = 1 << (total - 8 * length)
        first: int = -(-low // cell)
        if (first + 1) * cell <= low + width:
            return first.to_bytes(length, "big")
    raise AssertionError("unreachable")  # a cell of size 1 fits


def unpack(payload: bytes, frequencies: np.ndarray) -> np.ndarray:
    """The inverse of `pack`: levels (d,) int32. Raises UserError for bytes that `pack` cannot have made."""
    whole = payload + bytes(-len(payload) % 4) + bytes(STATE // 8)
    words = np.frombuffer(whole, dtype=">u4").astype(np.uint32)
    try:
        levels: np.ndarray = stream.queue.RangeDecoder(words).decode(FAMILY, frequencies)
    except (AssertionError, ValueError):  # constriction's word for impossible data
        raise UserError("the encoded file is damaged: its bytes stand for nothing") from None
    if pack(levels, frequencies) != payload:
        raise UserError("the encoded file is damaged or cut off")
    return levels


def write_grids(codec: Codec, path: Path) -> None:
    """Write the grids as .npz, all that the receiver needs beside the weights; bytes follow the content."""
    grids = codec.grids.items()
    write_arrays(path, {f"{name}_{bits}": array for bits, grid in grids for name, array in _arrays(grid).items()})


def read_codec(path: Path, decoder: bytes, made_by: str) -> Codec:
    """The codec of the grids at `path`. Raises UserError, naming the command, where they are missing or damaged."""
    needed = (f"{part}_{bits}" for bits in BITS for part in ("mean", "step", "lowest", "frequencies", "centres"))
    arrays = read_arrays(path, made_by, *needed)
    return _make_codec({bits: _read_grid(arrays, bits) for bits in BITS}, decoder)


def _make_codec(grids: Mapping[int, Grid], decoder: bytes) -> Codec:
    digest = hashlib.sha256(decoder)
    for bits, grid in grids.items():
        for name, array in _arrays(grid).items():
            digest.update(f"{name} {bits} {array.dtype.str} {array.shape}".encode() + array.tobytes())
    return Codec(grids, digest.digest()[:DIGEST_BYTES])


def _arrays(grid: Grid) -> dict[str, np.ndarray]:
    """The grid as it is written: little-endian everywhere."""
    return {
        "mean": grid.mean.astype("<f4"),
        "step": np.array(grid.step, dtype="<f8"),
        "lowest": grid.lowest.astype("<i4"),
        "frequencies": grid.frequencies.astype("<u4"),
        "centres": grid.centres.astype("<f4"),
    }


def _read_grid(arrays: Mapping[str, np.ndarray], bits: int) -> Grid:
    frequencies = arrays[f"frequencies_{bits}"].astype(np.float64)
    step = float(arrays[f"step_{bits}"])
    return Grid(arrays[f"mean_{bits}"], step, arrays[f"lowest_{bits}"], frequencies, arrays[f"centres_{bits}"])
