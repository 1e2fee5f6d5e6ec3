"""A folder of one's own pictures: every format, any shape, grey, a table of labels, and what no folder may be."""

import os
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from PIL import Image

from autoencoder.data import image_folder, memory
from autoencoder.data.label_table import NO_VALUE, read_label_table
from autoencoder.data.load import load_dataset
from autoencoder.data.pictures import read_image, read_picture, write_picture
from autoencoder.measures import pca
from autoencoder.storage import paths
from autoencoder.storage.prepared import read_about, write_prepared
from autoencoder.ui.errors import UserError
from tests.closure import SRC
from tests.conftest import write_params
from tests.unit.data.test_datasets import folder_of_images, folder_params

RED_OVER_BLUE = np.zeros((24, 16, 3), dtype=np.uint8)
RED_OVER_BLUE[:12, :, 0] = 200
RED_OVER_BLUE[12:, :, 2] = 200
EXPECTED = RED_OVER_BLUE.transpose(2, 0, 1)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "avif", "tif", "gif", "bmp"])
def test_pictures_of_every_format_are_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    lossy: dict[str, dict[str, Any]] = {
        "jpg": {"quality": 100, "subsampling": 0},
        "webp": {"lossless": True},
        "avif": {"quality": 100, "subsampling": "4:4:4"},
    }
    Image.fromarray(RED_OVER_BLUE).save(path, **lossy.get(suffix, {}))
    pixels, original = read_image(path, (3, 24, 16))
    assert abs(pixels.astype(int) - EXPECTED).max() <= 6
    assert (original.width, original.height, original.is_grey, original.is_transparent) == (16, 24, False, False)


