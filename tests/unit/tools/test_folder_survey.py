"""A folder of pictures looked at before anything is prepared."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile, ImageOps
from PIL.PngImagePlugin import PngInfo

from autoencoder.data.image_folder import read_images
from autoencoder.data.load import load_dataset
from autoencoder.data.pictures import Shape
from autoencoder.stages.advise.duplicates import near_duplicate_pairs
from autoencoder.tools import folder_survey
from autoencoder.tools.folder_survey import Survey, changes, list_files, list_others, survey
from autoencoder.ui.errors import UserError
from tests.conftest import write_params
from tests.folders import draw_shapes
from tests.unit.data.test_datasets import folder_params


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


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif", "tif"])
def test_turned_pictures_are_measured_upright(tmp_path: Path, suffix: str) -> None:
    for number in range(10):
        exif = Image.Exif()  # anew: to save as AVIF takes the turn out of it
        exif[0x0112] = 8
        Image.new("RGB", (30, 20), (10 * number, 0, 0)).save(tmp_path / f"{number}.{suffix}", exif=exif)
    with Image.open(tmp_path / f"1.{suffix}") as image:
        assert ImageOps.exif_transpose(image).size == (20, 30)
    assert (survey(tmp_path).width, survey(tmp_path).height) == (20, 30)


@pytest.mark.parametrize(("num_whole", "num_damaged"), [(30, 2), (8, 4)])
def test_where_those_looked_at_are_damaged_all_are_read(
    tmp_path: Path, num_whole: int, num_damaged: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be decoded is neither grey nor all the same."""
    monkeypatch.setattr(folder_survey, "MAX_FILES", 5)
    monkeypatch.setattr(folder_survey, "NUM_DECODED", 2)  # the first and the last
    count = num_whole + num_damaged
    for number in range(count):
        noise = np.random.default_rng(number).integers(0, 256, (60, 90, 3), dtype=np.uint8)
        Image.fromarray(noise).save(tmp_path / f"{number:02d}.jpg")
    for number in (0, count - 1, 1, 2)[:num_damaged]:
        damaged = tmp_path / f"{number:02d}.jpg"
        damaged.write_bytes(damaged.read_bytes()[:4000])  # its size can be read
    if num_whole < 10:
        with pytest.raises(UserError, match=r"has 8 readable pictures \(4 unreadable"):
            survey(tmp_path)
    else:
        found = survey(tmp_path)
        assert (found.num_images, found.is_grey) == (30, False)


def test_a_table_that_names_files_is_found(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    (folder / "notes.csv").write_text("what\nnothing of the kind\n")
    assert survey(folder).labels is None
    (why,) = survey(folder).notes
    assert why.startswith("no labels: ")
    assert why.endswith("notes.csv: no column names any of the 12 images; one must hold their file names")
    (folder / "._classes.csv").write_text("file;kind\n00.png;a\n")
    assert survey(folder).labels is None
    (folder / "classes.csv").write_text("file;kind\n00.png;a\n")
    assert survey(folder).labels == "classes.csv"
    (folder / "more.csv").write_text("file,kind\nsub/01.png,a\n")
    with pytest.raises(UserError, match=r"several tables of labels, classes.csv and more.csv; leave one"):
        survey(folder)
    assert survey(folder, "more.csv").labels == "more.csv"  # params.yaml names it
    (folder / "more.csv").unlink()
    assert survey(folder, "more.csv").labels == "classes.csv"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("captions.csv", "file,caption\n" + "".join(f"{number:02}.png,of {number}\n" for number in range(12))),
        ("list.csv", "file\n00.png\n01.png\n"),
        ("long.csv", "file,caption\n00.png," + "x" * 140_000),
    ],
)
def test_a_table_that_gives_no_label_is_not_taken_and_told(tmp_path: Path, name: str, content: str) -> None:
    folder = pictures(tmp_path)
    (folder / name).write_text(content)
    found = survey(folder)
    assert (found.num_images, found.labels) == (12, None)
    assert name in found.notes[0]


@pytest.mark.parametrize("name", ["Labels.CSV", "labels.csv"])
def test_a_table_of_any_spelling_is_found(tmp_path: Path, name: str) -> None:
    folder = pictures(tmp_path)
    (folder / name).write_text("images/00.png,cat\nimages/01.PNG,dog\n")
    assert survey(folder).labels == name


def test_bad_folders_get_a_line_each(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere is no folder; name your folder of pictures: make study IMAGES="):
        survey(tmp_path / "nowhere")
    with pytest.raises(UserError, match=r"has no pictures; name a folder with at least 10 pictures"):
        survey(tmp_path)
    (tmp_path / "readme.txt").write_text("no picture")
    with pytest.raises(UserError, match=r"has no pictures; name a folder"):
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


def test_what_looks_different_and_is_the_same_is_refused(tmp_path: Path) -> None:
    for number in range(12):
        Image.new("RGB", (20, 20), "red").save(tmp_path / f"{number}.png", pnginfo=comment(str(number)))
    with pytest.raises(UserError, match="all 12 pictures are the same"):
        survey(tmp_path)
    Image.new("RGB", (20, 20), "blue").save(tmp_path / "12.png")
    assert survey(tmp_path).num_images == 13


def test_strips_are_looked_at_to_their_ends(tmp_path: Path) -> None:
    """Whose middle is the same and grey, and which have another shape than a square."""
    for number in range(12):
        pixels = np.full((24, 96, 3), 100, np.uint8)
        pixels[:, -20:, 0] = 10 * number
        Image.fromarray(pixels).save(tmp_path / f"{number:02}.png")
    assert survey(tmp_path) == Survey(num_images=12, width=96, height=24, is_grey=False, labels=None)


def test_pictures_are_not_decoded_to_be_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = sorted(pictures(tmp_path).iterdir())
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda _: pytest.fail("was decoded"))
    assert folder_survey._read_headers(files) == (dict.fromkeys(files, (30, 20)), [])


