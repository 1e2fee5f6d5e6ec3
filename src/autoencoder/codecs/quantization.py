"""Latents as whole numbers: a uniform grid with one step for all dimensions, and how often each level occurs.

One step, because a squared error then costs the same in every dimension: exactly so for PCA, whose components are
orthonormal, and nearly so for the autoencoder. Tried against one range a dimension, and against steps by the decoder's
sensitivity: the first is worse for both codes at every rate, the second hardly better.
"""

from dataclasses import dataclass

import numpy as np

MARGIN = 1 / 8  # levels beyond the training latents on either side, as a part of the widest dimension's range
KERNEL = 1 / 16  # reach of the smoothing on either side, in the same unit
FLOOR = 0.02  # of the smoothed histogram, spread evenly: no level is impossible
PRECISION = 1 << 20  # frequencies are whole numbers that sum to about this


@dataclass(frozen=True)
class Grid:
    """What `fit_grid` found; d dimensions, L levels each, the same number for all.

    mean: (d,) float32. step: > 0. lowest: (d,) int32, which multiple of `step` above the mean the first level stands
    for. frequencies: (d, L) float64 whole numbers >= 1, how often each level is expected. centres: (d, L) float32, the
    latent that each level is restored to.
    """

    mean: np.ndarray
    step: float
    lowest: np.ndarray
    frequencies: np.ndarray
    centres: np.ndarray

    def quantize(self, latents: np.ndarray) -> np.ndarray:
        """Latents (n, d) -> levels (n, d) int32 in 0..L-1; what lies beyond the grid goes to its edge."""
        multiples = _multiples(latents, self.mean, self.step)
        levels: np.ndarray = (multiples - self.lowest).clip(0, self.centres.shape[1] - 1).astype(np.int32)
        return levels

    def restore(self, levels: np.ndarray) -> np.ndarray:
        """Levels (n, d) -> latents (n, d) float32, each within half a step of what was quantized (the edge apart)."""
        latents: np.ndarray = self.centres[np.arange(self.centres.shape[0]), levels]
        return latents


def fit_grid(latents: np.ndarray, bits: int) -> Grid:
    """A grid over training latents (n, d): 2^bits levels over the widest dimension's range, as many as fit in others.

    A level is restored to the mean of the training latents in it (to its middle where there are none): zeros of a ReLU
    come back almost exactly.
    """
    mean = latents.mean(axis=0, dtype=np.float64).astype(np.float32)
    step = float(np.ptp(latents, axis=0).max()) / 2**bits or 1.0
    multiples = _multiples(latents, mean, step)
    margin = round(2**bits * MARGIN)
    lowest = multiples.min(axis=0) - margin
    levels = multiples - lowest
    num_levels = int(levels.max()) + margin + 1
    counts, sums = np.zeros((2, latents.shape[1], num_levels))
    for dimension, of_dimension in enumerate(levels.T):
        counts[dimension] = np.bincount(of_dimension, minlength=num_levels)
        sums[dimension] = np.bincount(of_dimension, latents[:, dimension], num_levels)
    middles = mean[:, None] + (lowest[:, None] + np.arange(num_levels)) * step
    centres = np.where(counts > 0, sums / counts.clip(min=1), middles).astype(np.float32)
    return Grid(mean, step, lowest.astype(np.int32), smooth(counts, round(2**bits * KERNEL)), centres)


def smooth(counts: np.ndarray, reach: int) -> np.ndarray:
    """Histograms (d, L) -> frequencies (d, L), whole numbers >= 1.

    To what was counted comes one made-up observation a level, spread as the histogram smoothed by a triangle of `reach`
    levels on either side. That bridges the gaps few images leave and does nothing to the histogram of many, whose
    peaks (a ReLU's zeros) stay.
    """
    num_levels = counts.shape[1]
    triangle = 1 - np.abs(np.arange(-reach, reach + 1)) / (reach + 1)
    smoothed = np.stack([np.convolve(row, triangle)[reach : reach + num_levels] for row in counts])
    smoothed /= smoothed.sum(axis=1, keepdims=True)
    expected = counts + num_levels * ((1 - FLOOR) * smoothed + FLOOR / num_levels)
    expected /= expected.sum(axis=1, keepdims=True)
    frequencies: np.ndarray = np.rint(expected * PRECISION).clip(min=1)
    return frequencies


def _multiples(latents: np.ndarray, mean: np.ndarray, step: float) -> np.ndarray:
    """The nearest multiple of `step` above the mean, (n, d) int64."""
    multiples: np.ndarray = np.rint((latents.astype(np.float64) - mean) / step).astype(np.int64)
    return multiples
