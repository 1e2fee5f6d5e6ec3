"""Latents read back as they were written."""

from pathlib import Path

import numpy as np
import pytest

from autoencoder.inference.trained_run import load_trained
from autoencoder.storage import paths
from autoencoder.storage.latents import read_latents, write_latents
from autoencoder.storage.prepared import Split, read_manifest, read_split, write_prepared
from autoencoder.ui.errors import UserError
from tests.conftest import write_initial_weights


def test_latents_are_read_as_they_were_written(small_photos: Path) -> None:
    split, manifest = read_split("photos", "test"), read_manifest("photos")
    written = np.random.default_rng(0).standard_normal((16, 8)).astype(np.float32)
    write_latents("tiny-8", "test", written, split, "ab", manifest)
    read = read_latents("tiny-8", "test")
    assert read.latents.dtype == np.float32
    assert np.array_equal(read.latents, written)
    mapped = read_latents("tiny-8", "test", mapped=True).latents
    assert np.array_equal(mapped, written)
    assert isinstance(mapped.base, np.memmap)
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
    split, manifest = read_split("photos", "test"), read_manifest("photos")
    latents = np.zeros((16, 8), dtype=np.float32)
    write_latents("tiny-8", "test", latents, split, load_trained("tiny-8").weights_sha256, manifest)
    assert np.array_equal(read_latents("tiny-8", "test").latents, latents)
    write_latents("tiny-8", "test", latents, split, "ab" * 32, manifest)
    with pytest.raises(UserError, match=r"test.npz was made with other weights than models/tiny-8.*: dvc repro embed@"):
        read_latents("tiny-8", "test")


def test_latents_of_other_images_are_refused(small_photos: Path) -> None:
    """Of their own split: those of another may change, as long as the weights are the same."""
    splits, manifest = {name: read_split("photos", name) for name in ("train", "val", "test")}, read_manifest("photos")
    write_latents("tiny-8", "test", np.zeros((16, 8), dtype=np.float32), splits["test"], "ab", manifest)
    turned = {name: Split(split.images[::-1].copy(), split.index, split.labels) for name, split in splits.items()}
    write_prepared(paths.prepared("photos"), {**splits, "val": turned["val"]}, manifest)
    read_latents("tiny-8", "test")
    write_prepared(paths.prepared("photos"), {**splits, "test": turned["test"]}, manifest)
    with pytest.raises(UserError, match=r"test.npz was made from another data/prepared/photos/test.npz than .*embed@t"):
        read_latents("tiny-8", "test")
    write_prepared(paths.prepared("photos"), splits, manifest)
    read_latents("tiny-8", "test")
