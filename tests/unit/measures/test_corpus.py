"""The corpus of search: train, then val, and latents in the very same order. Test images are never in it."""

from pathlib import Path

import numpy as np
import pytest

from autoencoder.measures.corpus import read_corpus, read_corpus_latents
from autoencoder.storage import paths
from autoencoder.storage.latents import write_latents
from autoencoder.storage.prepared import Manifest, Split, write_prepared
from autoencoder.ui.errors import UserError

SIZES = {"train": 5, "val": 3, "test": 2}
FIRST = {
    "train": 10,
    "val": 50,
    "test": 90,
}  # an image's pixels, place in the source, label and latents tell its number


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    splits, of_split = {}, {}
    for name, size in SIZES.items():
        numbers = FIRST[name] + np.arange(size)
        images = numbers.astype(np.uint8)[:, None, None, None].repeat(3, axis=1)
        splits[name] = Split(
            images, numbers + 1000, {"code": numbers % 7, "flags": np.eye(2, dtype=np.uint8)[numbers % 2]}
        )
        latents = np.stack([numbers, -numbers], axis=1).astype(np.float32)
        of_split[name] = latents
    manifest = Manifest("set", "sample", "tests", True, (0.0, 1.0), {"code": list("abcdefg"), "flags": ["x", "y"]})
    written = write_prepared(paths.prepared("set"), splits, manifest)
    for name, latents in of_split.items():
        write_latents("run", name, latents, splits[name], "x", written)
    return tmp_path


def test_train_comes_first_then_val_and_everything_stays_with_its_image(prepared: Path) -> None:
    corpus = read_corpus("set")
    assert all(isinstance(part.base, np.memmap) for part in corpus.images._parts)
    numbers = [10, 11, 12, 13, 14, 50, 51, 52]
    assert corpus.images[:][:, 0, 0, 0].tolist() == numbers
    assert corpus.index.tolist() == [number + 1000 for number in numbers]
    assert list(corpus.labels) == ["code", "flags"]
    assert corpus.labels["code"].tolist() == [number % 7 for number in numbers]
    assert corpus.labels["flags"].argmax(axis=1).tolist() == [number % 2 for number in numbers]


def test_latents_are_in_the_same_order(prepared: Path) -> None:
    assert all(isinstance(part.base, np.memmap) for part in read_corpus_latents("run")._parts)
    latents = read_corpus_latents("run")[:]
    assert latents[:, 0].tolist() == read_corpus("set").images[:][:, 0, 0, 0].tolist()
    assert latents[:, 1].tolist() == (-latents[:, 0]).tolist()


def test_what_is_missing_is_named(prepared: Path) -> None:
    with pytest.raises(UserError, match=r"other.*train.npz is missing"):
        read_corpus("other")
    with pytest.raises(UserError, match=r"other.*train.npz is missing"):
        read_corpus_latents("other")
