"""The genuine files: official hashes, the sheet's known pixels, one short epoch of each network through DVC."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from safetensors.numpy import load_file

from autoencoder.data import slicing
from autoencoder.measures.pca import fit_pca, tabulate_errors
from autoencoder.stages.curve.shifted_and_masked import compare_imgs
from autoencoder.storage.prepared import SPLITS
from autoencoder.tools import workspace
from autoencoder.tools.pipeline import dvc
from tests.conftest import PROJECT, write_params

pytestmark = [pytest.mark.genuine, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def genuine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own params with one epoch, one CIFAR-10 run and the punks' run, trained through DVC."""
    folder = tmp_path_factory.mktemp("genuine")
    params = yaml.safe_load((PROJECT / "params.yaml").read_text())
    params["runs"] = {name: params["runs"][name] for name in ("cifar10-64", "punks-108")}
    del params["runs"]["cifar10-64"]["epochs"]
    for recipe in params["train"].values():
        recipe["epochs"] = 1
    params["train"]["muon"]["batch_size"] = 256  # a short epoch
    write_params(folder, params)
    target = folder / "workspace"
    workspace.create(PROJECT, target, folder / "params.yaml")
    assert dvc(target, "repro", "--quiet", "train") == 0
    return target


def test_the_tutorials_two_pictures_are_shifted_and_masked(genuine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pixel of shift costs both more than half of what they show, as the tutorial says."""
    monkeypatch.chdir(genuine)
    _, errors = compare_imgs("cifar10", (-1.0, 1.0))
    committed = json.loads((PROJECT / "plots/cifar10/shift.json").read_text())
    assert errors == {key: value for key, value in committed.items() if key.startswith("image_")}
    for number in (0, 1):
        assert errors[f"image_{number}_shifted_sse"] > errors[f"image_{number}_masked_sse"]


def test_prepared_bytes_are_those_of_the_committed_run(genuine: Path) -> None:
    lock = yaml.safe_load((PROJECT / "dvc.lock").read_text())["stages"]
    fresh = yaml.safe_load((genuine / "dvc.lock").read_text())["stages"]
    for stage in ("prepare@cifar10", "prepare@punks"):
        assert fresh[stage]["outs"] == lock[stage]["outs"]


def test_cifar10_is_split_as_published(genuine: Path) -> None:
    order = torch.randperm(50000, generator=torch.Generator().manual_seed(42)).numpy()
    splits = {name: np.load(genuine / f"data/prepared/cifar10/{name}.npz") for name in ("train", "val", "test")}
    assert np.array_equal(splits["train"]["index"], order[:45000])
    assert np.array_equal(splits["val"]["index"], order[45000:])
    assert splits["test"]["images"].shape == (10000, 3, 32, 32)
    labels = np.concatenate([splits["train"]["label_class"], splits["val"]["label_class"]])
    assert np.bincount(labels).tolist() == [5000] * 10
    assert np.bincount(splits["test"]["label_class"]).tolist() == [1000] * 10
    manifest = json.loads((genuine / "data/prepared/cifar10/manifest.json").read_text())
    assert manifest["labels"]["class"][:2] == ["airplane", "automobile"]
    assert manifest["channel_means"] == pytest.approx([0.4914, 0.4822, 0.4465], abs=1e-3)  # as widely published


def test_the_sheet_is_sliced_at_known_pixels() -> None:
    path = Path(os.environ["AUTOENCODER_DOWNLOADS"]) / "punks.png"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert digest == "ac39af4793119ee46bbff351d8cb6b5f23da60222126add4268e261199a2921b"
    sheet = slicing.read_sheet(path)
    images = slicing.slice_sheet(sheet, slicing.SIDE)
    assert images.shape == (10000, 3, 24, 24)
    for number, y, x in ((0, 12, 12), (99, 20, 8), (100, 10, 10), (5217, 9, 11), (9999, 23, 9)):
        row, column = 24 * (number // 100) + y, 24 * (number % 100) + x
        assert images[number, :, y, x].tolist() == sheet[row, column, :3].tolist()
    assert images[:, :, 0, 0].max() == 0  # a corner is transparent on every punk, and black


def test_attributes_are_as_known(genuine: Path) -> None:
    manifest = json.loads((genuine / "data/prepared/punks/manifest.json").read_text())
    assert manifest["counts"] == {"train": 6750, "val": 750, "test": 2500}
    assert len(manifest["labels"]["accessories"]) == 87
    counts = dict.fromkeys(manifest["labels"]["type"], 0)
    for split in manifest["counts"]:
        arrays = np.load(genuine / f"data/prepared/punks/{split}.npz")
        for code, name in enumerate(manifest["labels"]["type"]):
            counts[name] += int((arrays["label_type"] == code).sum())
    assert counts == {"Alien": 9, "Ape": 24, "Human": 9879, "Zombie": 88}


def test_one_epoch_of_each_network(genuine: Path) -> None:
    for name, parameters, black in (("cifar10-64", 159_779 + 2_049 * 64, 0.5), ("punks-108", 5_517, 0.2)):
        history = json.loads((genuine / f"models/{name}/history.json").read_text())
        (epoch,) = history["epochs"]
        assert 0 < epoch["val_mse"] < black
        weights = load_file(genuine / f"models/{name}/weights.safetensors")
        assert sum(array.size for array in weights.values()) == parameters


def test_pca_is_as_measured_elsewhere(genuine: Path) -> None:
    splits = (np.load(genuine / f"data/prepared/cifar10/{name}.npz")["images"] for name in ("train", "val", "test"))
    train, val, test = splits
    rows = tabulate_errors(fit_pca(train), val, test, (-1.0, 1.0))
    committed = json.loads((PROJECT / "plots/cifar10/pca.json").read_text())
    assert committed.pop("made_from").keys() == {"value_range", *(f"data/prepared/cifar10/{s}.npz" for s in SPLITS)}
    assert rows == committed
    assert [rows[f"pca_{d}"]["test_sse"] for d in (64, 128, 256, 384)] == pytest.approx(
        [103.09, 62.43, 32.17, 19.42], abs=0.01
    )
    assert [rows[f"pca_{d}"]["val_sse"] for d in (64, 128, 256, 384)] == pytest.approx(
        [103.94, 63.13, 32.61, 19.71], abs=0.01
    )
