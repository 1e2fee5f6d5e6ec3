"""Errors of reconstruction through a real network, against NumPy in double and scikit-image, image by image."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from autoencoder.inference.trained_run import load_trained, load_untrained
from autoencoder.models.base import mean_squared_error as module
from autoencoder.models.base.build import build_model
from autoencoder.stages.evaluate import evaluation
from autoencoder.stages.evaluate.evaluation import Errors, measure_reconstruction
from autoencoder.stages.evaluate.learning_curve import learning_curve
from autoencoder.stages.evaluate.metrics import collect
from autoencoder.storage import paths
from autoencoder.storage.weights import save_weights

IMAGES = np.kron(np.random.default_rng(4).integers(0, 256, (5, 3, 4, 4)), np.ones((6, 6))).astype(np.uint8)


@pytest.mark.parametrize("batch", [500, 2])
@pytest.mark.parametrize("value_range", [(-1.0, 1.0), (0.0, 1.0), (-0.5, 2.5)])
def test_errors_are_those_of_numpy_and_scikit_image(
    value_range: tuple[float, float], batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "EVALUATION_BATCH", batch)
    low, high = value_range
    model = build_model("dense", {"hidden_units": 8, "final_activation": "none"}, (3, 24, 24), value_range, 3, 0)
    model.train()  # evaluation puts it into evaluation mode
    given = IMAGES.astype(np.float64) / 255
    with torch.no_grad():
        out = model(torch.from_numpy(low + (high - low) * given).float()).double().numpy()
    shown = ((out - low) / (high - low)).clip(0, 1)
    sse = ((out - (low + (high - low) * given)) ** 2).sum(axis=(1, 2, 3)).mean()
    options = {"channel_axis": 0, "gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    pairs = list(zip(given, shown, strict=True))
    errors = measure_reconstruction(model, torch.from_numpy(IMAGES), value_range, torch.device("cpu"))
    assert errors.sse == pytest.approx(sse, rel=1e-5)
    assert errors.mse == pytest.approx(sse / (3 * 24 * 24), rel=1e-5)
    assert errors.psnr_db == pytest.approx(
        np.mean([peak_signal_noise_ratio(a, b, data_range=1) for a, b in pairs]), abs=1e-3
    )
    expected = np.mean([structural_similarity(a, b, data_range=1, **options) for a, b in pairs])
    assert errors.ssim == pytest.approx(expected, abs=1e-4)
    assert not model.training


@pytest.mark.parametrize("batch", [500, 2])
def test_the_error_that_is_trained_on(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EVALUATION_BATCH", batch)
    model = build_model("dense", {"hidden_units": 8, "final_activation": "none"}, (3, 24, 24), (-1.0, 1.0), 3, 0)
    model.train()
    given = IMAGES / 127.5 - 1
    with torch.no_grad():
        out = model(torch.from_numpy(given).float()).double().numpy()
    measured = module.mean_squared_error(model, torch.from_numpy(IMAGES), (-1.0, 1.0))
    assert measured == pytest.approx(np.square(out - given).mean(), rel=1e-5)
    assert not model.training


def test_metrics_say_what_was_measured_and_of_what(small_photos: Path) -> None:
    save_weights(load_untrained("tiny-8").model.state_dict(), paths.weights("tiny-8"))
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
        "latent_dim": 8,
        "compression": round(8 / 3072, 6),
        "num_parameters": sum(value.numel() for value in trained.model.parameters()),
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


def test_the_learning_curve_has_a_row_an_epoch_and_a_split() -> None:
    history = {"epochs": [{"epoch": n, "train_mse": 1 / (n + 1), "val_mse": 1 / (n + 2)} for n in (1, 2)]}
    assert learning_curve("x", history) == [
        {"run": "x", "split": "train", "epoch": 1, "mse": 0.5},
        {"run": "x", "split": "train", "epoch": 2, "mse": 0.333333},
        {"run": "x", "split": "val", "epoch": 1, "mse": 0.333333},
        {"run": "x", "split": "val", "epoch": 2, "mse": 0.25},
    ]
