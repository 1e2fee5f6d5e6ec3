"""PCA as encoder and decoder: against numpy's singular value decomposition in double."""

import numpy as np
import pytest

from autoencoder.measures.pca import fit_pca, reconstruction_errors

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
