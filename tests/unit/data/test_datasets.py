"""The kinds of data sets, without their genuine files."""

import os
import pickle
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageFile

from autoencoder.data import cifar10, names, pictures, punks, sample, slicing
from autoencoder.data.load import load_dataset
from autoencoder.data.splitting import split_randomly
from autoencoder.ui.errors import UserError
from tests.conftest import tiny_params, write_params


class Malicious:
    def __reduce__(self):
        return os.system, ("true",)


def test_the_unpickler_opens_a_batch_and_nothing_else() -> None:
    batch: dict[bytes, Any] = {b"data": np.arange(6, dtype=np.uint8).reshape(2, 3), b"labels": [1, 2]}
    # As in the genuine batches: NumPy 1's name of the module, an array's bytes held plainly (from protocol 3 on).
    content = pickle.dumps(batch, protocol=3).replace(b"numpy._core.multiarray", b"numpy.core.multiarray")
    opened = cifar10.unpickle(content)
    assert opened[b"labels"] == [1, 2]
    assert np.array_equal(opened[b"data"], batch[b"data"])
    of_python_2 = b"\x80\x02}U\x06labels]K\x07as."  # its text is bytes: {"labels": [7]}
    assert cifar10.unpickle(of_python_2) == {b"labels": [7]}
    with pytest.raises(UserError, match=r"asks for numpy._core.multiarray"):
        cifar10.unpickle(pickle.dumps(batch, protocol=3))
    with pytest.raises(UserError, match=r"a batch asks for posix.system"):
        cifar10.unpickle(pickle.dumps(Malicious(), protocol=2))


def folder_of_images(root: Path, count: int = 12) -> Path:
    rng = np.random.default_rng(0)
    for number in range(count):
        path = root / "photos" / ("cats" if number % 2 else "dogs") / f"{number:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (20, 30, 3), dtype=np.uint8)).save(path)
    return root / "photos"


def folder_params(folder: Path, **changes: object) -> dict:
    params = tiny_params()
    params["prepare"]["mine"] = {
        "kind": "image_folder",
        "source": str(folder),
        "image_size": 16,
        "value_range": [-1.0, 1.0],
        "split_seed": 1,
        "test_fraction": 0.25,
        "val_fraction": 0.2,
        **changes,
    }
    return params


