"""Errors whose values are known beforehand."""

import math

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from torch import Tensor, nn

from autoencoder.config.recipes import load_recipe
from autoencoder.config.runs import Run
from autoencoder.inference.trained_run import TrainedRun
from autoencoder.measures.image_similarity import peak_signal_to_noise
from autoencoder.measures.pca import fit_pca, reconstruction_errors, tabulate_errors
from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.stages.evaluate.evaluation import measure_reconstruction
from autoencoder.storage.prepared import Manifest
from tests.conftest import tiny_params


class Shift(nn.Module):
    """A decoder that adds a constant."""

    def __init__(self, by: float) -> None:
        super().__init__()
        self.by = by

    def forward(self, x: Tensor) -> Tensor:
        return x + self.by


def trained(decoder: nn.Module, value_range: tuple[float, float]) -> TrainedRun:
    """A run whose encoder hands on what it is given."""
    recipe = load_recipe(tiny_params(), "tiny")
    run = Run("run", "set", "model", {}, 1, recipe, 0, "cpu")
    manifest = Manifest("set", "sample", "tests", True, value_range, {}, (3, 8, 8))
    return TrainedRun(run, manifest, Autoencoder(nn.Identity(), decoder, latent_dim=1), torch.device("cpu"))


def pictures(count: int = 7, side: int = 24) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 200, (count, 3, side, side), dtype=np.uint8)


def test_a_perfect_reconstruction() -> None:
    errors = measure_reconstruction(trained(Shift(0.0), (-1.0, 1.0)), pictures())
    assert errors.mse == 0
    assert errors.sse == 0
    assert errors.ssim == pytest.approx(1)
    assert errors.psnr_db == pytest.approx(10 * math.log10(12 * 255**2))


@pytest.mark.parametrize(("value_range", "shift"), [((-1.0, 1.0), 0.2), ((0.0, 1.0), 0.1)])
def test_a_constant_shift(value_range: tuple[float, float], shift: float) -> None:
    errors = measure_reconstruction(trained(Shift(shift), value_range), pictures())
    assert errors.mse == pytest.approx(shift**2, rel=1e-12)  # in float64
    assert errors.sse == pytest.approx(shift**2 * 3 * 24 * 24, rel=1e-12)
    assert errors.psnr_db == pytest.approx(20, abs=1e-3)  # a tenth of the range, whatever the range
    assert 0.5 < errors.ssim < 1


def test_pictures_are_compared_as_shown_numbers_as_they_are() -> None:
    white = np.full((3, 3, 24, 24), 255, dtype=np.uint8)
    errors = measure_reconstruction(trained(Shift(0.5), (0.0, 1.0)), white)
    assert errors.mse == pytest.approx(0.25)
    assert errors.psnr_db > 50  # clipped to white, there is no difference to see


def test_every_image_counts_once_across_batches() -> None:
    images = np.zeros((1001, 1, 16, 16), dtype=np.uint8)
    images[1000] = 255

    class Black(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.zeros_like(x)

    errors = measure_reconstruction(trained(Black(), (0.0, 1.0)), images)
    assert errors.sse == pytest.approx(256 / 1001)


def test_psnr_is_one_number_an_image() -> None:
    given = torch.zeros(2, 3, 4, 4)
    shown = given.clone()
    shown[1] = 0.1
    assert peak_signal_to_noise(shown, given).tolist() == pytest.approx([58.92, 20.0], abs=0.01)


def test_pca_errors_are_those_of_its_reconstructions() -> None:
    rng = np.random.default_rng(0)
    train, test = (rng.integers(0, 256, (n, 3, 4, 4), dtype=np.uint8) for n in (80, 20))
    errors = reconstruction_errors(fit_pca(train), test)
    assert errors.shape == (49,)
    flat_train, flat_test = (x.reshape(len(x), -1) / 255 for x in (train, test))
    for latent_dim in (1, 7, 47):
        pca = PCA(latent_dim, svd_solver="full").fit(flat_train)
        expected = np.square(pca.inverse_transform(pca.transform(flat_test)) - flat_test).sum(axis=1).mean()
        assert errors[latent_dim] == pytest.approx(expected, rel=1e-10)
    assert errors[0] == pytest.approx(np.square(flat_test - flat_train.mean(axis=0)).sum(axis=1).mean(), rel=1e-12)
    assert errors[48] == 0  # what is left there is rounding


def test_pca_table_has_a_row_for_every_dimension_in_the_value_range() -> None:
    rng = np.random.default_rng(0)
    train, val, test = (rng.integers(0, 256, (n, 3, 4, 4), dtype=np.uint8) for n in (20, 10, 10))
    unit = tabulate_errors(fit_pca(train), val, test, (0.0, 1.0))
    signed = tabulate_errors(fit_pca(train), val, test, (-1.0, 1.0))
    assert list(unit) == [f"pca_{d}" for d in range(49)]
    assert signed["pca_5"]["test_sse"] == pytest.approx(4 * (unit["pca_5"]["test_sse"] or 0), rel=1e-5)
    assert unit["pca_5"]["val_mse"] == pytest.approx((unit["pca_5"]["val_sse"] or 0) / 48, rel=1e-5)
    assert (
        unit["pca_18"]["test_sse"] != unit["pca_19"]["test_sse"] == unit["pca_48"]["test_sse"]
    )  # 20 images span no more


def test_dimensions_that_were_not_computed_are_null(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autoencoder.measures.pca.MAX_EXACT_INPUTS", 40)
    monkeypatch.setattr("autoencoder.measures.pca.MAX_LEADING_COMPONENTS", 6)
    images = np.random.default_rng(0).integers(0, 256, (20, 3, 4, 4), dtype=np.uint8)
    rows = tabulate_errors(fit_pca(images), images, images, (0.0, 1.0))
    assert len(rows) == 49
    assert rows["pca_6"]["test_sse"] is not None
    assert set(rows["pca_7"].values()) == set(rows["pca_48"].values()) == {None}
