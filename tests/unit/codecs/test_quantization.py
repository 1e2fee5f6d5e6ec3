"""The grid and its frequencies against plain loops in double, and the bounds on its error."""

import numpy as np
import pytest

from autoencoder.codecs.quantization import fit_grid, smooth

RNG = np.random.default_rng(1)
LATENTS = (RNG.normal(0, 1, (400, 5)) * [3, 1, 0.2, 5, 0.001] + [0, 7, -2, 1, 3]).astype(np.float32)
LATENTS[:, 1] = np.maximum(LATENTS[:, 1] - 7, 0)  # a ReLU's


def smoothed(histogram: np.ndarray, reach: int) -> np.ndarray:
    """A triangle of weights around each level; what would fall outside is lost, then all is scaled to 1."""
    spread = np.zeros(len(histogram))
    for level, number in enumerate(histogram):
        for offset in range(-reach, reach + 1):
            if 0 <= level + offset < len(histogram):
                spread[level + offset] += number * (reach + 1 - abs(offset))
    whole: np.ndarray = spread / spread.sum()
    return whole


@pytest.mark.parametrize("reach", [0, 1, 3, 6])
def test_frequencies_are_the_counts_and_one_made_up_observation_a_level(reach: int) -> None:
    counts = np.array([[0, 3, 0, 50, 0, 0, 0, 1, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 0, 900]], dtype=np.float64)
    expected = []
    for histogram in counts:
        made_up = 10 * (0.98 * smoothed(histogram, reach) + 0.02 / 10)
        share = (histogram + made_up) / (histogram + made_up).sum()
        expected.append(np.maximum(1, np.rint(share * 2**20)))
    assert np.array_equal(smooth(counts, reach), expected)


def test_no_level_is_impossible_and_each_is_a_whole_number() -> None:
    frequencies = smooth(np.array([[2e6] + [0.0] * 700]), 2)
    assert frequencies.min() == 1
    assert np.array_equal(frequencies, np.rint(frequencies))
    assert frequencies.sum() == pytest.approx(2**20, rel=1e-3)


@pytest.mark.parametrize("bits", [3, 4, 6, 9])
def test_the_grid_is_as_it_says(bits: int) -> None:
    grid = fit_grid(LATENTS, bits)
    doubles = LATENTS.astype(np.float64)
    assert grid.step == pytest.approx((doubles.max(axis=0) - doubles.min(axis=0)).max() / 2**bits, rel=1e-6)
    assert grid.mean == pytest.approx(doubles.mean(axis=0), abs=1e-6)
    multiples = np.rint((doubles - grid.mean) / grid.step).astype(int)
    margin = round(2**bits / 8)
    assert grid.lowest.tolist() == (multiples.min(axis=0) - margin).tolist()
    num_levels = int((multiples - multiples.min(axis=0)).max()) + 2 * margin + 1
    assert grid.frequencies.shape == grid.centres.shape == (5, num_levels)
    counts = np.zeros((5, num_levels))
    for dimension in range(5):
        for level in range(num_levels):
            inside = doubles[multiples[:, dimension] == grid.lowest[dimension] + level, dimension]
            counts[dimension, level] = len(inside)
            middle = float(grid.mean[dimension]) + (int(grid.lowest[dimension]) + level) * grid.step
            centre = inside.mean() if len(inside) else middle
            assert grid.centres[dimension, level] == pytest.approx(centre, abs=1e-5)
    assert np.array_equal(grid.frequencies, smooth(counts, round(2**bits / 16)))
    assert [array.dtype.str for array in (grid.mean, grid.lowest, grid.centres)] == ["<f4", "<i4", "<f4"]


@pytest.mark.parametrize("bits", [3, 5, 8])
def test_errors_are_at_most_a_step_and_in_the_middle_of_the_data_half_of_one(bits: int) -> None:
    grid = fit_grid(LATENTS, bits)
    levels = grid.quantize(LATENTS)
    assert levels.dtype == np.int32
    restored = grid.restore(levels)
    assert np.abs(restored - LATENTS).max() <= grid.step * 1.0001
    middles = grid.mean + (grid.lowest + levels) * grid.step
    assert np.abs(middles - LATENTS).max() <= grid.step * 0.5001
    # What a level is restored to is the mean of what was in it: no other value has a smaller squared error.
    assert np.square(restored - LATENTS).sum() <= np.square(middles - LATENTS).sum()


def test_other_latents_are_quantized_by_the_same_grid_and_beyond_it_go_to_the_edge() -> None:
    grid = fit_grid(LATENTS, 4)
    last = grid.centres.shape[1] - 1
    inside = (grid.mean + (grid.lowest + 3.4) * grid.step).astype(np.float32)
    assert grid.quantize(inside[None]).tolist() == [[3] * 5]
    assert grid.quantize(np.stack([LATENTS[0] - 1e5, LATENTS[0] + 1e5])).tolist() == [[0] * 5, [last] * 5]
    levels = np.array([[0, 1, 2, 3, 4]])
    assert grid.restore(levels).tolist() == [[grid.centres[d, d] for d in range(5)]]


def test_a_constant_has_a_step_of_one() -> None:
    grid = fit_grid(np.full((6, 2), 3.5, dtype=np.float32), 3)
    assert grid.step == 1.0
    assert grid.restore(grid.quantize(np.full((1, 2), 3.5, dtype=np.float32))).tolist() == [[3.5, 3.5]]


def test_the_mean_is_taken_in_double() -> None:
    latents = np.full((100_000, 1), 16_777.217, dtype=np.float32)
    latents[0] += 1
    assert fit_grid(latents, 3).mean[0] == np.float32(latents.astype(np.float64).mean())
