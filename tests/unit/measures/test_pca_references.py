"""PCA against NumPy's singular values in double: components, coefficients, and the error at every dimension."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio

from autoencoder.measures import pca as module
from autoencoder.measures.pca import (
    fit_pca,
    most_components,
    read_errors,
    read_quality,
    reconstruction_errors,
    tabulate_errors,
    write_errors,
)
from autoencoder.storage import paths
from autoencoder.storage.blocks import images_at_once
from autoencoder.storage.files import write_json
from autoencoder.storage.prepared import Manifest
from autoencoder.ui.errors import UserError

RNG = np.random.default_rng(12)


def pictures(count: int) -> np.ndarray:
    """Pictures (count, 3, 4, 4) whose numbers hang together, some more than others."""
    mixed = RNG.normal(size=(count, 48)) * np.linspace(3, 0.3, 48) @ MIXING
    return np.asarray((127 + 20 * mixed).clip(0, 255), dtype=np.uint8).reshape(count, 3, 4, 4)


MIXING = np.linalg.qr(RNG.normal(size=(48, 48)))[0]
TRAIN, VAL, TEST = pictures(90), pictures(31), pictures(40)


def reference(train: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean, and the directions of falling variance, of pictures as numbers in [0, 1]."""
    flat = train.reshape(len(train), -1) / 255
    return flat.mean(axis=0), np.linalg.svd(flat - flat.mean(axis=0), full_matrices=False)[2]


def error(train: np.ndarray, images: np.ndarray, latent_dim: int) -> float:
    """Of projecting onto so many directions and back: the squares summed over an image, the mean of all images."""
    mean, directions = reference(train)
    flat = images.reshape(len(images), -1) / 255
    leading = directions[:latent_dim]
    return float(np.square((flat - mean) @ leading.T @ leading + mean - flat).sum(axis=1).mean())