def test_image_folder_takes_labels_from_folders_and_reports_broken_files(in_project: Path) -> None:
    folder = folder_of_images(in_project)
    (folder / "cats" / "broken.jpg").write_bytes(b"no image")
    whole = (folder / "cats" / "01.png").read_bytes()
    (folder / "dogs" / "cut.png").write_bytes(whole[: len(whole) // 2])
    (folder / "dogs" / "camera.heic").write_bytes(b"a format that cannot be read here")
    (folder / ".hidden").write_bytes(b"")
    write_params(in_project, folder_params(folder))
    splits, manifest, _ = load_dataset("mine")
    assert (manifest.name, manifest.kind, manifest.sample) == ("mine", "image_folder", False)
    assert manifest.source == "12 images from the folder photos"
    assert manifest.value_range == (-1.0, 1.0)
    assert {name: len(split.images) for name, split in splits.items()} == {"train": 7, "val": 2, "test": 3}
    assert splits["train"].images.shape[1:] == (3, 16, 16)
    assert manifest.labels == {"folder": ["cats", "dogs"]}
    assert len(manifest.notes) == 1
    broken = (
        f"{folder}/cats/broken.jpg (no image)",
        f"{folder}/dogs/camera.heic (HEIC is not read; export it as JPEG)",
    )
    assert manifest.notes[0].startswith(
        f"3 of 15 files could not be read: {', '.join(broken)}, {folder}/dogs/cut.png ("
    )
    for split in splits.values():
        assert np.array_equal(split.labels["folder"], split.index // 6)  # sorted: six cats, then six dogs


def test_image_folder_is_split_by_its_seed(in_project: Path) -> None:
    folder = folder_of_images(in_project, count=10)  # and ten are enough
    parts = []
    for seed in (1, 1, 2):
        write_params(in_project, folder_params(folder, split_seed=seed))
        splits, manifest, _ = load_dataset("mine")
        assert manifest.notes == []
        assert splits["train"].labels["folder"].dtype == np.int64
        parts.append({name: split.index.tolist() for name, split in splits.items()})
    assert parts[0] == parts[1]
    assert parts[0] != parts[2]


def test_image_folder_needs_a_folder_and_enough_images(in_project: Path) -> None:
    write_params(in_project, folder_params(in_project / "nowhere"))
    with pytest.raises(UserError, match=r"nowhere is no folder; set prepare.mine.source"):
        load_dataset("mine")
    folder = folder_of_images(in_project, count=9)
    write_params(in_project, folder_params(folder))
    with pytest.raises(UserError, match=r"9 readable images \(0 unreadable\); at least 10"):
        load_dataset("mine")
    (folder / "broken.jpg").write_bytes(b"no image")
    with pytest.raises(UserError, match=r"9 readable images \(1 unreadable, the first: .*broken.jpg"):
        load_dataset("mine")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_images_of_any_mode_keep_their_brightness(tmp_path: Path, mode: str) -> None:
    values = np.full((20, 30), 128, dtype=np.uint8)
    values[:, :15] = 255
    if mode in ("I;16", "I"):
        image = Image.fromarray(values.astype(np.uint16 if mode == "I;16" else np.int32) * 257)
    elif mode == "F":
        image = Image.fromarray(values.astype(np.float32))
    else:
        image = Image.fromarray(values).convert("RGB").convert(mode)
    path = tmp_path / "image.tif"
    image.save(path)
    read = pictures.read_image(path, (3, 8, 8))[0]
    assert read.shape == (3, 8, 8)
    assert read.dtype == np.uint8
    assert read[:, :, :2].mean() == pytest.approx(255, abs=3)
    assert read.mean() == pytest.approx(192, abs=16)


def test_transparent_pixels_become_black_and_cameras_are_obeyed(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (255, 255, 255, 0)).save(tmp_path / "clear.png")
    assert pictures.read_image(tmp_path / "clear.png", (3, 8, 8))[0].max() == 0
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    half = np.zeros((8, 8, 3), dtype=np.uint8)
    half[:4] = 255
    Image.fromarray(half).save(tmp_path / "turned.png", exif=exif)
    assert pictures.read_image(tmp_path / "turned.png", (3, 8, 8))[0][:, :4].mean() < 50


@pytest.mark.parametrize(
    ("dtype", "white"),
    [
        (np.float32, 1.0),
        (np.float32, 255.0),
        (np.float32, 65535.0),
        (np.float32, 65280.0),  # whose lower byte is nothing
        (np.int32, 255),
        (np.int32, 65535),
        (np.uint16, 255),
        (np.uint16, 65535),
        (np.uint16, 65280),
    ],
)
def test_numbers_that_are_no_bytes_keep_their_brightness(tmp_path: Path, dtype: type, white: float) -> None:
    """A ramp from black to white, whatever the file calls white."""
    ramp = np.linspace(0, 1, 256)[None].repeat(256, axis=0)
    scaled: np.ndarray = (ramp * white).astype(dtype)
    Image.fromarray(scaled).save(tmp_path / "ramp.tif")
    Image.fromarray(np.rint(ramp * 255).astype(np.uint8)).save(tmp_path / "bytes.png")
    read, expected = (
        pictures.read_image(tmp_path / name, (3, 256, 256))[0].astype(int) for name in ("ramp.tif", "bytes.png")
    )
    assert abs(read - expected).max() <= 1
    assert (read.min(), read.max()) == (0, 255)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0, 256]], np.uint16), [[0, 1]]),  # one above 255: 16 bits
        (np.array([[0, 255]], np.uint16), [[0, 255]]),
        (np.array([[0, 1]], np.uint16), [[0, 1]]),  # no fractions, so 1 is nearly black
        (np.array([[0, 1]], np.float32), [[0, 255]]),
        (np.array([[0, 1.6]], np.float32), [[0, 2]]),
    ],
)
def test_what_white_is_follows_from_the_largest_value(values: np.ndarray, expected: list[list[int]]) -> None:
    found = pictures.to_bytes(values)
    assert found.dtype == np.uint8
    assert found.tolist() == expected


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            np.array([[-1.0, 0.5]], np.float32),
            "grey values from -1 to 0.5; 0 to 1, 0 to 255 and 0 to 65535 are understood",
        ),
        (np.array([[0.0, np.nan]], np.float32), "grey values from nan to nan"),
        (np.array([[0.0, np.inf]], np.float32), "grey values from 0 to inf"),
        (np.array([[0, 65536]], np.int32), "grey values from 0 to 65536"),
        (np.array([[-5, 3]], np.int32), "grey values from -5 to 3"),
    ],
)
def test_numbers_that_are_no_grey_are_refused(tmp_path: Path, values: np.ndarray, message: str) -> None:
    path = tmp_path / "odd.tif"
    Image.fromarray(values.repeat(8, axis=0).repeat(8, axis=1)).save(path)
    with pytest.raises(UserError) as caught:
        pictures.read_picture(path, (3, 8, 8))
    assert str(caught.value).startswith(f"{path}: cannot be read as a picture ({message.split(';')[0]}")


