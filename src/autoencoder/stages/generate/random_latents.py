"""Pictures from random latents: drawn blindly, and from distributions fitted to the training images' latents.

Source: CIFAR-10 tutorial, "Generating new images": a decoder shown standard normal vectors fails, because nothing in
training made the latents look like them. The two fits ask how much of the failure is the distribution's.
"""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from autoencoder.inference.decoding import as_bytes, decode_images
from autoencoder.inference.trained_run import TrainedRun
from autoencoder.measures.rounding import significant
from autoencoder.measures.sampling import sample_rows
from autoencoder.measures.sliced_wasserstein import distance
from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import read_split
from autoencoder.ui.errors import UserError

NUM_IMAGES = 2000  # at most, in each set that is compared
SEED = 0
COMPONENTS = 10  # at most; fewer where each would have fewer than twice as many latents as these have numbers
# Expectation-maximisation takes seconds a pass at hundreds of dimensions: a part of the latents, and a few passes.
MAX_FITTED = 20_000
MAX_PASSES = 10
# Added to each variance, where 1 is the latents' own: covariances of few latents have an inverse too.
REGULARISATION = 1e-3

KINDS = ("standard_normal", "gaussian", "mixture", "reconstructions", "training_images")
DIGITS = 4  # of a distance: the rest depends on the processor
NUM_KEPT = 8  # pictures of each kind, for a figure


def generate(trained: TrainedRun) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """The first pictures of each kind, (NUM_KEPT, channels, height, width) uint8; and each kind's distance to test
    images, flat: mixture_swd...

    Test images serve twice, the one half as the reference, the other half for the reconstructions: a picture is never
    compared with its own. Raises UserError where the run's latents are missing or there are no two test images.
    """
    train, test = (read_split(trained.run.dataset, split).images for split in ("train", "test"))
    if len(test) < 2:
        raise UserError(f"{trained.run.dataset} has {len(test)} test image, two are needed; raise its test_fraction")
    count = max(1, min(NUM_IMAGES, len(train), len(test) // 2))
    rng = np.random.default_rng(SEED)
    reference, reconstructed = np.array_split(rng.permutation(len(test))[: 2 * count], 2)
    drawn = draw_latents(read_latents(trained.run.name, "train").latents, count)
    drawn["reconstructions"] = read_latents(trained.run.name, "test").latents[reconstructed]
    sets = {name: decode_images(trained, latents) for name, latents in drawn.items()}
    sets["training_images"] = as_shown(train[rng.permutation(len(train))[:count]])
    distances = {name: significant(distance(as_shown(test[reference]), sets[name]), DIGITS) for name in KINDS}
    pictures = {name: as_bytes(sets[name][:NUM_KEPT]) for name in KINDS}
    fitted = {
        "mixture_components": count_components(min(MAX_FITTED, len(train)), trained.run.latent_dim),
        "mixture_passes": MAX_PASSES,
        "mixture_fitted": min(MAX_FITTED, len(train)),
    }
    return pictures, {"num_images": count, **{f"{name}_swd": distances[name] for name in reversed(KINDS)}, **fitted}


def draw_latents(train: np.ndarray, count: int) -> dict[str, np.ndarray]:
    """`count` random latents of each kind, (count, latent_dim) float32: standard normal, and from the two fits.

    train: the training images' latents, (n, latent_dim). The Gaussian has their mean and full covariance; the mixture
    has up to ten such, fitted to at most 20,000 of them (a random part).
    """
    latent_dim = train.shape[1]
    part = train[sample_rows(len(train), MAX_FITTED)]
    blind = np.random.default_rng(SEED).standard_normal((count, latent_dim)).astype(np.float32)
    return {
        "standard_normal": blind,
        "gaussian": fit_and_sample(train, 1, count),
        "mixture": fit_and_sample(part, count_components(len(part), latent_dim), count),
    }


def count_components(num_fitted: int, latent_dim: int) -> int:
    """How many Gaussians a mixture has that is fitted to so many latents."""
    return int(np.clip(num_fitted // (2 * latent_dim), 1, COMPONENTS))


def fit_and_sample(latents: np.ndarray, components: int, count: int) -> np.ndarray:
    """`count` draws, in random order, from a mixture of `components` Gaussians with full covariances, fitted by EM.

    latents: (n, latent_dim), n at least `components` -> (count, latent_dim) float32. Latents are scaled to a deviation
    of 1 first, so that the regularisation and k-means, where EM begins, treat each number alike.
    """
    mean, deviation = latents.mean(axis=0, dtype=np.float64), latents.std(axis=0, dtype=np.float64)
    deviation[deviation == 0] = 1.0  # a number that never changes
    if len(latents) == 1:  # no distribution: all draws are alike
        return np.repeat(latents, count, axis=0)
    mixture = GaussianMixture(components, max_iter=MAX_PASSES, reg_covar=REGULARISATION, random_state=SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the passes are limited on purpose
        mixture.fit((latents - mean) / deviation)
    rng = np.random.default_rng(SEED)
    weights = mixture.weights_
    chosen = rng.choice(components, size=count, p=weights / weights.sum())
    drawn = rng.standard_normal((count, latents.shape[1]))
    for component in range(components):
        spread = np.linalg.cholesky(mixture.covariances_[component])
        drawn[chosen == component] = drawn[chosen == component] @ spread.T + mixture.means_[component]
    scaled: np.ndarray = (drawn * deviation + mean).astype(np.float32)
    return scaled


def as_shown(images: np.ndarray) -> np.ndarray:
    """Bytes 0..255 -> float32 in [0, 1], any shape."""
    shown: np.ndarray = images.astype(np.float32) / 255
    return shown
