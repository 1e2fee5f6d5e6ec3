"""Latents read back as they were written."""

from pathlib import Path

import numpy as np
import pytest

from autoencoder.inference.trained_run import load_trained
from autoencoder.storage import paths
from autoencoder.storage.latents import read_latents, write_latents
from autoencoder.storage.prepared import read_split
from autoencoder.ui.errors import UserError
from tests.conftest import write_initial_weights


def test_latents_are_read_as_they_were_written(small_photos: Path) -> None:
    split = read_split("photos", "test")
    written = np.random.default_rng(0).standard_normal((16, 8)).astype(np.float32)
    write_latents(paths.embeddings("tiny-8") / "test.npz", written, split, "ab")
    read = read_latents("tiny-8", "test")
    assert read.latents.dtype == np.float32
    assert np.array_equal(read.latents, written)
    assert np.array_equal(read.index, split.index)
    assert read.labels.keys() == {"place"}
    assert np.array_equal(read.labels["place"], split.labels["place"])


def test_missing_and_damaged_latents_are_named_with_their_command(in_project: Path) -> None:
    with pytest.raises(UserError, match=r"test.npz is missing; make it first: python src/embed.py tiny-8"):
        read_latents("tiny-8", "test")
    path = paths.embeddings("tiny-8") / "test.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(UserError, match=r"test.npz is damaged .*; make it again: python src/embed.py tiny-8"):
        read_latents("tiny-8", "test")
    np.savez(path, index=np.arange(3))
    with pytest.raises(UserError, match="is damaged"):
        read_latents("tiny-8", "test")


def test_latents_of_other_weights_are_refused(small_photos: Path) -> None:
    write_initial_weights("tiny-8")
    path, split = paths.embeddings("tiny-8") / "test.npz", read_split("photos", "test")
    latents = np.zeros((16, 8), dtype=np.float32)
    write_latents(path, latents, split, load_trained("tiny-8").weights_sha256)
    assert np.array_equal(read_latents("tiny-8", "test").latents, latents)
    write_latents(path, latents, split, "ab" * 32)
    with pytest.raises(UserError, match=r"test.npz was made with other weights than models/tiny-8.*: dvc repro embed@"):
        read_latents("tiny-8", "test")
