"""Prepared data sets on disk."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from autoencoder.data.manifest import measure_manifest
from autoencoder.storage.prepared import Manifest, Split, read_manifest, read_split, write_prepared
from autoencoder.ui.errors import UserError

FOLDER = Path("data/prepared/set")
PREPARATION = {"prepare.set.source": "sources/set.json", "prepare.set.split_seed": 1, "prepare.set.test_fraction": 0.25}


def write(value: int = 0) -> Manifest:
    images = np.full((4, 3, 8, 8), value, dtype=np.uint8)
    split = Split(images, np.arange(4), {"class": np.array([0, 1, 0, 1])})
    splits = {"train": split, "val": split, "test": split}
    manifest = Manifest("set", "sample", "tests", True, (-1.0, 1.0), {"class": ["a", "b"]}, made_from=PREPARATION)
    return write_prepared(FOLDER, splits, measure_manifest(manifest, splits))


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_it_comes_back_and_is_measured() -> None:
    written = write(51)
    assert read_manifest("set") == written
    assert written.image_shape == (3, 8, 8)
    assert written.counts == {"train": 4, "val": 4, "test": 4}
    assert written.channel_means == [0.2, 0.2, 0.2]
    assert written.num_inputs == 192
    split = read_split("set", "val")
    assert split.images.dtype == np.uint8
    assert split.labels["class"].tolist() == [0, 1, 0, 1]


def test_equal_content_is_equal_bytes() -> None:
    write()
    first = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    write(1)
    write()
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == first


def test_a_failure_leaves_what_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    write()
    before = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    full = OSError(28, "No space left on device")
    monkeypatch.setattr(np.lib.format, "write_array", lambda *_, **__: (_ for _ in ()).throw(full))
    with pytest.raises(UserError, match=r"^data/prepared/set cannot be written \(No space left on device\); free some"):
        write(1)
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == before
    assert [path.name for path in FOLDER.parent.iterdir()] == ["set"]


def test_damaged_files_are_told() -> None:
    write()
    (FOLDER / "val.npz").write_bytes(b"no archive")
    with pytest.raises(UserError, match=r"val.npz is damaged"):
        read_split("set", "val")
    (FOLDER / "manifest.json").write_text("{<<<<<<<")
    with pytest.raises(UserError, match=r"no valid JSON"):
        read_manifest("set")
    (FOLDER / "manifest.json").write_text("{}")
    with pytest.raises(UserError, match=r"of another version"):
        read_manifest("set")


def test_what_was_not_prepared_is_named() -> None:
    with pytest.raises(UserError, match=r"make it first: python src/prepare.py set"):
        read_manifest("set")
    with pytest.raises(UserError, match=r"train.npz is missing"):
        read_split("set", "train")


@pytest.mark.parametrize(("key", "value"), [("split_seed", 2), ("test_fraction", 0.5), ("source", "other.json")])
def test_data_prepared_with_other_params_are_refused(key: str, value: object) -> None:
    written = write()
    assert read_manifest("set", PREPARATION) == written
    key = f"prepare.set.{key}"
    message = f"data/prepared/set was prepared with {key} {PREPARATION[key]} (now: {value}); prepare again: dvc repro "
    with pytest.raises(UserError, match=f"^{re.escape(message)}prepare@set$"):
        read_manifest("set", {**PREPARATION, key: value})
    assert read_manifest("set") == written  # who asks what it is, and works with something else


def test_data_that_do_not_say_what_they_were_prepared_with_are_refused() -> None:
    write()
    manifest = FOLDER / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "made_from": {}}))
    with pytest.raises(UserError, match=r"prepared with prepare.set.source missing .*: dvc repro prepare@set$"):
        read_manifest("set", PREPARATION)