def test_of_several_pictures_in_a_file_the_first_is_read(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    for suffix in ("gif", "tif", "webp"):
        frames[0].save(tmp_path / f"a.{suffix}", save_all=True, append_images=frames[1:])
        assert read_image(tmp_path / f"a.{suffix}", (3, 8, 8))[0][2].max() < 30


def test_16_bits_a_channel_keep_their_brightness(tmp_path: Path) -> None:
    Image.fromarray(np.full((8, 8), 0x8000, dtype=np.uint16)).save(tmp_path / "a.png")
    pixels, original = read_image(tmp_path / "a.png", (1, 8, 8))
    assert (pixels == 0x80).all()
    assert original.is_grey


def test_a_turned_picture_is_measured_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    Image.fromarray(np.rot90(RED_OVER_BLUE)).save(tmp_path / "a.png", exif=exif)
    pixels, original = read_image(tmp_path / "a.png", (3, 24, 16))
    assert np.array_equal(pixels, EXPECTED)
    assert (original.width, original.height) == (16, 24)


def test_a_rectangle_is_cut_from_the_middle(tmp_path: Path) -> None:
    wide = np.zeros((8, 32, 3), dtype=np.uint8)
    wide[:, 8:24] = 255
    Image.fromarray(wide).save(tmp_path / "a.png")
    assert read_image(tmp_path / "a.png", (3, 8, 16))[0].min() == 255


def test_transparency_and_grey_are_noticed(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (9, 9, 9, 254)).save(tmp_path / "a.png")
    Image.new("RGBA", (8, 8), (9, 16, 9, 255)).save(tmp_path / "b.png")
    (_, first), (_, second) = (read_image(tmp_path / name, (3, 8, 8)) for name in ("a.png", "b.png"))
    assert (first.is_grey, first.is_transparent) == (True, True)
    assert (second.is_grey, second.is_transparent) == (False, False)


@pytest.mark.parametrize("suffix", ["jpg", "webp", "avif", "gif"])
def test_a_lossy_format_keeps_grey_pictures_grey(tmp_path: Path, suffix: str) -> None:
    values = np.random.default_rng(0).integers(0, 256, (4, 4), dtype=np.uint8).repeat(8, axis=0).repeat(8, axis=1)
    Image.fromarray(values).convert("RGB").save(tmp_path / f"a.{suffix}")
    assert read_image(tmp_path / f"a.{suffix}", (3, 32, 32))[1].is_grey


def test_a_grey_picture_is_written_and_read_again(tmp_path: Path) -> None:
    picture = np.arange(64, dtype=np.uint8).reshape(1, 8, 8)
    write_picture(tmp_path / "a.png", picture)
    assert np.array_equal(read_image(tmp_path / "a.png", (1, 8, 8))[0], picture)


@pytest.mark.parametrize(("size", "shape"), [(16, (3, 16, 16)), ([16, 24], (3, 16, 24))])
def test_images_have_the_sides_asked_for(in_project: Path, size: int | list[int], shape: tuple) -> None:
    write_params(in_project, folder_params(folder_of_images(in_project), image_size=size))
    splits, manifest, about = load_dataset("mine")
    assert manifest.image_shape == shape
    assert splits["test"].images.shape[1:] == shape
    assert about["sizes"] == {"30 x 20": 12}


@pytest.mark.parametrize("size", [[16], [16, 16, 16], [16, 4], [16, 2000]])
def test_other_sides_are_refused(in_project: Path, size: list[int]) -> None:
    write_params(in_project, folder_params(in_project, image_size=size))
    with pytest.raises(UserError, match=r"image_size: must be a side or \[height, width\], from 8 to 1024"):
        load_dataset("mine")


def test_files_are_known_by_name_in_the_order_of_the_index(in_project: Path) -> None:
    folder = folder_of_images(in_project)
    (folder / "cats" / "0-broken.png").write_bytes(b"none")
    Image.new("LA", (30, 20), (7, 0)).save(folder / "cats" / "03.png")
    write_params(in_project, folder_params(folder, channels=1))
    splits, manifest, about = load_dataset("mine")
    assert manifest.image_shape == (1, 16, 16)
    write_prepared(paths.prepared("mine"), splits, manifest, about)
    read = read_about("mine")
    assert read["names"][:2] == ["cats/01.png", "cats/03.png"]
    assert [read[key] for key in ("num_grey", "num_transparent")] == [1, 1]
    assert read["unreadable"] == [f"{folder}/cats/0-broken.png (no image)"]
    place = next((name, list(split.index).index(1)) for name, split in splits.items() if 1 in split.index)
    assert splits[place[0]].images[place[1]].max() == 0  # transparent: black


def test_pictures_that_are_all_the_same_are_refused(in_project: Path) -> None:
    for number in range(12):
        (in_project / "same").mkdir(exist_ok=True)
        Image.new("RGB", (8, 8), "red").save(in_project / f"same/{number}.png")
    write_params(in_project, folder_params(in_project / "same"))
    with pytest.raises(UserError, match="all 12 images are the same; there is nothing to learn"):
        load_dataset("mine")


def test_what_memory_cannot_hold_is_told_before_it_is_read(in_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: memory.bytes_needed(12, 768) - 1)
    write_params(in_project, folder_params(folder_of_images(in_project)))
    with pytest.raises(UserError, match=r"12 images of 768 numbers take about 0.2 GB of memory.*image_size"):
        load_dataset("mine")
    monkeypatch.setattr(memory, "free_bytes", lambda: memory.bytes_needed(12, 768))
    load_dataset("mine")


def test_what_is_no_picture_takes_no_memory(in_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of_images(in_project)
    for number in range(9):
        (folder / f"{number}.nef").write_bytes(b"none")
    monkeypatch.setattr(memory, "free_bytes", lambda: memory.bytes_needed(12, 768))
    write_params(in_project, folder_params(folder))
    assert sum(load_dataset("mine")[1].counts.values()) == 12


@pytest.mark.parametrize("num_folders", [10, 11])
def test_a_sub_folder_for_hardly_more_than_a_picture_is_no_label(in_project: Path, num_folders: int) -> None:
    rng = np.random.default_rng(0)
    for number in range(20):
        folder = in_project / "people" / f"{number % num_folders}"
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8)).save(folder / f"{number}.png")
    write_params(in_project, folder_params(in_project / "people"))
    splits, manifest, _ = load_dataset("mine")
    assert len(manifest.labels["folder"]) == (10 if num_folders == 10 else 1)
    assert (manifest.notes == []) == (num_folders == 10)
    if num_folders == 11:
        assert manifest.labels["folder"] == [image_folder.LOOSE]
        assert manifest.notes == ["the sub-folder has 11 values for 20 images and is no label"]
        assert not any(split.labels["folder"].any() for split in splits.values())


