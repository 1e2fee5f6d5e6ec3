"""CIFAR-10, the punks and the sample from small files of the same make: every image where it belongs, to the pixel."""

import hashlib
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image
from sklearn.datasets import load_sample_images

from autoencoder.data import cifar10, punks, sample, slicing
from autoencoder.data.kind import Loaded
from autoencoder.data.manifest import measure_manifest
from autoencoder.storage.prepared import Manifest, Split
from autoencoder.ui.errors import UserError

COMMON: dict[str, Any] = {"source": "data/sources/x.json", "value_range": [-1.0, 1.0], "split_seed": 42}


def recorder(calls: list[Any], answer: Callable[..., Any]) -> Callable[..., Any]:
    """Notes what it is called with, and answers."""

    def called(*arguments: Any) -> Any:
        calls.append(arguments)
        return answer(*arguments)

    return called


def batch(numbers: range) -> bytes:
    """A batch as CIFAR-10 has it: red, then green, then blue rows of 32 x 32; each pixel tells image and place."""
    images = np.zeros((len(numbers), 3, 32, 32), dtype=np.uint8)
    for row, number in enumerate(numbers):
        images[row, 0] = number
        images[row, 1] = np.arange(32)[:, None]
        images[row, 2] = np.arange(32)[None, :]
    content = {b"data": images.reshape(-1, 3072), b"labels": [number % 10 for number in numbers]}
    return pickle.dumps(content, protocol=3).replace(b"numpy._core.multiarray", b"numpy.core.multiarray")


@pytest.fixture
def cifar(monkeypatch: pytest.MonkeyPatch) -> Loaded:
    """Five batches of eight and a test batch of six; the test images are numbers 200 to 205."""
    members = {f"data_batch_{number}": batch(range(8 * number - 8, 8 * number)) for number in range(1, 6)}
    members["test_batch"] = batch(range(200, 206))
    members["batches.meta"] = pickle.dumps({b"label_names": [f"class {n}".encode() for n in range(10)]}, protocol=3)
    facts = {"members": dict.fromkeys(members, "digest")}
    source = {"description": "where it is from", "files": {"cifar-10-python.tar.gz": facts}}
    asked: list[Any] = []
    monkeypatch.setattr(cifar10, "read_source", recorder(asked, lambda *_: source))
    monkeypatch.setattr(cifar10, "fetch", recorder(asked, lambda *_: Path("archive")))
    monkeypatch.setattr(cifar10, "read_members", recorder(asked, lambda *_: members))
    loaded = cifar10.load("mine", cifar10.Params(**COMMON, kind="cifar10", num_val=7))
    archive = "cifar-10-python.tar.gz"
    assert asked == [
        ("data/sources/x.json", archive),
        ("mine", archive, facts),
        (Path("archive"), facts["members"], 32 * 1024 * 1024),
    ]
    return loaded


def test_a_source_without_members_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    source = {"description": "mine", "files": {"cifar-10-python.tar.gz": {"url": "https://example.org"}}}
    monkeypatch.setattr(cifar10, "read_source", lambda *_: source)
    with pytest.raises(UserError, match=r"^data/sources/x.json says no members of cifar-10-python.tar.gz; write it as"):
        cifar10.load("mine", cifar10.Params(**COMMON, kind="cifar10", num_val=7))


def test_cifar10_is_split_as_torch_splits_it(cifar: Loaded) -> None:
    order = torch.randperm(40, generator=torch.Generator().manual_seed(42)).tolist()
    splits = cifar.splits
    assert list(splits) == ["train", "val", "test"]
    assert splits["train"].index.tolist() == order[:33]
    assert splits["val"].index.tolist() == order[33:]
    assert splits["test"].index.tolist() == [0, 1, 2, 3, 4, 5]
    everything = torch.utils.data.TensorDataset(torch.arange(40))
    reference = torch.utils.data.random_split(everything, [33, 7], generator=torch.Generator().manual_seed(42))
    assert [list(part.indices) for part in reference] == [order[:33], order[33:]]


def test_cifar10s_pixels_and_classes_stay_with_their_image(cifar: Loaded) -> None:
    for name, first in (("train", 0), ("val", 0), ("test", 200)):
        split = cifar.splits[name]
        assert split.images.shape[1:] == (3, 32, 32)
        assert split.images.dtype == np.uint8
        assert split.images[:, 0, 5, 9].tolist() == (split.index + first).tolist()
        assert (split.images[:, 1, 5, 9] == 5).all()
        assert (split.images[:, 2, 5, 9] == 9).all()
        assert split.labels["class"].tolist() == ((split.index + first) % 10).tolist()
        assert split.labels["class"].dtype == np.int64
    assert cifar.labels == {"class": [f"class {n}" for n in range(10)]}
    assert cifar.source == "where it is from"
    assert not cifar.sample


def punk_table(number: int) -> str:
    kinds, tones = ["Human", "Ape", "Zombie"], ["Dark", "", "Light"]
    rows = [f"{n}, {kinds[n % 3]}, {'Male' if n % 2 else 'Female'}, {tones[n % 3]}, {n % 2}, " for n in range(number)]
    rows = [row + ("Smile / Mohawk" if n % 5 == 0 else "Pipe" if n % 2 else "") for n, row in enumerate(rows)]
    return "\n".join(["id, type, gender, skin tone, count, accessories", *rows])


