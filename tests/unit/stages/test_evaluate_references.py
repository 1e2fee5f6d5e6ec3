"""Errors of reconstruction through a real network, against NumPy in double and scikit-image, image by image."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from autoencoder.config.recipes import load_recipe
from autoencoder.config.runs import Run
from autoencoder.inference import reconstruction, trained_run
from autoencoder.inference.trained_run import TrainedRun, load_trained, load_untrained
from autoencoder.measures.multiply_adds import count_multiply_adds
from autoencoder.models.base import mean_squared_error as module
from autoencoder.models.base.build import build_model
from autoencoder.stages.evaluate.evaluation import Errors, measure_reconstruction
from autoencoder.stages.evaluate.learning_curve import learning_curve
from autoencoder.stages.evaluate.metrics import collect
from autoencoder.storage.prepared import Manifest
from tests.conftest import tiny_params, write_initial_weights

IMAGES = np.kron(np.random.default_rng(4).integers(0, 256, (5, 3, 4, 4)), np.ones((6, 6))).astype(np.uint8)


def trained_on(value_range: tuple[float, float]) -> TrainedRun:
    """A run with the initial weights of a small network, in float64 as any that is measured."""
    model = build_model("dense", {"hidden_units": 8, "final_activation": "none"}, (3, 24, 24), value_range, 3, 0)
    run = Run("run", "set", "dense", {}, 3, load_recipe(tiny_params(), "tiny"), 0, "cpu")
    manifest = Manifest("set", "sample", "tests", True, value_range, {}, (3, 24, 24))
    return TrainedRun(run, manifest, model.double().eval(), torch.device("cpu"))


@pytest.mark.parametrize("batch", [500, 2])
@pytest.mark.parametrize("value_range", [(-1.0, 1.0), (0.0, 1.0), (-0.5, 2.5)])
def test_errors_are_those_of_numpy_and_scikit_image(
    value_range: tuple[float, float], batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trained_run, "BATCH", batch)
    low, high = value_range
    trained = trained_on(value_range)
    given = IMAGES.astype(np.float64) / 255
    with torch.no_grad():
        out = trained.model(torch.from_numpy(low + (high - low) * given)).numpy()
    shown = ((out - low) / (high - low)).clip(0, 1)
    sse = ((out - (low + (high - low) * given)) ** 2).sum(axis=(1, 2, 3)).mean()
    options = {"channel_axis": 0, "gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    pairs = list(zip(given, shown, strict=True))
    errors = measure_reconstruction(trained, IMAGES)
    assert errors.sse == pytest.approx(sse, rel=1e-12)
    assert errors.mse == pytest.approx(sse / (3 * 24 * 24), rel=1e-12)
    assert reconstruction.mean_squared_error(trained, IMAGES) == pytest.approx(errors.mse, rel=1e-12)
    assert errors.psnr_db == pytest.approx(
        np.mean([peak_signal_noise_ratio(a, b, data_range=1) for a, b in pairs]), rel=1e-12
    )
    expected = np.mean([structural_similarity(a, b, data_range=1, **options) for a, b in pairs])
    assert errors.ssim == pytest.approx(expected, rel=1e-11)


def test_what_is_measured_is_in_evaluation_mode_and_in_double(small_photos: Path) -> None:
    write_initial_weights("tiny-8")
    for trained in (load_untrained("tiny-8"), load_trained("tiny-8")):
        assert not any(part.training for part in trained.model.modules())
        assert {value.dtype for value in trained.model.state_dict().values()} == {torch.float64}
        measured = measure_reconstruction(trained, np.zeros((1, 3, 32, 32), dtype=np.uint8))
        assert float(np.float32(measured.sse)) != measured.sse  # of one image: no sum made it so
        assert not trained.model.training


@pytest.mark.parametrize(("batch", "values"), [(500, 1 << 21), (2, 1 << 21), (500, 2 * 1728)])
def test_the_error_that_is_trained_on(batch: int, values: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "VALIDATION_BATCH", batch)
    monkeypatch.setattr(module, "MAX_VALUES", values)
    model = build_model("dense", {"hidden_units": 8, "final_activation": "none"}, (3, 24, 24), (-1.0, 1.0), 3, 0)
    model.train()
    given = IMAGES / 127.5 - 1
    with torch.no_grad():
        out = model(torch.from_numpy(given).float()).double().numpy()
    measured = module.mean_squared_error(model, torch.from_numpy(IMAGES), (-1.0, 1.0))
    assert measured == pytest.approx(np.square(out - given).mean(), rel=1e-5)
    assert not model.training


def test_metrics_say_what_was_measured_and_of_what(small_photos: Path) -> None:
    write_initial_weights("tiny-8")
    trained = load_trained("tiny-8")
    history = {
        "num_epochs": 9,
        "best_epoch": 4,
        "train_seconds": 12.5,
        "images_per_second": 777.7,
        "device": "a processor",
        "precision": "fp32",
        "seed": 31,
    }
    pca = [{"latent_dim": d, "test_mse": d / 10, "test_sse": d * 1.0} for d in range(12)]
    val, test = Errors(0.111111111, 1.1, 11.1, 0.1), Errors(0.222222222, 2.2, 22.2, 0.2)
    metrics = collect(trained, val, test, history, pca)
    assert json.loads(json.dumps(metrics)) == metrics
    assert metrics == {
        "dataset": "photos",
        "sample": True,
        "model": "cifar10_cnn",
        "nested": False,
        "latent_dim": 8,
        "compression": round(8 / 3072, 6),
        "num_parameters": sum(value.numel() for value in trained.model.parameters()),
        "multiply_adds": count_multiply_adds(trained.model, (3, 32, 32)),
        "num_epochs": 9,
        "best_epoch": 4,
        "value_range": "[-1, 1]",
        "val_mse": 0.111111,
        "val_sse": 1.1,
        "test_mse": 0.222222,
        "test_sse": 2.2,
        "test_psnr_db": 22.2,
        "test_ssim": 0.2,
        "pca_test_mse": 0.8,
        "pca_test_sse": 8.0,
        "train_seconds": 12.5,
        "images_per_second": 777.7,
        "device": "a processor",
        "precision": "fp32",
        "seed": 31,
        "weights_sha256": hashlib.sha256(Path("models/tiny-8/weights.safetensors").read_bytes()).hexdigest(),
    }
    assert collect(trained, val, test, history, pca[:9])["pca_test_sse"] == 8.0
    beyond = collect(trained, val, test, history, pca[:8])
    assert beyond["pca_test_mse"] is beyond["pca_test_sse"] is None


@pytest.mark.parametrize("sample", [True, False])
def test_the_learning_curve_has_a_row_an_epoch_and_a_split(sample: bool) -> None:
    history = {"epochs": [{"epoch": n, "train_mse": 1 / (n + 1), "val_mse": 1 / (n + 2)} for n in (1, 2)]}
    assert learning_curve("x", history, sample) == [
        {"run": "x", "split": "train", "epoch": 1, "mse": 0.5, "sample": sample},
        {"run": "x", "split": "train", "epoch": 2, "mse": 0.333333, "sample": sample},
        {"run": "x", "split": "val", "epoch": 1, "mse": 0.333333, "sample": sample},
        {"run": "x", "split": "val", "epoch": 2, "mse": 0.25, "sample": sample},
    ]
