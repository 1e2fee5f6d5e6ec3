"""A sentinel: absurd pictures in val and test, and every fit is as before, because it sees training rows alone."""

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autoencoder.config.runs import load_run
from autoencoder.data.manifest import measure_manifest
from autoencoder.measures.pca import fit_pca, read_components
from autoencoder.stages.evaluate_seeds import outcomes
from autoencoder.stages.generate import random_latents
from autoencoder.storage import paths
from autoencoder.storage.files import read_json
from autoencoder.storage.prepared import Split, read_manifest, read_split, write_prepared
from autoencoder.training.trainer import Trainer
from tests.conftest import tiny_params, write_params


def stage(script: str, name: str) -> None:
    """What `python src/<script>.py <name>` does, in this process."""
    importlib.import_module(script).main(name)


def make_absurd(*names: str) -> None:
    """Replace the pictures of these splits by glaring noise, black and full colours; as many, of the same labels."""
    splits = {name: read_split("photos", name) for name in ("train", "val", "test")}
    for name in names:
        split = splits[name]
        noise = 255 * np.random.default_rng(1).integers(0, 2, split.images.shape, dtype=np.uint8)
        splits[name] = Split(noise, split.index, split.labels)
    write_prepared(paths.prepared("photos"), splits, read_manifest("photos"))


@pytest.fixture
def tiny_photos(small_photos: Path) -> Path:
    """The photos at 8 x 8 pixels: a PCA of 192 numbers takes no time."""
    splits = {name: read_split("photos", name) for name in ("train", "val", "test")}
    smaller = {name: Split(part.images[..., ::4, ::4].copy(), part.index, part.labels) for name, part in splits.items()}
    write_prepared(paths.prepared("photos"), smaller, measure_manifest(read_manifest("photos"), smaller))
    return small_photos


@pytest.fixture
def fitted(tiny_photos: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Everything that is fitted, by name: arrays, and bytes of files. Called again, it fits all again."""
    params = tiny_params()
    params["train"]["tiny"]["epochs"] = 1  # so that val has nothing to choose between
    write_params(Path(), params)
    drawn: dict[str, np.ndarray] = {}
    original = random_latents.draw_latents

    def noted(train: np.ndarray, count: int) -> dict[str, np.ndarray]:
        drawn.update(original(train, count))
        return dict(drawn)

    monkeypatch.setattr(random_latents, "draw_latents", noted)

    def fit() -> dict[str, Any]:
        stage("baseline", "photos")
        for script in ("train", "embed", "compress", "generate"):
            stage(script, "tiny-8")
        pca = read_components("photos")
        codecs = np.load(paths.codec("tiny-8"))
        return {
            "weights": paths.weights("tiny-8").read_bytes(),
            "mean of PCA": pca.mean,
            "components of PCA": pca.components,
            **{f"codec's {name}": codecs[name] for name in codecs.files},
            **{f"{name} latents": latents for name, latents in drawn.items()},
            "PCA at no dimension": fit_pca(read_split("photos", "train").images).mean_,
        }

    return fit


@pytest.mark.parametrize("names", [("test",), ("val", "test")])
def test_absurd_pictures_outside_the_training_set_change_no_fit(fitted: Any, names: tuple[str, ...]) -> None:
    before = fitted()
    measured = read_json(paths.pca_errors("photos"), "")[8]["test_sse"]
    make_absurd(*names)
    after = fitted()
    assert len(before) > 35
    assert before.keys() == after.keys()
    for name, value in before.items():
        same = value == after[name] if isinstance(value, bytes) else np.array_equal(value, after[name])
        assert same, name
    # What is measured on them does change: the sentinel was seen where it should be.
    assert read_json(paths.pca_errors("photos"), "")[8]["test_sse"] > 2 * measured


def test_absurd_training_pictures_change_every_fit(fitted: Any) -> None:
    """The other way round, or the test above would prove nothing."""
    before = fitted()
    make_absurd("train")
    after = fitted()
    unmoved = [
        name
        for name, value in before.items()
        if (value == after[name] if isinstance(value, bytes) else np.array_equal(value, after[name]))
    ]
    assert unmoved == ["standard_normal latents"]


def test_val_chooses_among_epochs_and_does_nothing_else(small_photos: Path) -> None:
    """Epoch by epoch the same course, whatever is in val; only which epoch is kept may differ."""

    def course() -> tuple[list[float], dict[str, torch.Tensor]]:
        val = read_split("photos", "val")
        subject = Trainer(load_run("tiny-8"), read_manifest("photos"), read_split("photos", "train"), val)
        _, history = subject.train()
        subject.forget()
        return [record["train_mse"] for record in history["epochs"]], subject.model.state_dict()

    losses, last = course()
    make_absurd("val")
    other_losses, other_last = course()
    assert losses == other_losses
    assert all(torch.equal(last[name], other_last[name]) for name in last)


def test_the_mean_image_is_of_the_training_images(small_photos: Path) -> None:
    train, test = (read_split("photos", name) for name in ("train", "test"))
    expected = np.square((test.images - train.images.mean(axis=0)) / 127.5).mean()
    assert outcomes.mean_image_mse(train, test, (-1.0, 1.0)) == pytest.approx(expected, rel=1e-9)
    asked: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        params = tiny_params()
        line = {"dataset": "photos", "model": "cifar10_cnn", "latent_dim": 8, "recipe": "tiny", "num_seeds": 1}
        write_params(Path(), {**params, "seeds": {"few": line}})
        stage("train_seeds", "few")

        def noted(*arguments: Any) -> float:
            asked.append(arguments)
            return 1.0

        patch.setattr(outcomes, "mean_image_mse", noted)
        outcomes.measure_seeds("few")
    ((seen, measured, _),) = asked
    assert np.array_equal(seen.images, train.images)
    assert np.array_equal(measured.images, test.images)
