"""A folder of pictures looked at before anything is prepared."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autoencoder.tools.folder_survey import Survey, changes, list_files, survey
from autoencoder.ui.errors import UserError


def pictures(folder: Path, count: int = 12, width: int = 30, height: int = 20, grey: bool = False) -> Path:
    rng = np.random.default_rng(0)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        values = rng.integers(0, 256, (height, width) if grey else (height, width, 3), dtype=np.uint8)
        Image.fromarray(values).save(folder / f"{number:02}.png")
    return folder


def test_it_counts_measures_and_looks_for_colour(tmp_path: Path) -> None:
    folder = pictures(tmp_path / "a")
    (folder / "readme.txt").write_text("no picture")
    assert survey(folder) == Survey(num_images=12, width=30, height=20, is_grey=False, labels=None)
    assert survey(pictures(tmp_path / "b", grey=True)).is_grey


def test_one_picture_in_colour_is_enough(tmp_path: Path) -> None:
    folder = pictures(tmp_path, grey=True)
    Image.new("RGB", (30, 20), "red").save(folder / "99.png")
    assert not survey(folder).is_grey


def test_turned_pictures_are_measured_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 8
    for number in range(10):
        Image.new("RGB", (30, 20), (number, 0, 0)).save(tmp_path / f"{number}.jpg", exif=exif)
    assert (survey(tmp_path).width, survey(tmp_path).height) == (20, 30)


def test_a_table_that_names_files_is_found(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    (folder / "notes.csv").write_text("what\nnothing of the kind\n")
    assert survey(folder).labels is None
    (folder / "classes.csv").write_text("file;kind\n00.png;a\n")
    assert survey(folder).labels == "classes.csv"
    (folder / "more.csv").write_text("file,kind\nsub/01.png,a\n")
    with pytest.raises(UserError, match=r"several tables of labels, classes.csv and more.csv; leave one"):
        survey(folder)


def test_bad_folders_get_a_line_each(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere is no folder; name your folder of pictures: make study IMAGES="):
        survey(tmp_path / "nowhere")
    with pytest.raises(UserError, match=r"has no files; name a folder with at least 10 pictures"):
        survey(tmp_path)
    pictures(tmp_path, 9)
    (tmp_path / "a.jpg").write_bytes(b"none")
    with pytest.raises(UserError, match=r"9 readable pictures \(1 unreadable, the first: .*a.jpg \(no image\)\)"):
        survey(tmp_path)


def test_pictures_that_are_all_the_same_are_refused(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    for path in folder.iterdir():
        path.write_bytes((folder / "00.png").read_bytes())
    with pytest.raises(UserError, match="all 12 pictures are the same; there is nothing to learn"):
        survey(folder)


def test_a_name_that_dvc_cannot_track_is_told(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    try:
        (folder / "00.png").rename(folder / os.fsdecode(b"caf\xe9.png"))
    except OSError:
        pytest.skip("the file system has no such names")
    with pytest.raises(UserError, match=r"caf\\xe9.png: a name that is no UTF-8"):
        survey(folder)


def test_what_changed_between_two_calls_is_told(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    before = list_files(folder)
    assert changes(before, list_files(folder)) == ""
    (folder / "00.png").unlink()
    for name in ("a", "b", "c", "d"):
        (folder / f"{name}.png").write_text(name)
    (folder / "01.png").write_text("other")
    expected = "4 new (a.png, b.png, c.png, ...), 1 gone (00.png), 1 changed (01.png)"
    assert changes(before, list_files(folder)) == expected