@pytest.mark.parametrize("rows", [5000, 7])
def test_components_and_coefficients(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ROWS", rows)
    mean, directions = reference(TRAIN)
    fitted = fit_pca(TRAIN)
    assert fitted.mean == pytest.approx(mean, abs=1e-12)
    assert fitted.components.shape == (48, 48)
    signs = np.sign((fitted.components * directions).sum(axis=1, keepdims=True))
    assert fitted.components == pytest.approx(signs * directions, abs=1e-8)
    assert fitted.components @ fitted.components.T == pytest.approx(np.eye(48), abs=1e-10)
    flat = TEST.reshape(40, -1) / 255
    for latent_dim in (1, 5, 48):
        coefficients = fitted.encode(TEST, latent_dim)
        assert coefficients == pytest.approx((flat - mean) @ fitted.components[:latent_dim].T, abs=1e-10)
        expected = coefficients @ fitted.components[:latent_dim] + mean
        assert fitted.decode(coefficients) == pytest.approx(expected, abs=1e-10)
    assert fitted.decode(fitted.encode(TEST, 48)) == pytest.approx(flat, abs=1e-9)


@pytest.mark.parametrize(("rows", "values"), [(5000, 1 << 24), (7, 1 << 24), (5000, 3 * 48)])
def test_the_error_at_every_dimension(rows: int, values: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ROWS", rows)
    monkeypatch.setattr(module, "images_at_once", lambda most, size: images_at_once(most, size, values))
    errors = reconstruction_errors(fit_pca(TRAIN), TEST)
    assert errors.shape == (49,)
    expected = [error(TRAIN, TEST, latent_dim) for latent_dim in range(49)]
    assert errors == pytest.approx(expected, rel=1e-8, abs=1e-10 * expected[0])
    assert errors[48] == 0
    assert (np.diff(errors) <= 0).all()


def test_few_images_span_one_direction_less() -> None:
    few = TRAIN[:10]
    fitted = fit_pca(few)
    assert fitted.components.shape == (9, 48)
    assert reconstruction_errors(fitted, few)[9] == 0
    assert reconstruction_errors(fitted, TEST)[9] == pytest.approx(error(few, TEST, 9), rel=1e-8)
    padded = fitted.encode(TEST, 12)
    assert padded.shape == (40, 12)
    assert not padded[:, 9:].any()
    assert fitted.decode(padded) == pytest.approx(fitted.decode(padded[:, :9]), abs=1e-12)


def test_images_that_are_all_the_same_span_nothing() -> None:
    same = np.repeat(TRAIN[:1], 5, axis=0)
    fitted = fit_pca(same)
    assert len(fitted.components) == 0
    assert reconstruction_errors(fitted, TEST)[0] == pytest.approx(error(same, TEST, 0), rel=1e-9)


@pytest.mark.parametrize(("value_range", "scale"), [((0.0, 1.0), 1), ((-1.0, 1.0), 4), ((-0.5, 2.5), 9)])
def test_the_table_is_in_the_value_range(value_range: tuple[float, float], scale: float) -> None:
    table = tabulate_errors(fit_pca(TRAIN[:30]), VAL, TEST, value_range)
    assert list(table) == [f"pca_{latent_dim}" for latent_dim in range(49)]
    for latent_dim in (0, 1, 17, 29, 30, 48):
        row = table[f"pca_{latent_dim}"]
        assert list(row) == ["val_sse", "val_mse", "test_sse", "test_mse"]
        for name, images in (("val", VAL), ("test", TEST)):
            expected = scale * error(TRAIN[:30], images, min(latent_dim, 29))
            assert row[f"{name}_sse"] == pytest.approx(expected, rel=1e-5)
            assert row[f"{name}_mse"] == pytest.approx(expected / 48, rel=1e-5)


def test_of_large_images_the_leading_components_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_EXACT_INPUTS", 47)
    monkeypatch.setattr(module, "MAX_LEADING_COMPONENTS", 6)
    assert most_components(47) == 47
    assert most_components(48) == 6
    fitted = fit_pca(TRAIN)
    assert fitted.components.shape == (6, 48)
    assert reconstruction_errors(fitted, TRAIN)[6] == pytest.approx(error(TRAIN, TRAIN, 6), rel=0.05)  # sampled
    assert np.array_equal(fitted.components, fit_pca(TRAIN).components)
    assert len(fit_pca(TRAIN[:5]).components) == 4
    table = tabulate_errors(fitted, VAL, TEST, (0.0, 1.0))
    assert len(table) == 49
    assert table["pca_6"]["test_sse"] is not None
    assert set(table["pca_7"].values()) == {None}
    monkeypatch.undo()
    assert most_components(8192) == 8192
    assert most_components(8193) == 1024


def test_the_table_is_read_by_dimension_and_of_its_own_images_alone(in_project: Path) -> None:
    manifest = Manifest("set", "sample", "tests", False, (0.0, 1.0), {}, (3, 4, 4), sha256={"val.npz": "abc"})
    write_errors(manifest, fit_pca(TRAIN), VAL, TEST)
    table = tabulate_errors(fit_pca(TRAIN), VAL, TEST, (0.0, 1.0))
    rows = read_errors(manifest)
    assert rows == [{"latent_dim": latent_dim, **table[f"pca_{latent_dim}"]} for latent_dim in range(49)]
    again = "measure again: dvc repro baseline@set"
    with pytest.raises(
        UserError, match=rf"pca.json was measured with another .*set/val.npz than is there now; {again}"
    ):
        read_errors(replace(manifest, sha256={"val.npz": "def"}))
    with pytest.raises(UserError, match=r"pca.json was measured with value_range"):
        read_errors(replace(manifest, value_range=(-1.0, 1.0)))
    write_json(paths.pca_errors("set"), table)  # which does not say what it was made from
    with pytest.raises(UserError, match=r"pca.json was measured with value_range missing"):
        read_errors(manifest)


def test_quality_is_that_of_pictures_as_shown(in_project: Path) -> None:
    """PSNR of projections that are clipped, by scikit-image, picture by picture."""
    manifest = Manifest("photos", "sample", "tests", True, (-1.0, 1.0), {})
    module.write_quality(manifest, fit_pca(TRAIN), TEST)
    rows = read_quality(manifest)
    assert {1, 8, 32, 48} <= {row["num_latents"] for row in rows}
    mean, directions = reference(TRAIN)
    flat = TEST.reshape(len(TEST), -1) / 255
    for row in (row for row in rows if row["num_latents"] < 48):
        leading = directions[: row["num_latents"]]
        made = ((flat - mean) @ leading.T @ leading + mean).clip(0, 1)
        psnr = [peak_signal_noise_ratio(one, other, data_range=1) for one, other in zip(flat, made, strict=True)]
        assert row["test_psnr_db"] == pytest.approx(np.mean(psnr), rel=1e-5)
    crossed = next(row["num_latents"] for row in rows if row["test_psnr_db"] >= 25)
    assert crossed - 1 in {row["num_latents"] for row in rows}
    with pytest.raises(UserError, match=r"pca-quality.json was measured with value_range .*dvc repro baseline@photos"):
        read_quality(replace(manifest, value_range=(0.0, 1.0)))
