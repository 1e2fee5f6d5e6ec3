"""PCA that is fitted once and then kept."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autoencoder.measures import kept_pca as module
from autoencoder.measures.kept_pca import kept_pca
from autoencoder.measures.pca import Projection, fit_pca
from autoencoder.storage.prepared import Manifest, read_manifest, read_split


@pytest.fixture
def fits(small_photos: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many images each fit was given."""
    counts: list[int] = []

    def counted(images: np.ndarray) -> Projection:
        counts.append(len(images))
        return fit_pca(images)

    monkeypatch.setattr(module, "fit_pca", counted)
    return counts


def kept_files() -> list[Path]:
    return [*Path("data/pca").iterdir()]


def same(one: Projection, other: Projection) -> bool:
    return all(np.array_equal(getattr(one, part), getattr(other, part)) for part in ("mean", "components"))


def other_images(manifest: Manifest) -> Manifest:
    return replace(manifest, sha256={**manifest.sha256, "train.npz": "0" * 64})


def test_it_is_fitted_once_to_the_bit(fits: list[int]) -> None:
    manifest, train = read_manifest("photos"), read_split("photos", "train").images
    found = [kept_pca(manifest, train) for _ in range(2)]
    assert fits == [len(train)]
    assert all(same(pca, fit_pca(train)) for pca in found)
    images = read_split("photos", "test").images
    assert np.array_equal(found[0].encode(images, 5), found[1].encode(images, 5))


def test_of_other_images_it_is_fitted_again_and_the_old_one_goes(fits: list[int]) -> None:
    manifest, train = read_manifest("photos"), read_split("photos", "train").images
    kept_pca(manifest, train)
    second = kept_pca(other_images(manifest), train[:9])
    assert fits == [len(train), 9]
    assert same(second, fit_pca(train[:9]))
    assert len(kept_files()) == 1


def test_data_sets_whose_names_begin_alike_keep_theirs(fits: list[int]) -> None:
    manifest, train = read_manifest("photos"), read_split("photos", "train").images
    kept_pca(replace(manifest, name="photos-small"), train)
    kept_pca(manifest, train)
    assert len(kept_files()) == 2


def test_an_edit_of_what_fits_it_meets_no_old_fit(
    fits: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest, train = read_manifest("photos"), read_split("photos", "train").images
    kept_pca(manifest, train)
    edited = tmp_path / "pca.py"
    edited.write_text(module.FITTED_BY.read_text() + "# edited")
    monkeypatch.setattr(module, "FITTED_BY", edited)
    kept_pca(manifest, train)
    assert len(fits) == 2


def test_a_damaged_one_is_made_again(fits: list[int]) -> None:
    manifest, train = read_manifest("photos"), read_split("photos", "train").images
    kept_pca(manifest, train)
    (path,) = kept_files()
    path.write_bytes(path.read_bytes()[:100])
    assert same(kept_pca(manifest, train), fit_pca(train))
    assert len(fits) == 2
    kept_pca(manifest, train)
    assert len(fits) == 2
