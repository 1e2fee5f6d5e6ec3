"""Arrays on disk."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoencoder.storage.arrays import Blocks, Rows, read_arrays, write_arrays
from autoencoder.ui.errors import UserError


def test_arrays_come_back_and_equal_content_is_equal_bytes(tmp_path: Path) -> None:
    arrays = {"a": np.arange(6).reshape(2, 3), "flag": np.array([True])}
    for name in ("one.npz", "two.npz"):
        write_arrays(tmp_path / name, arrays)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    read = read_arrays(tmp_path / "one.npz", "make", "a")
    assert all(np.array_equal(read[name], value) for name, value in arrays.items())


def test_what_is_wrong_is_told_with_the_command(tmp_path: Path) -> None:
    path = tmp_path / "some.npz"
    with pytest.raises(UserError, match=r"some.npz is missing; make it first: make it"):
        read_arrays(path, "make it")
    path.write_bytes(b"PK")
    with pytest.raises(UserError, match=r"damaged .*; make it again: make it"):
        read_arrays(path, "make it")
    write_arrays(path, {"a": np.zeros(2)})
    with pytest.raises(UserError, match=r"damaged \(it has no b\)"):
        read_arrays(path, "make it", "a", "b")
    np.savez(path, a=np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(UserError, match=r"damaged"):  # a pickle is never opened
        read_arrays(path, "make it")


def test_files_are_numpys_own_and_blocks_leave_no_trace(tmp_path: Path) -> None:
    numbers = np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32)
    by_column = np.asfortranarray(np.arange(6).reshape(2, 3))
    facts = np.array("words")
    blocks = Blocks((7, 3), np.dtype(np.float32), (numbers[start : start + 3] for start in (0, 3, 6)))
    write_arrays(tmp_path / "ours.npz", {"numbers": blocks, "by_column": by_column, "facts": facts})
    np.savez(tmp_path / "theirs.npz", allow_pickle=False, numbers=numbers, by_column=by_column, facts=facts)
    assert (tmp_path / "ours.npz").read_bytes() == (tmp_path / "theirs.npz").read_bytes()


@pytest.mark.parametrize(
    ("shape", "dtype"), [((2, 3), np.float32), ((3, 3), np.float64), ((3, 2), np.float32), ((4, 3), np.float32)]
)
def test_blocks_that_are_not_what_was_promised_are_not_written(
    tmp_path: Path, shape: tuple[int, int], dtype: type
) -> None:
    promised = Blocks((3, 3), np.dtype(np.float32), [np.zeros(shape, dtype)])
    with pytest.raises(ValueError, match=r"in an array of"):
        write_arrays(tmp_path / "some.npz", {"a": promised})
    assert not list(tmp_path.iterdir())


def test_what_is_mapped_is_what_was_written_and_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "some.npz"
    arrays: dict[str, np.ndarray] = {
        "images": np.random.default_rng(0).integers(0, 256, (5, 3, 2, 2), dtype=np.uint8),
        "none": np.zeros((0, 4)),
        "by_column": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "other": np.arange(3),
    }
    write_arrays(path, arrays)
    before = path.read_bytes()
    read = read_arrays(path, "make", mapped=["images", "none", "by_column"])
    assert all(np.array_equal(read[name], value) and read[name].dtype == value.dtype for name, value in arrays.items())
    assert isinstance(read["images"].base, np.memmap)
    assert isinstance(read["by_column"].base, np.memmap)
    assert not isinstance(read["other"].base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        read["images"][:] = 7
    assert path.read_bytes() == before


def test_what_cannot_be_mapped_is_told(tmp_path: Path) -> None:
    path = tmp_path / "some.npz"
    np.savez_compressed(path, a=np.arange(3))
    with pytest.raises(UserError, match=r"damaged \(a is compressed\)"):
        read_arrays(path, "make", mapped=["a"])
    np.savez(path, a=np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(UserError, match=r"damaged \(a is a pickle\)"):
        read_arrays(path, "make", mapped=["a"])
    write_arrays(path, {"a": np.arange(3)})
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UserError, match=r"damaged"):
        read_arrays(path, "make", mapped=["a"])


@given(st.lists(st.integers(0, 4), min_size=1, max_size=4), st.data())
def test_rows_are_their_parts_one_after_another(lengths: list[int], data: st.DataObject) -> None:
    numbers = np.arange(sum(lengths) * 6).reshape(-1, 2, 3)
    rows = Rows(*np.split(numbers, np.cumsum(lengths)[:-1]))
    assert len(rows) == len(numbers)
    assert rows.shape == numbers.shape
    first, last = (data.draw(st.integers(-2, len(numbers) + 2)) for _ in range(2))
    assert np.array_equal(rows[first:last], numbers[first:last])
    assert np.array_equal(rows[:], numbers)
    if len(numbers):
        chosen = np.array(data.draw(st.lists(st.integers(0, len(numbers) - 1))), dtype=np.int64)
        assert np.array_equal(rows[chosen], numbers[chosen])
        assert np.array_equal(rows[chosen.tolist()], numbers[chosen])
    assert np.array_equal(rows.flattened()[:], numbers.reshape(-1, 6))
    assert rows.flattened().shape == (len(numbers), 6)


def test_a_slice_within_one_part_is_no_copy() -> None:
    part = np.arange(12).reshape(6, 2)
    assert np.shares_memory(Rows(part, part)[1:4], part)


@pytest.mark.parametrize("number", [-1, 6])
def test_a_row_that_is_not_there_is_an_error(number: int) -> None:
    with pytest.raises(AssertionError):
        Rows(np.zeros((4, 2)), np.zeros((2, 2)))[[0, number]]
