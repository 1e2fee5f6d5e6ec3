"""The sliced Wasserstein distance, step by step against SciPy and NumPy in double."""

import numpy as np
import pytest
from scipy.ndimage import correlate, zoom
from scipy.stats import wasserstein_distance

from autoencoder.measures.sliced_wasserstein import distance, laplacian_pyramid, sliced_distance

BINOMIAL = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]) / 256


def pictures(count: int, height: int, width: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    coarse = rng.random((count, 3, height // 4, width // 4))
    fine = 0.2 * rng.random((count, 3, height, width))
    return np.asarray(0.8 * zoom(coarse, (1, 1, 4, 4), order=0) + fine, dtype=np.float32)


def blurred(images: np.ndarray) -> np.ndarray:
    """Borders are mirrored without repeating the outermost pixel."""
    smooth: np.ndarray = correlate(images, BINOMIAL[None, None], mode="mirror")
    return smooth


def pyramid(images: np.ndarray) -> list[np.ndarray]:
    levels, left = [], images.astype(np.float64)
    while left.shape[2] % 2 == 0 and left.shape[3] % 2 == 0 and min(left.shape[2:]) >= 24:
        smaller = blurred(left)[:, :, ::2, ::2]
        spread = np.zeros_like(left)
        spread[:, :, ::2, ::2] = smaller
        levels.append(left - 4 * blurred(spread))
        left = smaller
    return [*levels, left]


@pytest.mark.parametrize(("height", "width"), [(32, 32), (48, 24), (24, 24), (28, 52), (20, 40)])
def test_the_pyramid_is_burt_and_adelsons(height: int, width: int) -> None:
    images = pictures(3, height, width, seed=1)
    levels, expected = laplacian_pyramid(images), pyramid(images)
    assert len(levels) == len(expected)
    for level, of_reference in zip(levels, expected, strict=True):
        assert np.allclose(level.numpy(), of_reference, atol=1e-5)


def test_along_each_direction_it_is_scipys_distance() -> None:
    rng = np.random.default_rng(0)
    ours, theirs = rng.normal(0, 1, (300, 6)), rng.exponential(1.5, (300, 6))
    directions = rng.standard_normal((70, 6))
    expected = [wasserstein_distance(ours @ line, theirs @ line) for line in directions]
    assert sliced_distance(ours, theirs, directions) == pytest.approx(np.mean(expected), rel=1e-9)


def points(level: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """64 patches of 7 x 7 pixels of each image, of channels with mean 0 and deviation 1 over the set."""
    mean, deviation = (measure(level, axis=(0, 2, 3), keepdims=True) for measure in (np.mean, np.std))
    scaled = (level - mean) / deviation
    rows = rng.integers(0, level.shape[2] - 6, (len(level), 64))
    columns = rng.integers(0, level.shape[3] - 6, (len(level), 64))
    return np.array(
        [
            scaled[
                image, :, rows[image, patch] : rows[image, patch] + 7, columns[image, patch] : columns[image, patch] + 7
            ]
            for image in range(len(level))
            for patch in range(64)
        ]
    ).reshape(len(level) * 64, -1)


@pytest.mark.parametrize("seed", [0, 3])
def test_the_whole_is_the_mean_over_levels_of_the_mean_over_directions(seed: int) -> None:
    ours, theirs = pictures(4, 32, 24, seed=1), pictures(4, 32, 24, seed=2) ** 2
    rng = np.random.default_rng(seed)
    each = []
    for one, other in zip(pyramid(ours), pyramid(theirs), strict=True):
        there = [points(one, rng), points(other, rng)]
        directions = rng.standard_normal((512, 3 * 49))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        each.append(np.mean([wasserstein_distance(*(cloud @ line for cloud in there)) for line in directions]))
    assert distance(ours, theirs, seed) == pytest.approx(1000 * np.mean(each), rel=1e-4)


def test_without_a_seed_it_is_the_first() -> None:
    ours, theirs = pictures(4, 12, 12, seed=1), pictures(4, 12, 12, seed=2)
    assert distance(ours, theirs) == distance(ours, theirs, 0) != distance(ours, theirs, 1)


def test_content_is_told_from_what_is_left_of_rounding() -> None:
    """A channel that varies by a thousandth is scaled up like any other; one that varies by less than 1e-6 is not."""
    ours, theirs = pictures(6, 12, 12, seed=1), pictures(6, 12, 12, seed=2) ** 2
    plain = distance(ours, theirs)
    assert distance(ours * np.float32(1e-3), theirs) == pytest.approx(plain, rel=1e-3)
    assert distance(ours * np.float32(1e-9), theirs) > 1.5 * plain


def test_sets_of_other_numbers_are_no_question() -> None:
    with pytest.raises(AssertionError):
        distance(pictures(4, 12, 12, seed=1), pictures(5, 12, 12, seed=2))
