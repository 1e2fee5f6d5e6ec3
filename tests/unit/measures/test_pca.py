"""PCA as encoder and decoder, and on disk."""

from pathlib import Path

import numpy as np
import pytest

from autoencoder.measures.pca import fit_pca, read_components, write_components
from autoencoder.storage import paths
from autoencoder.ui.errors import UserError


def test_components_come_back_and_code_pictures(in_project: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, size=(40, 3, 2, 2), dtype=np.uint8)
    pca = fit_pca(images)
    with pytest.raises(UserError, match=r"pca.npz is missing; make it first: python src/baseline.py photos"):
        read_components("photos")
    write_components(pca, paths.pca("photos"))
    projection = read_components("photos")
    flat = images.reshape(40, -1) / 255
    assert np.allclose(projection.encode(images, 5), pca.transform(flat)[:, :5], atol=1e-5)
    assert np.allclose(projection.decode(projection.encode(images, 12)), flat, atol=1e-5)
    errors = [np.square(projection.decode(projection.encode(images, d)) - flat).mean() for d in (1, 4, 8)]
    assert errors == sorted(errors, reverse=True)
    assert projection.encode(images, 99).shape == (40, 12)  # all there are


def test_a_broken_file_is_told(in_project: Path) -> None:
    paths.pca("photos").parent.mkdir(parents=True)
    paths.pca("photos").write_bytes(b"PK")
    with pytest.raises(UserError, match=r"damaged .*; make it again: python src/baseline.py photos"):
        read_components("photos")
