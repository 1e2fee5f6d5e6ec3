"""How far one set of pictures lies from another: the sliced Wasserstein distance between patches of their pyramids.

Source: Karras et al. 2018, "Progressive Growing of GANs", section 5 and its code (metrics/sliced_wasserstein.py); the
pyramid: Burt and Adelson 1983. Chosen because it needs no network trained on other pictures (as FID does), compares
whole sets, and sees texture and blur in the fine levels, layout in the coarse ones. As there, each set is scaled by its
own channels at each level: it is the kind of structure that is compared, not the brightness or the contrast.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

PATCH = 7  # pixels a side
PATCHES_AN_IMAGE = 64
DIRECTIONS = 512
AT_ONCE = 64  # directions: a bound on memory
COARSEST = 12  # a level with a smaller side is not made
SCALE = 1000  # as the paper prints it


def distance(reference: np.ndarray, others: np.ndarray, seed: int = 0) -> float:
    """The distance between two sets of pictures, the mean over the levels of their pyramids, times 1,000.

    Both (n, channels, height, width) float32 in [0, 1], with the same n. 0 at the least; two draws from one source are
    not quite 0 apart, the less the more pictures. Which patches and directions are taken follows from `seed` alone.
    """
    assert reference.shape == others.shape
    rng = np.random.default_rng(seed)
    levels = zip(laplacian_pyramid(reference), laplacian_pyramid(others), strict=True)
    each = [_level_distance(ours.numpy(), theirs.numpy(), rng) for ours, theirs in levels]
    return float(np.mean(each)) * SCALE


def laplacian_pyramid(images: np.ndarray) -> list[Tensor]:
    """What each halving of the side takes away, finest first, and last what is left.

    images: (n, channels, height, width) float32. Level k is (n, channels, height / 2^k, width / 2^k); sides are halved
    while they are even and at least 24.
    """
    levels, left = [], torch.from_numpy(images)
    while all(side % 2 == 0 and side // 2 >= COARSEST for side in left.shape[2:]):
        smaller = _blur(left)[..., ::2, ::2]
        levels.append(left - _enlarge(smaller))
        left = smaller
    return [*levels, left]


def sliced_distance(ours: np.ndarray, theirs: np.ndarray, directions: np.ndarray) -> float:
    """The mean over directions of the Wasserstein-1 distance between two sets of points seen along them.

    ours, theirs: (n, d), the same n. directions: (number, d) of length 1. On a line the cheapest way to move one set
    onto the other keeps the order, hence the sorting.
    """
    total = 0.0
    for some in np.array_split(directions, -(-len(directions) // AT_ONCE)):
        seen = [np.sort(some @ points.T, axis=1) for points in (ours, theirs)]
        total += float(np.abs(seen[0] - seen[1]).mean(axis=1, dtype=np.float64).sum())
    return total / len(directions)


def _level_distance(ours: np.ndarray, theirs: np.ndarray, rng: np.random.Generator) -> float:
    ours, theirs = (_patches(_normalised(level), rng) for level in (ours, theirs))
    directions = rng.standard_normal((DIRECTIONS, ours.shape[1])).astype(np.float32)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return sliced_distance(ours, theirs, directions)


def _normalised(images: np.ndarray) -> np.ndarray:
    """Each channel with mean 0 and deviation 1 over the whole set; a channel without content is 0."""
    mean = images.mean(axis=(0, 2, 3), keepdims=True, dtype=np.float64)
    deviation = images.std(axis=(0, 2, 3), keepdims=True, dtype=np.float64)
    deviation[deviation < 1e-6] = 1.0  # what is left of rounding is no content
    normalised: np.ndarray = ((images - mean) / deviation).astype(np.float32)
    return normalised


def _patches(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Square patches at random places of each image, as points (n PATCHES_AN_IMAGE, numbers in a patch)."""
    height, width = (min(PATCH, side) for side in images.shape[2:])
    windows = np.lib.stride_tricks.sliding_window_view(images, (height, width), axis=(2, 3))
    shape = (len(images), PATCHES_AN_IMAGE)
    rows, columns = (rng.integers(0, places, shape) for places in windows.shape[2:4])
    chosen = windows[np.arange(len(images))[:, None], :, rows, columns]  # (n, patches, channels, height, width)
    return chosen.reshape(len(images) * PATCHES_AN_IMAGE, -1)


def _blur(images: Tensor, gain: float = 1.0) -> Tensor:
    line = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
    kernel = (torch.outer(line, line) * gain)[None, None]
    padded = F.pad(images.flatten(0, 1)[:, None], (2, 2, 2, 2), mode="reflect")
    return F.conv2d(padded, kernel).view(images.shape)


def _enlarge(images: Tensor) -> Tensor:
    spread = images.new_zeros(*images.shape[:2], images.shape[2] * 2, images.shape[3] * 2)
    spread[..., ::2, ::2] = images
    return _blur(spread, gain=4.0)