def test_an_error_without_words_is_told_by_its_name() -> None:
    assert pictures.explain(EOFError(), Path("a")) == "EOFError"
    assert pictures.explain(ValueError("not\n  good"), Path("a")) == "not good"
    assert pictures.explain(OSError(2, "No such file"), Path("a")) == "No such file"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "PA", "L", "RGB"])
def test_transparency_of_any_mode_is_laid_over_black(tmp_path: Path, mode: str) -> None:
    """White, its right half transparent; half transparent white is grey."""
    path = tmp_path / ("clear.png" if mode != "PA" else "clear.tif")
    if mode in ("P", "L", "RGB"):  # one colour of the file is declared transparent
        values = np.full((8, 8), 255, np.uint8)
        values[:, 4:] = 7
        image = Image.fromarray(values)
        if mode == "P":
            image.putpalette([number for number in range(256) for _ in range(3)])
        image.convert(mode).save(path, transparency=(7, 7, 7) if mode == "RGB" else 7)
        half = 0
    else:
        values = np.full((8, 8, 4), 255, np.uint8)
        values[:, 4:, 3], half = 128, 128
        Image.fromarray(values).convert(mode).save(path)
    read = pictures.read_image(path, (3, 8, 8))[0]
    assert read[:, :, :3].min() == 255
    assert abs(int(read[:, :, 5:].max()) - half) <= 1


def test_a_picture_of_too_many_pixels_is_never_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the header says is enough; a file of kilobytes would fill gigabytes."""
    path = tmp_path / "bomb.png"
    Image.new("1", (8193, 8192)).save(path)
    assert path.stat().st_size < 20_000

    def decoded(*_: object, **__: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decoded)
    with pytest.raises(UserError) as caught:
        pictures.read_picture(path, (3, 8, 8))
    text = "8,193 x 8,192 pixels, more than the 67,108,864 that are read; make it smaller"
    assert str(caught.value) == f"{path}: cannot be read as a picture (it says it has {text})"
    assert pictures.MAX_PIXELS >= 8000 * 8000


def test_a_picture_too_large_for_pillow_itself_is_told_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (20_000, 20_000)).save(path)
    with pytest.raises(UserError, match=r"bomb.png: .*400000000 pixels, more than the 67,108,864 that are read"):
        pictures.read_picture(path, (3, 8, 8))
    with pytest.raises(UserError, match=r"bomb.png cannot be read as a picture .*more than the 67,108,864"):
        slicing.read_sheet(path)


def test_a_folder_lists_a_picture_of_too_many_pixels_with_the_broken_ones(
    in_project: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    folder = folder_of_images(in_project)
    Image.new("1", (10_000, 9_000)).save(folder / "large.png")  # Pillow would warn of it
    write_params(in_project, folder_params(folder))
    _, manifest, _ = load_dataset("mine")
    assert manifest.notes[0].startswith("1 of 13 files could not be read")
    assert "large.png (it says it has 10,000 x 9,000 pixels, more than" in manifest.notes[0]
    assert not recwarn.list


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        (b"cats", "cats"),
        (b"a$_$b", "a$_$b"),
        ("Käse".encode(), "Käse"),
        ("Ka\u0308se".encode(), "Käse"),  # decomposed, as a Mac writes it
        (b"caf\xe9", "caf\\xe9"),
        (b"a\tb\nc", "a\\tb\\nc"),
        (b"  two  words ", "two words"),
        (b" ", "unnamed"),
        ("a\u202eb".encode(), "a\\u202eb"),  # turns the direction of what follows
        (b"x" * 80, "x" * 80),
        (b"x" * 81, "x" * 59 + "…" + "x" * 20),
    ],
)
def test_a_folders_name_becomes_readable(raw: bytes, label: str) -> None:
    assert names.label_names([os.fsdecode(raw)]) == [label]


def test_folders_that_would_read_the_same_are_numbered() -> None:
    given = [" a", "a", "a (2)", "a ", os.fsdecode(b"\xe9"), "\\xe9", "x" * 100, "x" * 101]
    shown = names.label_names(given)
    assert shown[:6] == ["a (3)", "a", "a (2)", "a (4)", "\\xe9 (2)", "\\xe9"]
    assert len(set(shown)) == len(given)


def test_the_sample_is_the_same_every_time_and_its_regions_are_apart() -> None:
    splits, labels = sample.cut_photos(seed=1)
    again, _ = sample.cut_photos(seed=1)
    assert all(np.array_equal(splits[name].images, again[name].images) for name in splits)
    assert len(labels["place"]) == 6
    assert set(splits["train"].labels["place"]) == set(range(6))


def test_the_samples_regions_share_no_pixel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Photographs whose pixels tell their column: no column may be in two splits."""
    columns = np.arange(640)
    photo = np.zeros((427, 640, 3), dtype=np.uint8)
    photo[..., 0], photo[..., 1] = columns % 256, columns // 256
    monkeypatch.setattr("sklearn.datasets.load_sample_images", lambda: SimpleNamespace(images=[photo, photo]))
    splits, _ = sample.cut_photos(seed=1)
    seen = {
        name: set((split.images[:, 0].astype(int) + 256 * split.images[:, 1].astype(int)).ravel())
        for name, split in splits.items()
    }
    assert not seen["train"] & seen["val"]
    assert not seen["train"] & seen["test"]
    assert not seen["val"] & seen["test"]