def test_a_table_gives_labels_in_place_of_sub_folders(in_project: Path) -> None:
    folder = folder_of_images(in_project)
    rows = [f"{path.relative_to(folder)},{'odd' if int(path.stem) % 2 else 'even'}" for path in folder.rglob("*.png")]
    (folder / "labels.csv").write_text("\n".join(["file,parity", *rows]))
    write_params(in_project, folder_params(folder, labels="labels.csv"))
    splits, manifest, _ = load_dataset("mine")
    assert manifest.labels == {"parity": ["even", "odd"]}
    assert manifest.notes == []  # the table is no picture that cannot be read
    for split in splits.values():
        assert np.array_equal(split.labels["parity"], split.index < 6)  # cats first, of odd numbers
    write_params(in_project, folder_params(folder, labels="other.csv"))
    with pytest.raises(UserError, match=r"other.csv is missing; labels names a table"):
        load_dataset("mine")


def table(folder: Path, content: bytes, *names: str) -> tuple:
    (folder / "labels.csv").write_bytes(content)
    found = read_label_table(folder / "labels.csv", [folder / name for name in names], folder)
    return found.names, {label: codes.tolist() for label, codes in found.codes.items()}, found.notes


@pytest.mark.parametrize(
    "content",
    [
        b"file,colour\na.png,red\nsub/b.png,blue\n",
        b"\xef\xbb\xbffile;colour\r\na.png;red\r\nb.png;blue\r\n",  # as a spreadsheet writes it; a name alone
        b"file\tcolour\nsub/b.png\tblue\na.png\tred\n",
        b'file,colour\n"a.png","red"\nb.png, blue \n',
        "file,colour\na.png,red\nb.png,blue\n".encode("utf-16"),
        b"colour,file\nred,a.png\nblue,b.png\n",
        b"colour,file\nred,data/a.png\nblue,data/sub/b.png\n",
        b"file,colour\nA.PNG,red\nsub\\B.png,blue\n",
        b"file,colour\na,red\nb,blue\n",
        b"id,file,colour,\n7,./a.png,red,\n7,b.png,blue,\n",
    ],
)
def test_tables_of_several_kinds_are_read(tmp_path: Path, content: bytes) -> None:
    names, codes, notes = table(tmp_path, content, "a.png", "sub/b.png")
    assert (names.pop("id", ["7"]), codes.pop("id", [0, 0])) == (["7"], [0, 0])
    assert (names, codes, notes) == ({"colour": ["blue", "red"]}, {"colour": [1, 0]}, [])


def test_a_table_may_have_no_heads_and_twice_the_same(tmp_path: Path) -> None:
    names, codes, _ = table(tmp_path, b"a.png,cat\nb.png,dog\n", "a.png", "b.png")
    assert (names, codes) == ({"column 2": ["cat", "dog"]}, {"column 2": [0, 1]})
    names, codes, _ = table(tmp_path, b"file,kind,kind\na.png,cat,old\nb.png,dog,new\n", "a.png", "b.png")
    assert names == {"kind": ["cat", "dog"], "kind (2)": ["new", "old"]}
    assert codes == {"kind": [0, 1], "kind (2)": [1, 0]}


def test_what_may_be_any_of_several_files_is_none_of_them(tmp_path: Path) -> None:
    """A row is about the file that it names in full, or else about the only one that it can mean."""
    content = b"file,kind\ncats/1.png,cat\ndogs/1.png,dog\n2,two\n"
    names, codes, _ = table(tmp_path, content, "cats/1.png", "birds/1.png", "dogs/1.png", "1.png", "2.png", "2.jpg")
    told = [names["kind"][code] for code in codes["kind"]]
    assert told == ["cat", NO_VALUE, "dog", NO_VALUE, NO_VALUE, NO_VALUE]


