"""What is drawn from fits, and which pictures are compared: against NumPy and scikit-learn used directly."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from autoencoder.inference.decoding import as_bytes, decode_images
from autoencoder.inference.embeddings import create_embeddings
from autoencoder.inference.trained_run import load_trained
from autoencoder.measures import sliced_wasserstein
from autoencoder.stages.generate import random_latents
from autoencoder.stages.generate.random_latents import as_shown, draw_latents, fit_and_sample, generate
from autoencoder.storage.prepared import read_split
from tests.conftest import embed_photos

SETTINGS = {"mixture_components": 6, "mixture_passes": 10, "mixture_fitted": 96}  # 96 latents // (2 x 8)
RNG = np.random.default_rng(9)
LATENTS = (RNG.standard_normal((900, 4)) @ RNG.normal(size=(4, 4)) * [1, 10, 0.1, 3] + [0, 5, -1, 20]).astype(
    np.float32
)
LATENTS[:300] += np.array([6, -40, 0.5, 0], dtype=np.float32)


def test_one_gaussian_is_the_mean_and_the_covariance_applied_to_seeded_noise() -> None:
    """In numbers scaled to a deviation of 1, a thousandth is added to each variance."""
    doubles = LATENTS.astype(np.float64)
    mean, deviation = doubles.mean(axis=0), doubles.std(axis=0)
    covariance = np.cov(((doubles - mean) / deviation).T, bias=True) + 1e-3 * np.eye(4)
    rng = np.random.default_rng(0)
    rng.random(50)  # which component: with one there is no choice, but the generator has moved on
    noise = rng.standard_normal((50, 4))
    expected = noise @ np.linalg.cholesky(covariance).T * deviation + mean
    drawn = fit_and_sample(LATENTS, 1, 50)
    assert drawn == pytest.approx(expected, rel=1e-5, abs=1e-5)
    assert drawn.dtype == np.float32


def test_a_mixture_is_scikit_learns_with_the_settings_that_are_told() -> None:
    doubles = LATENTS.astype(np.float64)
    mean, deviation = doubles.mean(axis=0), doubles.std(axis=0)
    scaled = (doubles - mean) / deviation
    mixture = GaussianMixture(3, max_iter=10, reg_covar=1e-3, random_state=0).fit(scaled)
    rng = np.random.default_rng(0)
    weights = mixture.weights_
    chosen = rng.choice(3, size=40, p=weights / weights.sum())
    noise = rng.standard_normal((40, 4))
    expected = [
        mixture.means_[component] + np.linalg.cholesky(mixture.covariances_[component]) @ line
        for component, line in zip(chosen, noise, strict=True)
    ]
    assert fit_and_sample(LATENTS, 3, 40) == pytest.approx(np.array(expected) * deviation + mean, rel=1e-5, abs=1e-5)


def test_the_passes_are_few_on_purpose_and_nobody_is_warned(recwarn: pytest.WarningsRecorder) -> None:
    fit_and_sample(RNG.standard_normal((300, 30)).astype(np.float32), 6, 2)
    assert not [warning for warning in recwarn if "converge" in str(warning.message)]


def test_a_single_latent_is_drawn_again_and_again() -> None:
    assert fit_and_sample(LATENTS[:1], 1, 3).tolist() == LATENTS[:1].repeat(3, axis=0).tolist()


def test_standard_normal_numbers_know_nothing_of_the_latents() -> None:
    drawn = draw_latents(LATENTS, 5)
    assert list(drawn) == ["standard_normal", "gaussian", "mixture"]
    expected = np.random.default_rng(0).standard_normal((5, 4)).astype(np.float32)
    assert np.array_equal(drawn["standard_normal"], expected)
    assert np.array_equal(drawn["gaussian"], fit_and_sample(LATENTS, 1, 5))


def test_the_gaussian_is_of_all_latents_and_the_mixture_of_a_seeded_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random_latents, "MAX_FITTED", 200)
    drawn = draw_latents(LATENTS, 30)
    part = LATENTS[np.sort(np.random.default_rng(0).permutation(900)[:200])]
    assert np.array_equal(drawn["gaussian"], fit_and_sample(LATENTS, 1, 30))
    assert np.array_equal(drawn["mixture"], fit_and_sample(part, 10, 30))
    monkeypatch.setattr(random_latents, "MAX_FITTED", 900)
    assert np.array_equal(draw_latents(LATENTS, 30)["mixture"], fit_and_sample(LATENTS, 10, 30))


def test_bytes_are_shown_as_parts_of_white() -> None:
    shown = as_shown(np.array([0, 51, 255], dtype=np.uint8))
    assert shown.tolist() == pytest.approx([0, 0.2, 1])
    assert shown.dtype == np.float32


@pytest.fixture
def embedded(small_photos: Path) -> Path:
    embed_photos()
    return small_photos


def test_what_is_compared_with_what(embedded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One half of the test images is the reference of all; the other half is reconstructed; training images as such."""
    trained = load_trained("tiny-8")
    train, test = (read_split("photos", name).images for name in ("train", "test"))
    rng = np.random.default_rng(0)
    halves = rng.permutation(16)
    reference, rest = test[halves[:8]] / np.float32(255), test[halves[8:]]
    some = train[rng.permutation(96)[:8]]
    latents = create_embeddings(trained, train)
    expected = {name: decode_images(trained, drawn) for name, drawn in draw_latents(latents, 8).items()}
    expected["reconstructions"] = decode_images(trained, create_embeddings(trained, rest))
    expected["training_images"] = some / np.float32(255)
    asked: list[Any] = []

    def noted(one: np.ndarray, other: np.ndarray) -> float:
        asked.append((one, other))
        return sliced_wasserstein.distance(one, other)

    monkeypatch.setattr(random_latents, "distance", noted)
    pictures, measured = generate(trained)
    names = ["standard_normal", "gaussian", "mixture", "reconstructions", "training_images"]
    assert list(pictures) == names
    for name, (one, other) in zip(names, asked, strict=True):
        assert np.array_equal(one, reference), name
        assert np.allclose(other, expected[name], atol=1e-5), name
        assert np.array_equal(pictures[name], as_bytes(other[:8]))
        assert measured[f"{name}_swd"] == pytest.approx(sliced_wasserstein.distance(one, other), rel=5e-4)
    assert list(measured) == ["num_images", *(f"{name}_swd" for name in reversed(names)), *SETTINGS]
    assert {name: measured[name] for name in SETTINGS} == SETTINGS
    assert measured["num_images"] == 8
