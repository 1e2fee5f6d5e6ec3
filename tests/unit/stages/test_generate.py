"""Random latents: from distributions that fit, decoded by the run's own network."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from autoencoder.inference.decoding import decode_images
from autoencoder.inference.trained_run import load_trained
from autoencoder.stages.generate import random_latents
from autoencoder.stages.generate.random_latents import draw_latents, fit_and_sample, generate
from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import Split, read_split, write_prepared
from autoencoder.ui.errors import UserError
from tests.conftest import embed_photos, write_initial_weights


@pytest.fixture
def embedded_photos(small_photos: Path) -> Path:
    embed_photos()
    return small_photos


def two_clusters(number: int) -> np.ndarray:
    """Points around (-5, 0, 1) and (5, 0, 1); the second and third number correlate."""
    rng = np.random.default_rng(0)
    points = rng.standard_normal((number, 3))
    points[:, 2] = 0.9 * points[:, 1] + 0.1 * points[:, 2] + 1
    points[:, 0] = 0.1 * points[:, 0] + np.where(rng.random(number) < 0.25, -5, 5)
    return points.astype(np.float32)


def test_one_gaussian_has_the_mean_and_the_covariance_of_the_latents() -> None:
    latents = two_clusters(4000)
    drawn = fit_and_sample(latents, 1, 20_000)
    assert drawn.dtype == np.float32
    assert drawn.mean(axis=0) == pytest.approx(latents.mean(axis=0), abs=0.15)
    assert np.allclose(np.cov(drawn.T), np.cov(latents.T), atol=0.5)
    assert np.corrcoef(drawn[:, 1], drawn[:, 2])[0, 1] > 0.95
    assert (np.abs(drawn[:, 0]) < 2).mean() > 0.1  # it fills the gap between the clusters


def test_a_mixture_finds_the_clusters_and_draws_them_in_random_order() -> None:
    drawn = fit_and_sample(two_clusters(4000), 2, 1000)
    assert (np.abs(drawn[:, 0]) < 4).mean() == 0
    left = drawn[:, 0] < 0
    assert left.mean() == pytest.approx(0.25, abs=0.05)
    assert left[:500].mean() == pytest.approx(0.25, abs=0.08)


def test_a_number_that_never_changes_and_one_of_another_scale_are_kept() -> None:
    latents = (two_clusters(500) * [1, 1e-3, 0] + [0, 0, 7]).astype(np.float32)
    drawn = fit_and_sample(latents, 1, 500)
    assert drawn[:, 2] == pytest.approx(np.full(500, 7.0), abs=0.2)
    assert drawn[:, 1].std() == pytest.approx(latents[:, 1].std(), rel=0.2)


@pytest.mark.parametrize("number", [1, 2, 12])
def test_fewer_latents_than_numbers_are_no_error(number: int) -> None:
    train = np.random.default_rng(0).standard_normal((number, 40)).astype(np.float32)
    for drawn in draw_latents(train, 6).values():
        assert drawn.shape == (6, 40)
        assert drawn.dtype == np.float32
        assert np.isfinite(drawn).all()


def test_draws_are_the_same_each_time_and_the_number_of_components_follows_the_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    train = two_clusters(60)
    first, again = draw_latents(train, 9), draw_latents(train, 9)
    assert all(np.array_equal(first[name], again[name]) for name in first)
    asked = []
    monkeypatch.setattr(random_latents, "fit_and_sample", lambda latents, k, n: asked.append((len(latents), k)))
    monkeypatch.setattr(random_latents, "MAX_FITTED", 25)
    for number in (5, 15, 60, 600):
        draw_latents(two_clusters(number), 1)
    assert asked == [(5, 1), (5, 1), (15, 1), (15, 2), (60, 1), (25, 4), (600, 1), (25, 4)]


def test_the_decoder_draws_every_latent_in_order(embedded_photos: Path) -> None:
    trained = load_trained("tiny-8")
    latents = np.random.default_rng(0).standard_normal((501, 8)).astype(np.float32)  # more than one batch
    pictures = decode_images(trained, latents)
    assert pictures.shape == (501, 3, 32, 32)
    assert pictures.min() >= 0
    assert pictures.max() <= 1
    assert np.allclose(pictures[500], decode_images(trained, latents[500:])[0], atol=1e-5)


def test_every_kind_has_pictures_and_a_distance(embedded_photos: Path) -> None:
    pictures, distances = generate(load_trained("tiny-8"))
    assert list(distances) == [
        "num_images",
        "training_images_swd",
        "reconstructions_swd",
        "mixture_swd",
        "gaussian_swd",
        "standard_normal_swd",
        "mixture_components",
        "mixture_passes",
        "mixture_fitted",
    ]
    assert distances["mixture_fitted"] == 96
    assert distances["num_images"] == 8  # of 16 test images one half, the other is the reference
    assert distances["mixture_components"] == 96 // 16
    assert list(pictures) == list(random_latents.KINDS)
    assert all(shown.shape == (8, 3, 32, 32) for shown in pictures.values())
    assert all(shown.dtype == np.uint8 for shown in pictures.values())
    # The images are blocks of random colours; an untrained network draws nothing alike.
    assert distances["training_images_swd"] < min(distances["reconstructions_swd"], distances["gaussian_swd"])


def test_sets_are_as_large_as_the_smallest_allows(embedded_photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = load_trained("tiny-8")
    seen = []

    def compare(reference: np.ndarray, others: np.ndarray) -> float:
        seen.append((len(reference), len(others)))
        return 0.123456

    monkeypatch.setattr(random_latents, "distance", compare)
    monkeypatch.setattr(random_latents, "NUM_IMAGES", 3)
    _, distances = generate(trained)
    assert distances["num_images"] == 3
    assert distances["mixture_swd"] == 0.1235
    train, val, test = (read_split("photos", name) for name in ("train", "val", "test"))
    monkeypatch.setattr(random_latents, "NUM_IMAGES", 99)
    latents = read_latents("tiny-8", "train").latents
    few = {"train": latents[:5], "test": read_latents("tiny-8", "test").latents}
    monkeypatch.setattr(random_latents, "read_latents", lambda run, split: SimpleNamespace(latents=few[split]))
    for num_train, num_test, expected in ((5, 16, 5), (5, 3, 1), (5, 2, 1)):
        sizes = {"train": (train, num_train), "val": (val, len(val.images)), "test": (test, num_test)}
        cut = {name: SimpleNamespace(images=split.images[:size]) for name, (split, size) in sizes.items()}
        monkeypatch.setattr(random_latents, "read_split", lambda dataset, split, cut=cut: cut[split])
        assert generate(trained)[1]["num_images"] == expected
    assert seen == [(3, 3)] * 5 + [(5, 5)] * 5 + [(1, 1)] * 10


def test_latents_are_asked_for(small_photos: Path) -> None:
    write_initial_weights("tiny-8")
    with pytest.raises(UserError, match=r"train.npz is missing; make it first: python src/embed.py tiny-8"):
        generate(load_trained("tiny-8"))


def test_a_single_test_image_is_too_few(embedded_photos: Path) -> None:
    trained = load_trained("tiny-8")
    splits = {name: read_split("photos", name) for name in ("train", "val", "test")}
    one = Split(splits["test"].images[:1], splits["test"].index[:1], {})
    write_prepared(Path("data/prepared/photos"), {**splits, "test": one}, trained.manifest)
    with pytest.raises(UserError, match=r"photos has 1 test image, two are needed; raise its test_fraction"):
        generate(trained)