def test_captions_are_no_labels(tmp_path: Path) -> None:
    files = [f"{number}.png" for number in range(40)]
    rows = "".join(f"{name},a picture of {place // 1.5},{place % 2}\n" for place, name in enumerate(files))
    labels, _, notes = table(tmp_path, f"file,caption,kind\n{rows}".encode(), *files)
    assert [*labels] == ["kind"]
    assert notes == ["labels.csv: caption has 27 values for 40 images and is no label"]
    rows = "".join(f"{name},{name}\n" for name in files)
    with pytest.raises(
        UserError, match=r"beside 'file' \(labels.csv: caption has 40 values for 40 images and is no la"
    ):
        table(tmp_path, f"file,caption\n{rows}".encode(), *files)


def test_latin_1_is_read_and_what_is_missing_is_told(tmp_path: Path) -> None:
    names, codes, notes = table(tmp_path, b"file,place\na.png,K\xf6ln\n", "a.png", "b.png")
    assert names == {"place": [NO_VALUE, "Köln"]}
    assert codes == {"place": [1, 0]}
    assert notes == ["1 of 2 images are not in labels.csv; labelled (none)"]


def test_a_column_of_numbers_is_no_label(tmp_path: Path) -> None:
    names = [f"{number}.png" for number in range(300)]
    rows = "".join(f"{name},{place},{place % 2}\n" for place, name in enumerate(names))
    labels, _, notes = table(tmp_path, f"file,size,kind\n{rows}".encode(), *names)
    assert [*labels] == ["kind"]
    assert notes == ["labels.csv: size has 300 values and is no label; at most 256"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"file,colour\nc.png,red\n", "no column names any of the 1 images; one must hold their file names"),
        (b"", "is no table"),
        (b"\n\n", "is no table .it is empty"),
        (b"file,colour\na.png," + b"x" * 140_000, "is no table .field larger than field limit"),
        (b"file\na.png\n", "has no column of labels beside 'file'; add one"),
        (b"file,colour\na.png,\n", "has no column of labels beside 'file'; add one"),
    ],
)
def test_what_is_no_table_of_labels_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message):
        table(tmp_path, content, "a.png")


def test_what_lies_beside_pictures_changes_nothing(in_project: Path) -> None:
    folder = folder_of_images(in_project)
    write_params(in_project, folder_params(folder))
    before = load_dataset("mine")
    for name in ("readme.txt", "labels.CSV", "cats/01.json", "Thumbs.db"):
        (folder / name).write_text("no picture")
    _, manifest, about = load_dataset("mine")
    assert (manifest, about) == before[1:]


def test_many_files_that_cannot_be_read_are_a_short_note(in_project: Path) -> None:
    folder = folder_of_images(in_project)
    for number in range(5):
        (folder / f"cats/{number}.jpg").write_bytes(b"none")
    write_params(in_project, folder_params(folder))
    _, manifest, about = load_dataset("mine")
    assert manifest.notes[0].endswith("cats/2.jpg (no image) and 2 others")
    assert len(about["unreadable"]) == 5


def test_loose_pictures_have_a_label_of_their_own(in_project: Path) -> None:
    folder = folder_of_images(in_project)
    (folder / "cats/01.png").rename(folder / "01.png")
    write_params(in_project, folder_params(folder))
    assert load_dataset("mine")[1].labels == {"folder": [image_folder.LOOSE, "cats", "dogs"]}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a.HEIC", "HEIC is not read; export it as JPEG"),
        ("a.svg", "SVG is not read; export it as JPEG"),
        ("a.eps", "EPS is not read; export it as JPEG"),
        ("a.png", "no image"),
    ],
)
def test_formats_that_are_not_read_are_named(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / name).write_bytes(b"something")
    with pytest.raises(UserError, match=why):
        read_picture(tmp_path / name, (3, 8, 8))


