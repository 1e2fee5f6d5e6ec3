"""The range coder against the information in what it writes, and the file against its documented parts."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from autoencoder.codecs.latent_codec import BITS, fit_codec, pack, read_codec, read_digest, unpack, write_grids
from autoencoder.codecs.quantization import fit_grid
from autoencoder.storage.arrays import read_arrays
from autoencoder.ui.errors import UserError

RNG = np.random.default_rng(2)
LATENTS = RNG.normal(1, [1.0, 4.0, 0.3], (300, 3)).astype(np.float32)


@pytest.mark.parametrize("dimensions", [1, 2, 7, 60, 400])
@pytest.mark.parametrize("spread", [0.0, 1.0, 2.0])
def test_each_message_costs_its_own_information_and_less_than_two_bytes(dimensions: int, spread: float) -> None:
    """-log2 of the product of its levels' shares, whatever the message: an identity of arithmetic coding."""
    frequencies = np.rint(np.exp(RNG.normal(0, spread, (dimensions, 12))) * 1000).clip(1)
    shares = frequencies / frequencies.sum(axis=1, keepdims=True)
    for _ in range(20):
        levels = RNG.integers(0, 12, dimensions).astype(np.int32)
        bits = -np.log2(shares[np.arange(dimensions), levels]).sum()
        payload = pack(levels, frequencies)
        assert bits / 8 - 0.01 * dimensions <= len(payload) < bits / 8 * 1.001 + 2
        assert unpack(payload, frequencies).tolist() == levels.tolist()
        assert unpack(payload, frequencies).dtype == np.int32


@pytest.mark.parametrize("continuation", [b"", b"\0" * 9, b"\xff" * 9, b"\x5a\xc3" * 5])
def test_whatever_follows_the_levels_are_the_same(continuation: bytes) -> None:
    """Decoded by the library alone, with other bytes behind: no end mark is needed."""
    from constriction import stream

    frequencies = np.rint(np.exp(RNG.normal(0, 2, (9, 5))) * 100).clip(1)
    model = stream.model.Categorical(perfect=False)
    for _ in range(50):
        levels = RNG.integers(0, 5, 9).astype(np.int32)
        payload = pack(levels, frequencies) + continuation
        words = np.frombuffer(payload + bytes(-len(payload) % 4) + bytes(8), ">u4").astype(np.uint32)
        assert stream.queue.RangeDecoder(words).decode(model, frequencies).tolist() == levels.tolist()


def test_the_shortest_such_string_is_taken() -> None:
    """Of all strings a byte shorter, by the library alone, each stands for other levels with some continuation."""
    from constriction import stream

    model = stream.model.Categorical(perfect=False)
    frequencies = np.tile(np.array([[5.0, 1, 2]]), (6, 1))
    lengths = set()
    for _ in range(40):
        levels = RNG.integers(0, 3, 6).astype(np.int32)
        length = len(pack(levels, frequencies))
        lengths.add(length)
        for start in range(256 ** (length - 1)) if length in (1, 2) else ():
            ends = set()
            for continuation in (b"\0" * 12, b"\xff" * 12):
                whole = start.to_bytes(length - 1, "big") + continuation
                words = np.frombuffer(whole[: len(whole) // 4 * 4], ">u4").astype(np.uint32)
                try:
                    ends.add(tuple(stream.queue.RangeDecoder(words).decode(model, frequencies).tolist()))
                except AssertionError:  # what stands for nothing
                    ends.add(())
            assert ends != {tuple(levels.tolist())}
    assert {1, 2} <= lengths


def test_nothing_costs_nothing() -> None:
    certain = np.tile(np.array([[2.0**20, 1.0]]), (3, 1))
    assert len(pack(np.zeros(3, dtype=np.int32), certain)) <= 1


def test_a_file_is_its_depth_the_digest_and_the_levels() -> None:
    codec = fit_codec(LATENTS, b"the decoder")
    for bits in BITS:
        content = codec.encode(LATENTS[5], bits)
        grid = codec.grids[bits]
        assert content[0] == 0xA0 + bits
        assert content[1:5] == codec.digest == read_digest(content)
        assert content[5:] == pack(grid.quantize(LATENTS[5:6])[0], grid.frequencies)
        assert np.array_equal(codec.decode(content), grid.restore(grid.quantize(LATENTS[5:6]))[0])


def test_the_grids_are_those_of_the_latents_at_each_depth() -> None:
    codec = fit_codec(LATENTS, b"")
    assert tuple(codec.grids) == (3, 4, 5, 6, 7, 8, 9)
    for bits, grid in codec.grids.items():
        expected = fit_grid(LATENTS, bits)
        for name in ("mean", "step", "lowest", "frequencies", "centres"):
            assert np.array_equal(getattr(grid, name), getattr(expected, name))


def test_the_digest_is_of_the_decoder_and_of_every_array() -> None:
    """Recomputed from the file alone: name, depth, little-endian type and shape before the bytes of each array."""
    codec = fit_codec(LATENTS, b"weights")
    digest = hashlib.sha256(b"weights")
    types = {"mean": "<f4", "step": "<f8", "lowest": "<i4", "frequencies": "<u4", "centres": "<f4"}
    for bits, grid in codec.grids.items():
        for name, kind in types.items():
            array = np.asarray(getattr(grid, name)).astype(kind)
            digest.update(f"{name} {bits} {kind} {array.shape}".encode() + array.tobytes())
    assert codec.digest == digest.digest()[:4]


def test_what_is_written_is_what_was_fitted(tmp_path: Path) -> None:
    codec = fit_codec(LATENTS, b"weights")
    write_grids(codec, tmp_path / "grids.npz")
    arrays = read_arrays(tmp_path / "grids.npz", "")
    assert sorted(arrays) == sorted(
        f"{part}_{bits}" for bits in BITS for part in ("mean", "step", "lowest", "frequencies", "centres")
    )
    received = read_codec(tmp_path / "grids.npz", b"weights", "make it")
    for bits, grid in codec.grids.items():
        for name in ("mean", "step", "lowest", "frequencies", "centres"):
            assert np.array_equal(getattr(received.grids[bits], name), getattr(grid, name))
    assert read_codec(tmp_path / "grids.npz", b"others", "make it").digest != codec.digest


@pytest.mark.parametrize("first", [0x00, 0x9F, 0xA0, 0xB0, 0xFF])
def test_what_begins_otherwise_is_no_encoded_picture(first: int) -> None:
    for content in (b"", bytes([first]), bytes([first]) + bytes(20)):
        with pytest.raises(UserError, match="no encoded picture"):
            read_digest(content)


@pytest.mark.parametrize("first", [0xA1, 0xAF])
def test_a_header_is_five_bytes(first: int) -> None:
    assert read_digest(bytes([first]) + b"abcd") == b"abcd"
    with pytest.raises(UserError, match="cut off within its header"):
        read_digest(bytes([first]) + b"abc")