@pytest.fixture
def punk_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[Any]]:
    """A sheet whose every tile shows its number, in red (tens of thousands) and green, and a table of 10,000 rows."""
    numbers = np.arange(10_000).reshape(100, 100).repeat(24, axis=0).repeat(24, axis=1)
    sheet = np.stack([numbers // 256, numbers % 256, np.zeros_like(numbers), np.full_like(numbers, 255)], axis=-1)
    sheet[::24, ::24, 2] = 77  # the upper left pixel of each tile
    Image.fromarray(sheet.astype(np.uint8)).save(tmp_path / "punks.png", compress_level=1)
    (tmp_path / "cryptopunks.csv").write_text(punk_table(10_000))
    source = {"description": "Larva Labs", "files": {"punks.png": "the sheet's", "cryptopunks.csv": "the table's"}}
    asked: list[Any] = []
    monkeypatch.setattr(punks, "read_source", recorder(asked, lambda *_: source))
    monkeypatch.setattr(punks, "fetch", recorder(asked, lambda _, file, __: tmp_path / file))
    return tmp_path, asked


def test_punks_are_cut_split_and_labelled(punk_files: tuple[Path, list[Any]]) -> None:
    params = punks.Params(**COMMON, kind="punks", test_fraction=0.25, val_fraction=0.1)
    loaded = punks.load("mine", params)
    assert punk_files[1] == [
        ("data/sources/x.json", "punks.png", "cryptopunks.csv"),
        ("mine", "punks.png", "the sheet's"),
        ("mine", "cryptopunks.csv", "the table's"),
    ]
    order = np.random.default_rng(42).permutation(10_000)
    assert loaded.splits["test"].index.tolist() == sorted(order[:2500])
    assert loaded.splits["val"].index.tolist() == sorted(order[2500:3250])
    assert loaded.labels["type"] == ["Ape", "Human", "Zombie"]
    assert loaded.labels["gender"] == ["Female", "Male"]
    assert loaded.labels["skin_tone"] == ["Dark", "Light", "none"]
    assert loaded.labels["count"] == ["0", "1"]
    assert loaded.labels["accessories"] == ["Mohawk", "Pipe", "Smile"]
    assert loaded.source == "Larva Labs"
    for split in loaded.splits.values():
        assert (256 * split.images[:, 0, 7, 3].astype(int) + split.images[:, 1, 7, 3]).tolist() == split.index.tolist()
        assert (split.images[:, 2, 0, 0] == 77).all()
        assert (split.images[:, 2, 0, 1:] == 0).all()
        kinds = [("Human", "Ape", "Zombie")[n % 3] for n in split.index]
        assert [loaded.labels["type"][code] for code in split.labels["type"]] == kinds
        tones = [("Dark", "none", "Light")[n % 3] for n in split.index]
        assert [loaded.labels["skin_tone"][code] for code in split.labels["skin_tone"]] == tones
        worn = [[n % 5 == 0, n % 5 != 0 and n % 2 == 1, n % 5 == 0] for n in split.index]
        assert split.labels["accessories"].astype(bool).tolist() == worn
        assert split.labels["accessories"].dtype == np.uint8
        assert split.labels["type"].dtype == np.int64


def test_a_table_of_another_length_is_refused(punk_files: tuple[Path, list[Any]]) -> None:
    (punk_files[0] / "cryptopunks.csv").write_text(punk_table(9_999))
    with pytest.raises(UserError, match=r"9999 rows for 10000 punks"):
        punks.load("mine", punks.Params(**COMMON, kind="punks", test_fraction=0.25, val_fraction=0.1))


def test_attributes_are_text_and_spaces_do_not_count() -> None:
    table = pd.DataFrame(
        {
            "type": [" Ape", "Human "],
            "gender": ["Male", "Male"],
            "skin tone": ["  ", "Dark"],
            "count": ["2", "10"],
            "accessories": [" 3D Glasses / Bandana", "Bandana "],
        }
    )
    labels, names = punks.encode_attributes(table)
    assert names == {
        "type": ["Ape", "Human"],
        "gender": ["Male"],
        "skin_tone": ["Dark", "none"],
        "count": ["10", "2"],
        "accessories": ["3D Glasses", "Bandana"],
    }
    assert labels["skin_tone"].tolist() == [1, 0]
    assert labels["accessories"].tolist() == [[1, 1], [0, 1]]


def test_a_word_that_pandas_takes_for_missing_is_a_word(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id, type, accessories\n007, NA, None\n008, , nan\n")
    assert punks.read_attributes(tmp_path / "t.csv").to_numpy().tolist() == [["007", "NA", "None"], ["008", "", "nan"]]


def test_pixels_of_a_small_sheet_by_hand() -> None:
    sheet = np.zeros((4, 6, 4), dtype=np.uint8)
    sheet[..., 0] = 10 * np.arange(4)[:, None] + np.arange(6)
    sheet[..., 1], sheet[..., 3] = 100, 200
    pictures = slicing.slice_sheet(sheet, 2)
    assert pictures[:, 0].tolist() == [
        [[0, 1], [10, 11]],
        [[2, 3], [12, 13]],
        [[4, 5], [14, 15]],
        [[20, 21], [30, 31]],
        [[22, 23], [32, 33]],
        [[24, 25], [34, 35]],
    ]
    assert (pictures[:, 1] == 100).all()
    assert not pictures[:, 2].any()  # blue; alpha is dropped
    assert pictures.flags.c_contiguous


@pytest.mark.parametrize(("mode", "size"), [("RGB", (2400, 2400)), ("RGBA", (2400, 2399)), ("RGBA", (2399, 2400))])
def test_another_kind_of_sheet_is_refused(tmp_path: Path, mode: str, size: tuple[int, int]) -> None:
    Image.new(mode, size).save(tmp_path / "sheet.png", compress_level=1)
    with pytest.raises(UserError, match="expected"):
        slicing.read_sheet(tmp_path / "sheet.png")


def test_patches_of_the_photographs_lie_where_their_labels_say() -> None:
    photos = load_sample_images().images
    splits, labels = sample.cut_photos(seed=3)
    assert labels == {
        "place": [f"{photo} {part}" for photo in ("china", "flower") for part in ("top", "middle", "bottom")]
    }
    for name, (left, right) in {"train": (0, 448), "val": (448, 544), "test": (544, 640)}.items():
        stride = 10 if name == "train" else 16
        patches, codes = [], []
        for number, photo in enumerate(photos):
            for y in range(0, 396, stride):
                for x in range(left, right - 31, stride):
                    patches.append(photo[y : y + 32, x : x + 32].transpose(2, 0, 1))
                    codes.append(3 * number + min(2, (y + 16) * 3 // 427))
        order = np.random.default_rng(3).permutation(len(patches))
        assert np.array_equal(splits[name].images, np.array(patches)[order])
        assert splits[name].labels["place"].tolist() == np.array(codes)[order].tolist()
        assert splits[name].index.tolist() == list(range(len(patches)))
        assert splits[name].labels["place"].dtype == np.int64


@pytest.mark.parametrize(("picture", "shape"), [("photos", (3, 32, 32)), ("avatars", (3, 24, 24))])
def test_the_sample_is_loaded_by_its_params(in_project: Path, picture: str, shape: tuple[int, int, int]) -> None:
    fields = {**COMMON, "source": "data/sources/sample.json", "split_seed": 5}
    fields |= {"kind": "sample", "picture": picture, "test_fraction": 0.2, "val_fraction": 0.25}
    params = sample.Params(**fields)
    loaded = sample.load("mine", params)
    assert loaded.sample
    assert loaded.source
    assert loaded.splits["train"].images.shape[1:] == shape
    if picture == "photos":
        expected, names = sample.cut_photos(5)
        assert np.array_equal(loaded.splits["val"].images, expected["val"].images)
        assert loaded.labels == names
    else:
        assert {name: len(split.images) for name, split in loaded.splits.items()} == {
            "train": 600,
            "val": 200,
            "test": 200,
        }
        sheet, table = sample.draw_sheet(5)
        images = slicing.slice_sheet(sheet, 24)
        order = np.random.default_rng(5).permutation(1000)
        assert loaded.splits["test"].index.tolist() == sorted(order[:200])
        for split in loaded.splits.values():
            assert np.array_equal(split.images, images[split.index])
            kinds = [loaded.labels["type"][code] for code in split.labels["type"]]
            assert kinds == table["type"].iloc[split.index].tolist()


def test_the_avatars_are_the_same_bytes_everywhere() -> None:
    """They are drawn, not downloaded: these digests are what makes them the same sample."""
    sheet, table = sample.draw_sheet(42)
    assert sheet.shape == (600, 960, 4)
    assert sheet.dtype == np.uint8
    assert hashlib.sha256(sheet.tobytes()).hexdigest()[:16] == "52450ee8c72ae6be"
    assert hashlib.sha256(table.to_csv(index=False).encode()).hexdigest()[:16] == "07bf22f9d7e2be2f"


def test_channel_means_are_those_of_the_training_images() -> None:
    rng = np.random.default_rng(0)
    splits = {
        name: Split(rng.integers(low, 256, (number, 3, 4, 5), dtype=np.uint8), np.arange(number), {})
        for name, number, low in (("train", 9, 0), ("val", 4, 200), ("test", 2, 250))
    }
    splits["train"].images[:, 1] //= 2
    manifest = measure_manifest(Manifest("x", "sample", "tests", False, (0.0, 1.0), {}), splits)
    expected = splits["train"].images.astype(np.float64).mean(axis=(0, 2, 3)) / 255
    assert manifest.channel_means == [round(value, 6) for value in expected.tolist()]
    assert manifest.counts == {"train": 9, "val": 4, "test": 2}
    assert manifest.image_shape == (3, 4, 5)
    assert manifest.num_inputs == 60
