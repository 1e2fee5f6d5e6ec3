"""The pictures that a page shows of a run, beside scikit-learn's PCA and the network itself."""

from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from autoencoder.inference.trained_run import load_trained
from autoencoder.models.base.value_range import to_range
from autoencoder.stages.plot import samples as module
from autoencoder.stages.plot.samples import make_samples, sample_rows
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import read_split
from tests.conftest import write_initial_weights

SHOWN: list[Record] = [
    {"which": which, "row": row, "sse": sse}
    for which, row, sse in (("easiest", 3, 1.5), ("median", 9, 20), ("hardest", 0, 345.6))
]


@pytest.fixture
def samples(small_photos: Path) -> dict[str, np.ndarray]:
    write_initial_weights("tiny-8")
    return make_samples(load_trained("tiny-8"), read_split("photos", "train"), read_split("photos", "test"), SHOWN)


def test_they_are_the_first_of_the_source_and_those_that_were_found(samples: dict[str, np.ndarray]) -> None:
    test = read_split("photos", "test")
    rows = [*range(8), 3, 9, 0]
    assert samples["which"].tolist() == ["first"] * 8 + ["easiest", "median", "hardest"]
    assert samples["index"].tolist() == test.index[rows].tolist()
    assert np.array_equal(samples["original"], test.images[rows])


def test_the_network_draws_them(samples: dict[str, np.ndarray]) -> None:
    trained = load_trained("tiny-8")
    with torch.inference_mode():
        seen = trained.model(to_range(torch.from_numpy(samples["original"]), (-1.0, 1.0), torch.float64)).numpy()
    assert np.abs(samples["network"] - 255 * ((seen + 1) / 2).clip(0, 1)).max() < 0.51


def test_pca_draws_them_from_as_many_numbers(samples: dict[str, np.ndarray]) -> None:
    train = read_split("photos", "train").images
    pca = PCA(8, svd_solver="full").fit(train.reshape(len(train), -1) / 255.0)
    flat = samples["original"].reshape(len(samples["original"]), -1) / 255.0
    expected = pca.inverse_transform(pca.transform(flat)).clip(0, 1).reshape(samples["original"].shape)
    assert np.abs(samples["pca"] - 255 * expected).max() < 0.51


def test_more_numbers_than_pca_has_are_not_compared(small_photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "most_components", lambda _: 7)
    write_initial_weights("tiny-8")
    made = make_samples(load_trained("tiny-8"), read_split("photos", "train"), read_split("photos", "test"), SHOWN)
    assert "pca" not in made
    assert [row.label for row in sample_rows(made, SHOWN)] == ["original", "run", "where it\nis off"]


def test_errors_are_drawn_where_they_are(samples: dict[str, np.ndarray]) -> None:
    samples["network"][8:] = samples["original"][8:]
    samples["network"][9, :, 2, 5] = 255 - samples["original"][9, :, 2, 5]
    rows = {row.label: row for row in sample_rows(samples, SHOWN)}
    assert rows["original"].captions == ("easiest", "median", "hardest")
    assert rows["run"].captions == ("1.5", "20", "346")
    off = rows["where it\nis off"].images
    assert off.shape == (3, 1, 32, 32)
    assert (off[[0, 2]] == 1).all()
    assert (off[1] < 1).sum() == 1
    assert off[1, 0, 2, 5] < 1
    assert np.array_equal(rows["PCA"].images, samples["pca"][8:] / np.float32(255))
