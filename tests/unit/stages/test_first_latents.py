"""Errors by how many latents are kept, against scikit-learn's PCA: a network whose latents are its coefficients."""

import hashlib
import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio
from sklearn.decomposition import PCA
from torch import Tensor, nn

from autoencoder.config.recipes import load_recipe
from autoencoder.config.runs import Run
from autoencoder.inference.trained_run import DTYPE, TrainedRun
from autoencoder.measures.crossings import PSNR_LEVELS
from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.stages.evaluate.evaluation import Errors
from autoencoder.stages.evaluate.first_latents import measure_first_latents, only_all_latents
from autoencoder.storage import paths
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Manifest
from autoencoder.storage.results import read_result
from tests.conftest import tiny_params, write_initial_weights, write_params

RNG = np.random.default_rng(5)
MIXING = np.linalg.qr(RNG.normal(size=(48, 48)))[0]
LATENT_DIM = 20


def pictures(count: int) -> np.ndarray:
    mixed = RNG.normal(size=(count, 48)) * np.geomspace(90, 0.5, 48) @ MIXING
    return np.asarray((127 + mixed).clip(0, 255), dtype=np.uint8).reshape(count, 3, 4, 4)


TRAIN, VAL, TEST = pictures(200), pictures(130), pictures(230)  # more than a batch of 100


class Linear(nn.Module):
    """Values in [-1, 1] to and from the coefficients of a PCA that was fitted in [0, 1]."""

    def __init__(self, fitted: PCA, forth: bool) -> None:
        super().__init__()
        self.fitted, self.forth = fitted, forth

    def forward(self, given: Tensor) -> Tensor:
        if self.forth:
            return torch.from_numpy(self.fitted.transform(((given + 1) / 2).flatten(1).numpy())).to(DTYPE)
        return torch.from_numpy(self.fitted.inverse_transform(given.numpy())).view(-1, 3, 4, 4) * 2 - 1


@pytest.fixture(scope="module")
def fitted() -> PCA:
    return PCA(LATENT_DIM, svd_solver="full").fit(TRAIN.reshape(len(TRAIN), -1) / 255)


@pytest.fixture(scope="module")
def rows(fitted: PCA) -> list[Record]:
    run = Run("run", "set", "model", {}, LATENT_DIM, load_recipe(tiny_params(), "tiny"), 0, "cpu", nested=True)
    manifest = Manifest("set", "sample", "tests", True, (-1.0, 1.0), {}, image_shape=(3, 4, 4))
    model = Autoencoder(Linear(fitted, True), Linear(fitted, False), LATENT_DIM)
    return measure_first_latents(TrainedRun(run, manifest, model, torch.device("cpu")), VAL, TEST)


def reconstructed(fitted: PCA, images: np.ndarray, kept: int) -> tuple[np.ndarray, np.ndarray]:
    given = images.reshape(len(images), -1) / 255
    codes = fitted.transform(given)
    codes[:, kept:] = 0
    return given, fitted.inverse_transform(codes)


def test_each_number_of_latents_is_that_much_of_a_pca(fitted: PCA, rows: list[Record]) -> None:
    assert [row["num_latents"] for row in rows] == sorted({row["num_latents"] for row in rows})
    assert {1, 2, 4, 8, 16, LATENT_DIM} <= {row["num_latents"] for row in rows}
    for row in rows:
        for split, images in (("val", VAL), ("test", TEST)):
            given, made = reconstructed(fitted, images, row["num_latents"])
            assert row[f"{split}_sse"] == pytest.approx(4 * np.square(given - made).sum(axis=1).mean(), rel=1e-5)
        assert row["test_mse"] == pytest.approx(row["test_sse"] / 48, rel=1e-5)
        pairs = zip(given, made.clip(0, 1), strict=True)
        psnr = np.mean([peak_signal_noise_ratio(one, other, data_range=1) for one, other in pairs])
        assert row["test_psnr_db"] == pytest.approx(psnr, rel=1e-5)


def test_where_a_level_is_crossed_both_neighbors_are_measured(rows: list[Record]) -> None:
    psnr = {row["num_latents"]: row["test_psnr_db"] for row in rows}
    crossed = [level for level in PSNR_LEVELS if psnr[1] < level <= psnr[LATENT_DIM]]
    assert len(crossed) >= 2
    for level in crossed:
        first = min(number for number, value in psnr.items() if value >= level)
        assert psnr[first - 1] < level


def test_any_other_run_has_its_own_errors_alone() -> None:
    run = Run("run", "set", "model", {}, 9, load_recipe(tiny_params(), "tiny"), 0, "cpu")
    manifest = Manifest("set", "sample", "tests", True, (-1.0, 1.0), {}, image_shape=(3, 4, 4))
    trained = TrainedRun(run, manifest, Autoencoder(nn.Identity(), nn.Identity(), 9), torch.device("cpu"))
    (row,) = only_all_latents(trained, Errors(0.1, 4.8, 10.0, 0.5), Errors(0.25, 12.0, 6.0, 0.4))
    assert row == {"num_latents": 9, "val_sse": 4.8, "test_sse": 12.0, "test_mse": 0.25, "test_psnr_db": 6.0}


@pytest.mark.parametrize("nested", [False, True])
def test_the_stage_writes_them_with_the_weights_they_are_of(small_photos: Path, nested: bool) -> None:
    params = tiny_params()
    params["runs"]["tiny-8"] |= {"nested": True} if nested else {}
    write_params(Path(), params)
    write_initial_weights("tiny-8")
    importlib.import_module("baseline").main("photos")
    history = {"num_epochs": 1, "best_epoch": 1, "train_seconds": 1.0, "images_per_second": 1.0, "device": "none"}
    digest = hashlib.sha256(paths.weights("tiny-8").read_bytes()).hexdigest()
    history |= {"precision": "fp32", "seed": 1, "weights_sha256": digest, "epochs": []}
    paths.history("tiny-8").write_text(json.dumps(history))
    importlib.import_module("evaluate").main("tiny-8")
    written: list[dict[str, Any]] = read_result(paths.first_latents("photos", "tiny-8"), "tiny-8", "evaluate")
    metrics = json.loads(paths.metrics("photos", "tiny-8").read_text())
    assert metrics["nested"] is nested
    assert [row["num_latents"] for row in written][-1] == 8
    assert (len(written) > 1) == nested
    for key in ("val_sse", "test_sse", "test_mse", "test_psnr_db"):
        assert written[-1][key] == pytest.approx(metrics[key], rel=1e-5)