def comment(text: str) -> PngInfo:
    chunks = PngInfo()
    chunks.add_text("Comment", text)
    return chunks


def test_pictures_cut_off_behind_the_header_are_not_counted(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    for number in range(2):
        content = (folder / f"{number:02}.png").read_bytes()
        (folder / f"{number:02}.png").write_bytes(content[: len(content) // 2])
    assert survey(folder).num_images == 10
    (folder / "02.png").write_bytes(content[: len(content) // 2])
    with pytest.raises(
        UserError, match=r"has 9 readable pictures \(3 unreadable, the first: .*00.png \(image file is tr"
    ):
        survey(folder)


def test_of_many_pictures_some_are_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_survey, "MAX_FILES", 11)
    monkeypatch.setattr(folder_survey, "NUM_DECODED", 4)
    looked: list[Path] = []

    def read(files: Sequence[Path], shape: Shape) -> tuple:
        looked.extend(files)
        return read_images(files, shape)

    monkeypatch.setattr(folder_survey, "read_images", read)
    assert survey(pictures(tmp_path)).num_images == 12
    assert [path.name for path in looked] == ["00.png", "03.png", "07.png", "11.png"]
    for name in ("03.png", "07.png", "11.png"):
        (tmp_path / name).write_bytes((tmp_path / "00.png").read_bytes())
    assert survey(tmp_path).num_images == 12  # the others differ


def test_a_link_to_nothing_and_links_to_folders_are_told(tmp_path: Path) -> None:
    folder = pictures(tmp_path / "all")
    (tmp_path / "links").mkdir()
    (tmp_path / "links/cats").symlink_to(folder)
    with pytest.raises(UserError, match=r"has no pictures \(links to folders are not followed: cats\); name a folder"):
        survey(tmp_path / "links")
    (folder / "cats").symlink_to(tmp_path / "links")
    assert survey(folder).notes == ("links to folders are not followed: cats",)
    (folder / ".hidden").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UserError, match=r"all/.hidden: a link to nothing, which DVC cannot track; remove it"):
        survey(folder)


@pytest.mark.parametrize("place", ["", "hidden"])
def test_a_name_above_or_hidden_that_dvc_cannot_track_is_told(tmp_path: Path, place: str) -> None:
    odd = os.fsdecode(b"caf\xe9")
    try:
        folder = pictures(tmp_path / "mine" if place else tmp_path / odd / "mine")
        (folder / (f".{odd}" if place else ".hidden")).write_text("")
    except OSError:
        pytest.skip("the file system has no such names")
    with pytest.raises(UserError, match=r"caf\\xe9.*: a name that is no UTF-8"):
        survey(folder)


def test_drawn_shapes_are_surveyed_and_prepared(in_project: Path) -> None:
    folder = draw_shapes(in_project / "shapes", 30)
    assert survey(folder) == Survey(num_images=30, width=48, height=48, is_grey=False, labels=None)
    write_params(in_project, folder_params(folder, image_size=48))
    splits, manifest, _ = load_dataset("mine")
    assert manifest.labels == {"folder": ["circles", "squares", "triangles"]}
    assert not near_duplicate_pairs(splits, 0.95)


def test_a_name_that_dvc_cannot_track_is_told(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    try:
        (folder / "00.png").rename(folder / os.fsdecode(b"caf\xe9.png"))
    except OSError:
        pytest.skip("the file system has no such names")
    with pytest.raises(UserError, match=r"caf\\xe9.png: a name that is no UTF-8"):
        survey(folder)


def test_what_is_neither_file_nor_folder_is_told_at_once(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    os.mkfifo(folder / "pipe")
    with pytest.raises(UserError, match=r"pipe: neither a file nor a folder, which DVC cannot track; remove it"):
        survey(folder)


@pytest.mark.parametrize("name", ["mine", "00.png", "notes.txt", ".hidden", "below"])
def test_what_may_not_be_read_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whatever it is: DVC reads all. (Root may read everything, so the answer of the system is set here.)"""
    folder = pictures(tmp_path / "mine")
    (folder / "below").mkdir()
    for file in ("notes.txt", ".hidden"):
        (folder / file).write_text("text")
    survey(folder)
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != name and access(path, mode))
    with pytest.raises(UserError, match=f"{name}: no permission to read it, which DVC must"):
        survey(folder)


def test_other_files_are_listed_apart(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    for file in ("notes.txt", ".hidden", "labels.csv"):
        (folder / file).write_text("text")
    assert [*list_others(folder, list_files(folder, "labels.csv"))] == [".hidden", "notes.txt"]


def test_what_changed_between_two_calls_is_told(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    before = list_files(folder)
    assert changes(before, list_files(folder)) == ""
    (folder / "00.png").unlink()
    for name in ("a", "b", "c", "d"):
        (folder / f"{name}.png").write_text(name)
    (folder / "01.png").write_text("other")
    (folder / "readme.txt").write_text("no picture")
    expected = "4 new (a.png, b.png, c.png and 1 other), 1 gone (00.png), 1 changed (01.png)"
    assert changes(before, list_files(folder)) == expected
    (folder / "labels.csv").write_text("file,kind\n")
    assert changes(list_files(folder), list_files(folder, "labels.csv")) == "1 new (labels.csv)"
