"""PSNR and SSIM against scikit-image and against their definitions, window by window, in double."""

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio
from skimage.metrics import structural_similarity as of_skimage

from autoencoder.measures import image_similarity
from autoencoder.measures.image_similarity import compare_pictures, peak_signal_to_noise, structural_similarity
from tests.closure import SRC


def photographs(count: int, side: int = 32) -> tuple[np.ndarray, np.ndarray]:
    """Pictures with edges, flat parts and noise, and what a poor code might make of them: both uint8."""
    rng = np.random.default_rng(5)
    given = np.kron(rng.integers(0, 256, (count, 3, side // 4, side // 4)), np.ones((4, 4)))
    given = (given + rng.normal(0, 12, given.shape)).clip(0, 255)
    shown = (given + np.roll(given, 1, axis=3)) / 2 * np.linspace(0.6, 1.1, count)[:, None, None, None]
    return shown.clip(0, 255).astype(np.uint8), given.astype(np.uint8)


def ssim_by_definition(one: np.ndarray, other: np.ndarray, window: tuple[int, int]) -> float:
    """Of one channel (height, width) in [0, 1]: a loop over all windows that lie within the picture."""
    lines = [np.exp(-((np.arange(size) - (size - 1) / 2) ** 2) / (2 * 1.5**2)) for size in window]
    weights = np.outer(*lines) / np.outer(*lines).sum()
    values = []
    for top in range(one.shape[0] - window[0] + 1):
        for left in range(one.shape[1] - window[1] + 1):
            x, y = (part[top : top + window[0], left : left + window[1]] for part in (one, other))
            mean_x, mean_y = (weights * x).sum(), (weights * y).sum()
            var_x, var_y = (weights * (x - mean_x) ** 2).sum(), (weights * (y - mean_y) ** 2).sum()
            covariance = (weights * (x - mean_x) * (y - mean_y)).sum()
            luminance = (2 * mean_x * mean_y + 0.0001) / (mean_x**2 + mean_y**2 + 0.0001)
            values.append(luminance * (2 * covariance + 0.0009) / (var_x + var_y + 0.0009))
    return float(np.mean(values))


@pytest.mark.parametrize(
    ("height", "width", "window"),
    [
        (13, 12, (11, 11)),
        (11, 11, (11, 11)),
        (10, 16, (9, 11)),
        (9, 8, (9, 7)),
        (12, 5, (11, 5)),
        (4, 6, (3, 5)),
        (1, 2, (1, 1)),
    ],
)
def test_every_window_by_its_definition_in_double(height: int, width: int, window: tuple[int, int]) -> None:
    rng = np.random.default_rng(3)
    one = rng.random((2, 3, height, width))
    other = (0.5 * one + 0.5 * rng.random(one.shape)).clip(0, 1)
    expected = [
        np.mean([ssim_by_definition(a, b, window) for a, b in zip(*image, strict=True)])
        for image in zip(one, other, strict=True)
    ]
    measured = structural_similarity(torch.from_numpy(one), torch.from_numpy(other))
    assert measured.tolist() == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("batch", "values"), [(500, 1 << 21), (2, 1 << 21), (1, 1 << 21), (500, 1)])
def test_means_over_pictures_are_those_of_scikit_image(
    batch: int, values: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_similarity, "BATCH", batch)
    monkeypatch.setattr(image_similarity, "MAX_VALUES", values)
    shown, given = photographs(5)
    expected = [
        of_skimage(
            one.astype(np.float64),
            other.astype(np.float64),
            channel_axis=0,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
            data_range=255,
        )
        for one, other in zip(shown, given, strict=True)
    ]
    decibels = [peak_signal_noise_ratio(b, a, data_range=255) for a, b in zip(shown, given, strict=True)]
    psnr_db, ssim = compare_pictures(shown, given)
    assert ssim == pytest.approx(np.mean(expected), abs=1e-12)
    assert psnr_db == pytest.approx(np.mean(decibels), abs=1e-10)
    assert np.ptp(expected) > 0.05  # pictures differ: a mean of other pictures would be another number


def test_psnr_of_each_picture_in_double() -> None:
    shown, given = photographs(6)
    squared = ((shown.astype(np.float64) - given) / 255) ** 2
    expected = -10 * np.log10(squared.mean(axis=(1, 2, 3)))
    one, other = (torch.from_numpy(pictures / 255) for pictures in (shown, given))
    assert peak_signal_to_noise(one, other).tolist() == pytest.approx(expected, abs=1e-10)
    assert peak_signal_to_noise(other, other).tolist() == pytest.approx([10 * np.log10(12 * 255**2)] * 6, abs=1e-10)


def test_which_is_shown_and_which_given_does_not_matter() -> None:
    shown, given = photographs(4)
    assert compare_pictures(shown, given) == pytest.approx(compare_pictures(given, shown), abs=1e-12)


def test_the_page_says_what_equal_pictures_count_as() -> None:
    same = torch.zeros(1, 3, 4, 4, dtype=torch.float64)
    said = f"count as if they had been rounded once more, {peak_signal_to_noise(same, same).item():.1f} dB"
    assert said in (SRC / "autoencoder/stages/report/templates/terms.yaml").read_text()
