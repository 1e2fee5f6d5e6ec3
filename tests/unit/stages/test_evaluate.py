"""Errors whose values are known beforehand."""

import math

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from torch import Tensor, nn

from autoencoder.measures.image_similarity import peak_signal_to_noise
from autoencoder.measures.pca import fit_pca, reconstruction_errors, tabulate_errors
from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.stages.evaluate.evaluation import measure_reconstruction

CPU = torch.device("cpu")


class Shift(nn.Module):
    """A decoder that adds a constant."""

    def __init__(self, by: float) -> None:
        super().__init__()
        self.by = by

    def forward(self, x: Tensor) -> Tensor:
        return x + self.by


def shifted(by: float) -> Autoencoder:
    return Autoencoder(nn.Identity(), Shift(by), latent_dim=1)


def pictures(count: int = 7, side: int = 24) -> Tensor:
    return torch.randint(0, 200, (count, 3, side, side), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


def test_a_perfect_reconstruction() -> None:
    errors = measure_reconstruction(shifted(0.0), pictures(), (-1.0, 1.0), CPU)
    assert errors.mse == 0
    assert errors.sse == 0
    assert errors.ssim == pytest.approx(1)
    assert errors.psnr_db == pytest.approx(10 * math.log10(12 * 255**2))


@pytest.mark.parametrize(("value_range", "shift"), [((-1.0, 1.0), 0.2), ((0.0, 1.0), 0.1)])
def test_a_constant_shift(value_range: tuple[float, float], shift: float) -> None:
    errors = measure_reconstruction(shifted(shift), pictures(), value_range, CPU)
    assert errors.mse == pytest.approx(shift**2, rel=1e-4)
    assert errors.sse == pytest.approx(shift**2 * 3 * 24 * 24, rel=1e-4)
    assert errors.psnr_db == pytest.approx(20, abs=1e-3)  # a tenth of the range, whatever the range
    assert 0.5 < errors.ssim < 1


def test_pictures_are_compared_as_shown_numbers_as_they_are() -> None:
    white = torch.full((3, 3, 24, 24), 255, dtype=torch.uint8)
    errors = measure_reconstruction(shifted(0.5), white, (0.0, 1.0), CPU)
    assert errors.mse == pytest.approx(0.25)
    assert errors.psnr_db > 50  # clipped to white, there is no difference to see


def test_every_image_counts_once_across_batches() -> None:
    images = torch.zeros(1001, 1, 16, 16, dtype=torch.uint8)
    images[1000] = 255

    class Black(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.zeros_like(x)

    errors = measure_reconstruction(Autoencoder(nn.Identity(), Black(), 1), images, (0.0, 1.0), CPU)
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
        assert errors[latent_dim] == pytest.approx(expected, rel=1e-3)
    assert errors[0] == pytest.approx(np.square(flat_test - flat_train.mean(axis=0)).sum(axis=1).mean(), rel=1e-4)
    assert errors[48] == pytest.approx(0, abs=1e-4)


def test_pca_table_has_a_row_for_every_dimension_in_the_value_range() -> None:
    rng = np.random.default_rng(0)
    train, val, test = (rng.integers(0, 256, (n, 3, 4, 4), dtype=np.uint8) for n in (20, 10, 10))
    unit = tabulate_errors(fit_pca(train), val, test, (0.0, 1.0))
    signed = tabulate_errors(fit_pca(train), val, test, (-1.0, 1.0))
    assert [row["latent_dim"] for row in unit] == list(range(49))
    assert signed[5]["test_sse"] == pytest.approx(4 * unit[5]["test_sse"], rel=1e-4)
    assert unit[5]["val_mse"] == pytest.approx(unit[5]["val_sse"] / 48, rel=1e-4)
    assert unit[30]["test_sse"] == unit[48]["test_sse"]  # 20 images span no more
