"""PCA as encoder and decoder: against numpy's singular value decomposition in double."""

import numpy as np
import pytest

from autoencoder.measures import pca as pca_module
from autoencoder.measures.pca import fit_pca, reconstruction_errors, tabulate_errors

IMAGES = np.random.default_rng(0).integers(0, 256, size=(40, 3, 2, 2), dtype=np.uint8)


def test_pictures_are_coded_by_the_leading_right_singular_vectors() -> None:
    pca = fit_pca(IMAGES)
    flat = IMAGES.reshape(40, -1) / 255
    _, _, axes = np.linalg.svd(flat - flat.mean(axis=0), full_matrices=False)
    coefficients = pca.encode(IMAGES, 5)
    assert np.allclose(np.abs(coefficients), np.abs((flat - flat.mean(axis=0)) @ axes[:5].T), atol=1e-12)
    for latent_dim in (1, 4, 8, 12):
        expected = (flat - flat.mean(axis=0)) @ axes[:latent_dim].T @ axes[:latent_dim] + flat.mean(axis=0)
        assert np.allclose(pca.decode(pca.encode(IMAGES, latent_dim)), expected, atol=1e-12)
    assert not pca.encode(IMAGES, 99)[:, 12:].any()  # there are no more
    assert np.allclose(pca.decode(pca.encode(IMAGES, 99)), flat, atol=1e-12)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    other = np.random.default_rng(2).integers(0, 256, size=(20, 3, 2, 2), dtype=np.uint8)
    whole = fit_pca(IMAGES)
    errors, latents = reconstruction_errors(fit_pca(IMAGES[:9]), other), whole.encode(other, 5)
    monkeypatch.setattr(pca_module, "MAX_ROWS", 7)
    blocked = fit_pca(IMAGES)
    assert np.allclose(np.abs(blocked.components), np.abs(whole.components))
    assert np.allclose(blocked.mean, whole.mean)
    assert np.allclose(reconstruction_errors(fit_pca(IMAGES[:9]), other), errors)
    assert errors[-1] > 0.01  # nine images span eight dimensions of twelve: something is left outside
    assert np.allclose(np.abs(blocked.encode(other, 5)), np.abs(latents))


def test_few_pictures_of_many_numbers_have_the_same_components(monkeypatch: pytest.MonkeyPatch) -> None:
    few = IMAGES[:9]
    exact = fit_pca(few)
    monkeypatch.setattr(pca_module, "MAX_EXACT_INPUTS", 11)
    monkeypatch.setattr(pca_module, "MAX_VALUES", 5 * len(few))
    pca = fit_pca(few)
    assert pca.components.shape == (8, 12)
    assert np.allclose(pca.components @ pca.components.T, np.eye(8), atol=1e-12)
    assert np.allclose(pca.mean, exact.mean)
    flat = few.reshape(9, -1) / 255
    _, _, axes = np.linalg.svd(flat - flat.mean(axis=0), full_matrices=False)
    assert np.allclose(np.abs((pca.components * axes[:8]).sum(axis=1)), 1, atol=1e-9)
    monkeypatch.setattr(pca_module, "MAX_LEADING_COMPONENTS", 3)
    assert np.allclose(np.abs(fit_pca(few).components), np.abs(pca.components[:3]))
    monkeypatch.setattr(pca_module, "MAX_EXACT_IMAGES", 8)  # by sampling
    assert np.allclose(np.abs(fit_pca(few).components), np.abs(pca.components[:3]), atol=1e-3)


def test_few_pictures_that_repeat_themselves_span_as_much_as_the_different_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pca_module, "MAX_EXACT_INPUTS", 11)
    pca = fit_pca(np.concatenate([IMAGES[:4], IMAGES[:4]]))
    assert pca.components.shape == (3, 12)
    assert fit_pca(np.full((9, 3, 2, 2), 7, dtype=np.uint8)).components.shape == (0, 12)


def test_one_picture_each_is_enough_to_measure() -> None:
    pca = fit_pca(IMAGES)
    rows = tabulate_errors(pca, IMAGES[:1], IMAGES[1:2], (-1.0, 1.0))
    assert list(rows) == [f"pca_{latent_dim}" for latent_dim in range(13)]
    squares = [np.square(image / 255 - pca.mean.reshape(3, 2, 2)).sum() for image in IMAGES[:2]]
    first = rows["pca_0"]
    assert (first["val_sse"], first["test_sse"]) == pytest.approx([4 * square for square in squares], rel=1e-4)
    assert first["test_mse"] == pytest.approx(4 * squares[1] / 12, rel=1e-4)
    assert rows["pca_12"] == dict.fromkeys(first, 0.0)


def test_beyond_what_the_training_images_span_there_are_no_components() -> None:
    """Rounding leaves directions of next to no variance; test images would find their own error smaller by chance."""
    rng = np.random.default_rng(1)
    train, test = (rng.integers(0, 256, size=(n, 3, 4, 4), dtype=np.uint8) for n in (200, 50))
    train[:, 1:] = train[:, :1]  # 16 dimensions of 48
    pca = fit_pca(train)
    assert len(pca.components) == 16
    errors = reconstruction_errors(pca, test)
    assert errors.shape == (17,)
    grey = (test / 255).mean(axis=1, keepdims=True)
    assert errors[16] == pytest.approx(np.square(test / 255 - grey).sum() / 50, rel=1e-9)  # what is not grey is lost


def test_images_that_are_all_the_same_have_no_components() -> None:
    pca = fit_pca(np.full((9, 1, 2, 2), 7, dtype=np.uint8))
    assert pca.components.shape == (0, 4)
    assert pca.encode(np.zeros((1, 1, 2, 2), np.uint8), 3).tolist() == [[0, 0, 0]]
