"""The distance between sets of pictures: against its definition, and against what it is there to see."""

import numpy as np
import pytest

from autoencoder.measures.sliced_wasserstein import _normalised, _patches, distance, laplacian_pyramid, sliced_distance


def noise(number: int, side: int = 32, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((number, 3, side, side), dtype=np.float32)


def blocks(number: int, seed: int = 0) -> np.ndarray:
    """Pictures of 8 x 8 pixels a colour: edges and flat parts, as real ones have."""
    return noise(number, 4, seed).repeat(8, axis=2).repeat(8, axis=3)


def smoothed(images: np.ndarray) -> np.ndarray:
    parts = [np.roll(images, shift, axis) for shift in (-1, 0, 1) for axis in (2, 3)]
    mean: np.ndarray = np.stack(parts).mean(axis=0, dtype=np.float32)
    return mean


def test_along_one_direction_each_point_goes_to_the_one_of_its_rank() -> None:
    ours, theirs = np.array([[0.0], [3.0], [1.0]]), np.array([[5.0], [1.0], [6.0]])
    assert sliced_distance(ours, theirs, np.array([[1.0]])) == pytest.approx((1 + 4 + 3) / 3)


def test_directions_count_alike_however_many_are_taken_at_once() -> None:
    rng = np.random.default_rng(0)
    ours, theirs, directions = rng.standard_normal((50, 4)), rng.standard_normal((50, 4)), rng.standard_normal((130, 4))
    each = [sliced_distance(ours, theirs, direction[None]) for direction in directions]
    assert sliced_distance(ours, theirs, directions) == pytest.approx(np.mean(each))


def test_a_shift_is_as_far_as_it_is_seen_along_each_direction() -> None:
    points = np.random.default_rng(0).standard_normal((40, 3))
    directions = np.array([[1, 0, 0], [0, 0.6, 0.8]])
    assert sliced_distance(points, points + np.array([2, 0, 1]), directions) == pytest.approx((2 + 0.8) / 2)


@pytest.mark.parametrize(
    ("side", "sides"), [(8, [8]), (24, [24, 12]), (32, [32, 16]), (64, [64, 32, 16]), (40, [40, 20])]
)
def test_the_pyramid_stops_before_the_sides_get_too_small(side: int, sides: list[int]) -> None:
    assert [level.shape for level in laplacian_pyramid(noise(2, side))] == [(2, 3, s, s) for s in sides]


def test_the_pyramid_keeps_flat_pictures_in_its_last_level_alone() -> None:
    fine, coarse = laplacian_pyramid(np.full((1, 3, 32, 32), 0.7, dtype=np.float32))
    assert fine.abs().max() < 1e-5
    assert (coarse - 0.7).abs().max() < 1e-5


def test_patches_are_pieces_of_the_images() -> None:
    images = np.arange(2 * 3 * 16 * 16, dtype=np.float32).reshape(2, 3, 16, 16)
    points = _patches(images, np.random.default_rng(0))
    assert points.shape == (2 * 64, 3 * 7 * 7)
    for number in (0, 64, 127):
        patch = points[number].reshape(3, 7, 7)
        row, column = divmod(int(patch[0, 0, 0]) % 256, 16)
        assert np.array_equal(patch, images[number // 64, :, row : row + 7, column : column + 7])


def test_channels_are_normalised_over_the_whole_set() -> None:
    images = noise(5) * np.array([1, 2, 0], dtype=np.float32)[:, None, None] + 3
    normalised = _normalised(images)
    assert normalised.mean(axis=(0, 2, 3)) == pytest.approx([0, 0, 0], abs=1e-5)
    assert normalised.std(axis=(0, 2, 3)) == pytest.approx([1, 1, 0], abs=1e-5)


def test_pictures_of_one_kind_are_nearer_than_blurred_ones_and_those_nearer_than_noise() -> None:
    alike, blurred, other = blocks(300, seed=1), smoothed(blocks(300, seed=1)), noise(300)
    distances = [distance(blocks(300), pictures) for pictures in (alike, blurred, other)]
    assert distances[0] < 0.8 * distances[1]
    assert distances[1] < 0.5 * distances[2]


def test_it_follows_from_pictures_and_seed_alone() -> None:
    assert distance(noise(8), noise(8, seed=1)) == distance(noise(8), noise(8, seed=1))
    assert distance(noise(8), noise(8, seed=1)) != distance(noise(8), noise(8, seed=1), seed=1)


def test_more_pictures_of_one_kind_come_nearer() -> None:
    assert distance(noise(64), noise(64, seed=1)) < distance(noise(4), noise(4, seed=1))


def test_a_single_flat_picture_is_no_error() -> None:
    flat = np.zeros((1, 3, 8, 8), dtype=np.float32)
    assert distance(flat, flat) == 0
    assert np.isfinite(distance(flat, noise(1, 8)))