def test_avatars_go_through_the_punks_slicing() -> None:
    sheet, attributes = sample.draw_sheet(seed=3)
    images = slicing.slice_sheet(sheet, slicing.SIDE)
    assert images.shape == (len(attributes), 3, 24, 24)
    assert np.array_equal(images[41], sheet[24:48, 24:48, :3].transpose(2, 0, 1))
    assert len({image.tobytes() for image in images}) > 0.3 * len(images)
    labels, names = punks.encode_attributes(attributes)
    assert names["gender"] == ["Female", "Male"]
    assert labels["accessories"].sum(axis=1).tolist() == attributes["count"].astype(int).tolist()


@pytest.mark.parametrize("storage", ["python", "pyarrow"])
def test_attributes_are_encoded_with_none_for_an_empty_cell(tmp_path: Path, storage: str) -> None:
    """pandas keeps text otherwise where pyarrow is installed."""
    table = tmp_path / "table.csv"
    table.write_text(
        "id, type, gender, skin tone, count, accessories\n0, Human, Male, Dark, 2, Smile / Mohawk\n"
        "1, Ape, Male, , 0, \n"
    )
    with pd.option_context("mode.string_storage", storage):
        labels, names = punks.encode_attributes(punks.read_attributes(table))
    assert names["skin_tone"] == ["Dark", "none"]
    assert names["accessories"] == ["Mohawk", "Smile"]
    assert labels["accessories"].tolist() == [[1, 1], [0, 0]]
    assert labels["type"].tolist() == [1, 0]


def test_a_sheet_of_another_size_is_refused(tmp_path: Path) -> None:
    Image.new("RGBA", (240, 240)).save(tmp_path / "sheet.png")
    with pytest.raises(UserError, match=r"\(240, 240\) RGBA, expected \(2400, 2400\) RGBA"):
        slicing.read_sheet(tmp_path / "sheet.png")


def test_a_split_with_an_empty_part_is_refused() -> None:
    with pytest.raises(UserError, match=r"leave none for val"):
        split_randomly(10, test_fraction=0.5, val_fraction=0.01, seed=0)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"kind": ["sample"]}, "prepare.mine.kind: must be one of"),
        ({"kind": "punks", "source": "data/sources/sample.json"}, "unknown key 'image_size'"),
        ({"value_range": [0.0, float("inf")]}, "prepare.mine.value_range"),
        ({"split_seed": 2**64}, "prepare.mine.split_seed"),
        ({"kind": "imagenet"}, "must be one of cifar10, punks, image_folder, sample, got 'imagenet'"),
        ({"image_size": 4}, "prepare.mine.image_size"),
        ({"value_range": [1.0, 1.0]}, "must rise from low to high"),
        ({"test_fraction": 1.5}, "prepare.mine.test_fraction"),
        ({"colour": 1}, "unknown key 'colour'"),
    ],
)
def test_wrong_params_are_named(in_project: Path, changes: dict, part: str) -> None:
    write_params(in_project, folder_params(in_project, **changes))
    with pytest.raises(UserError, match=part):
        load_dataset("mine")