def test_no_other_program_is_started_to_read_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.eps")
    with Image.open(tmp_path / "a.eps") as image:
        assert image.format == "EPS"
    monkeypatch.setattr(subprocess, "check_call", lambda *_, **__: pytest.fail("was started"))
    with pytest.raises(UserError, match=r"a.eps: cannot be read as a picture \(EPS is not read"):
        read_picture(tmp_path / "a.eps", (3, 8, 8))


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_a_picture_whose_camera_wrote_nonsense_is_read_as_it_is(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.new("RGB", (16, 8), "red").save(path, exif=b"Exif\0\0nonsense", dpi=(72, 72))
    with Image.open(path) as image, pytest.raises(SyntaxError):
        image.getexif()
    pixels, original = read_image(path, (3, 8, 16))
    assert (original.width, original.height) == (16, 8)
    assert pixels[0].min() > 240


def test_a_damaged_avif_is_a_picture_that_cannot_be_read(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.avif")
    head, mark, pixels = (tmp_path / "a.avif").read_bytes().partition(b"mdat")
    (tmp_path / "a.avif").write_bytes(head + mark + bytes(len(pixels)))
    with pytest.raises(UserError, match=r"a.avif: cannot be read as a picture"):
        read_picture(tmp_path / "a.avif", (3, 8, 8))


@pytest.mark.parametrize("count", [60, 400])
def test_what_pca_takes_is_no_more_than_is_said(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of images above and below the number of components that it looks for."""
    for module in (memory, pca):
        monkeypatch.setattr(module, "MAX_EXACT_INPUTS", 47)
        monkeypatch.setattr(module, "MAX_EXACT_IMAGES", 19)
        monkeypatch.setattr(module, "MAX_LEADING_COMPONENTS", 100)
    monkeypatch.setattr(memory, "BYTES_AT_WORK", 0)  # not traced
    images = np.random.default_rng(0).integers(0, 256, (count, 3, 48, 48), dtype=np.uint8)
    pca.fit_pca(images[:20])  # what is imported once does not count
    tracemalloc.start()
    pca.fit_pca(images)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0.5 < peak / memory.bytes_needed(count, images[0].size) < 1


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
def test_what_pca_of_few_large_images_takes_is_no_more_than_is_said() -> None:
    """In a process of its own: what PyTorch takes is not traced."""
    count, side = 500, 96
    code = f"""
import re
import numpy as np
from autoencoder.measures.pca import fit_pca
from autoencoder.stages.compress.rate_distortion import linear_decoder

def peak():  # not ru_maxrss, which begins with that of the process that started this one
    return 1024 * int(re.search("VmHWM:[^0-9]*([0-9]+)", open("/proc/self/status").read())[1])

rng = np.random.default_rng(0)
fit_pca(rng.integers(0, 256, (20, 3, 64, 64), dtype=np.uint8))
before = peak()
linear_decoder(fit_pca(rng.integers(0, 256, ({count}, 3, {side}, {side}), dtype=np.uint8)))
print(peak() - before)
"""
    environment = {**os.environ, "PYTHONPATH": str(SRC)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert 0.5 < int(done.stdout) / memory.bytes_needed(count, 3 * side**2) < 1


def test_exact_pca_takes_memory_too_and_a_container_has_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MAX_EXACT_INPUTS", "MAX_EXACT_IMAGES", "MAX_LEADING_COMPONENTS"):
        assert getattr(memory, name) == getattr(pca, name)
    assert memory.bytes_needed(10, 8192) > 6 * 8 * 8192**2 > memory.bytes_needed(10, 8193)
    there = psutil.virtual_memory().total
    monkeypatch.setattr(memory, "CGROUP", tmp_path)
    for name, text in {"max": "1000", "current": "700", "stat": "anon 1\ninactive_file 50"}.items():
        (tmp_path / f"memory.{name}").write_text(f"{text}\n")
    assert memory.free_bytes() == 350
    (tmp_path / "memory.max").write_text("max\n")
    assert 350 < memory.free_bytes() <= there


def test_names_in_any_encoding_are_kept_readable(in_project: Path) -> None:
    folder = folder_of_images(in_project)
    try:
        (folder / "cats" / "01.png").rename(folder / "cats" / os.fsdecode(b"caf\xe9.png"))
    except OSError:
        pytest.skip("the file system has no such names")
    write_params(in_project, folder_params(folder))
    assert "cats/caf\\xe9.png" in load_dataset("mine")[2]["names"]
