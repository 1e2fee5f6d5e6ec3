"""Arrays on disk."""

from pathlib import Path

import numpy as np
import pytest

from autoencoder.storage.arrays import read_arrays, write_arrays
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
