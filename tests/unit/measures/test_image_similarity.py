"""PSNR and SSIM against scikit-image."""

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio
from skimage.metrics import structural_similarity as reference_similarity

from autoencoder.measures.image_similarity import compare_pictures, peak_signal_to_noise, structural_similarity

RNG = np.random.default_rng(0)


def pictures(shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Smooth pictures with flat parts, and the same with noise and another contrast."""
    given = np.kron(RNG.random((*shape[:2], shape[2] // 8, shape[3] // 8)), np.ones((8, 8)))
    shown = (0.8 * given + 0.05 * RNG.standard_normal(shape)).clip(0, 1)
    return shown.astype(np.float32), given.astype(np.float32)


@pytest.mark.parametrize("shape", [(6, 3, 32, 32), (4, 3, 24, 24), (2, 1, 16, 40)])
def test_it_is_that_of_wang_et_al(shape: tuple[int, ...]) -> None:
    shown, given = pictures(shape)
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 1.0}
    expected = [
        reference_similarity(one.astype(np.float64), other.astype(np.float64), channel_axis=0, **options)
        for one, other in zip(shown, given, strict=True)
    ]
    assert structural_similarity(torch.from_numpy(shown), torch.from_numpy(given)).tolist() == pytest.approx(
        expected, abs=1e-5
    )
    assert not np.allclose(expected, 1, atol=0.1)
    psnr = [peak_signal_noise_ratio(other, one, data_range=1.0) for one, other in zip(shown, given, strict=True)]
    assert peak_signal_to_noise(torch.from_numpy(shown), torch.from_numpy(given)).tolist() == pytest.approx(
        psnr, abs=1e-3
    )


def test_equal_pictures_and_flat_ones() -> None:
    shown = torch.rand(2, 3, 16, 16)
    assert structural_similarity(shown, shown).tolist() == pytest.approx([1, 1], abs=1e-5)
    flat = torch.full((1, 3, 16, 16), 0.25)
    assert structural_similarity(flat, flat * 2).item() == pytest.approx((2 * 0.125 + 1e-4) / (0.3125 + 1e-4), abs=1e-5)


def test_of_a_small_picture_the_window_is_smaller() -> None:
    shown = torch.rand(1, 3, 8, 9)
    assert structural_similarity(shown, shown).item() == pytest.approx(1, abs=1e-5)
    assert structural_similarity(shown, torch.rand(1, 3, 8, 9)).item() < 0.9


def test_bytes_are_compared_as_pictures() -> None:
    given = RNG.integers(0, 256, (3, 3, 16, 16), dtype=np.uint8)
    psnr_db, ssim = compare_pictures(255 - given, given)
    assert psnr_db < 10
    assert ssim < 0
    assert compare_pictures(given, given)[1] == pytest.approx(1)
