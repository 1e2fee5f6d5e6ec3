"""The commands for a person's own picture, whatever their files are called."""

import os
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import Run, embed_photos


@pytest.fixture
def searchable(small_photos: Path) -> Path:
    """The scratch project with all that search asks for."""
    embed_photos()
    Image.new("RGB", (40, 30), "red").save(small_photos / "mine.png")
    return small_photos


@pytest.mark.parametrize(
    ("name", "written", "told"),
    [
        (b"caf\xe9.png", b"caf\xe9-neighbors.png", "caf\\xe9-neighbors.png"),  # Latin-1: no UTF-8
        (b"a$_$b.png", b"a$_$b-neighbors.png", "a$_$b-neighbors.png"),  # a formula to matplotlib, and none it knows
    ],
)
def test_search_draws_for_a_picture_of_any_name(
    searchable: Path, run: Run, name: bytes, written: bytes, told: str
) -> None:
    try:
        Path("mine.png").rename(os.fsdecode(name))
    except OSError:
        pytest.skip("the file system has no such names")
    done = run(searchable, "search", "--run", "tiny-8", os.fsdecode(name), PYTHONUTF8="1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(f" ms; drawn to {told}\n")
    with Image.open(os.fsdecode(written)) as picture:
        assert picture.width > picture.height


def test_a_picture_goes_through_files_whose_names_are_no_utf_8(searchable: Path, run: Run) -> None:
    encoded, decoded = os.fsdecode(b"caf\xe9.ae"), os.fsdecode(b"caf\xe9.png")
    try:
        Path(encoded).touch()
    except OSError:
        pytest.skip("the file system has no such names")
    sent = run(searchable, "encode", "--run", "tiny-8", "mine.png", encoded, PYTHONUTF8="1")
    assert (sent.stdout.partition(": ")[0], sent.stderr) == ("caf\\xe9.ae", "")
    received = run(searchable, "decode", encoded, decoded, PYTHONUTF8="1")
    assert (received.stdout, received.stderr) == ("caf\\xe9.png: decoded by tiny-8\n", "")
    with Image.open(decoded) as picture:
        assert picture.size == (32, 32)
