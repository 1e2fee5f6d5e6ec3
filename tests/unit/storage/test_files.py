"""Files are written whole or not at all, and what cannot be written is named, with what to do about it."""

import errno
import os
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest

from autoencoder.storage.arrays import write_arrays
from autoencoder.storage.files import read_json, write_atomically, write_json
from autoencoder.ui.errors import UserError


def refuse(number: int):
    def write(path: Path, *_: object) -> None:
        path.touch()  # the beginning of a file is there
        raise OSError(number, os.strerror(number))  # as write(2) does: without a name

    return write


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (errno.ENOSPC, "(No space left on device); free some space and run it again"),
        (errno.EDQUOT, "(Disk quota exceeded); free some space and run it again"),
        (errno.EACCES, "(Permission denied); make the folder writable for you"),
        (errno.EROFS, "(Read-only file system); work in a folder on a disk that can be written to"),
        (errno.EIO, "(Input/output error); see to it and run it again"),
    ],
)
def test_what_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, text: str
) -> None:
    path = tmp_path / "metrics" / "a.json"
    write_json(path, {"a": 1})
    monkeypatch.setattr(Path, "write_bytes", refuse(number))
    monkeypatch.setattr(zipfile, "ZipFile", refuse(number))
    for write in (
        lambda: write_atomically(path, b"new"),
        lambda: write_json(path, {"a": 2}),
        lambda: write_arrays(path, {"a": np.zeros(2)}),
    ):
        with pytest.raises(UserError) as caught:
            write()
        assert str(caught.value) == f"{path} cannot be written {text}"
    assert read_json(path, "make it") == {"a": 1}
    assert [file.name for file in path.parent.iterdir()] == ["a.json"]  # nothing half written stays


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "plots").write_text("a file")
    for path in (tmp_path / "plots" / "a.png", tmp_path / "plots" / "deep" / "a.png"):
        with pytest.raises(UserError, match=rf"^{path} cannot be written .*a part of that path is a file"):
            write_atomically(path, b"")


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.png" / "b").mkdir(parents=True)
    with pytest.raises(UserError, match=r"a.png cannot be written \(Is a directory\); there is a folder of that name"):
        write_atomically(tmp_path / "a.png", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    names = [f"a[1].npz.{process}.partial" for process in (ended.pid, os.getppid())] + ["b.npz.1.partial"]
    for name in names:
        (tmp_path / name).touch()
    write_atomically(tmp_path / "a[1].npz", b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["a[1].npz", *names[1:]])
