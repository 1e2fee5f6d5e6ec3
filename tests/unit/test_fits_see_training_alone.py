"""A sentinel: absurd pictures in val and test, and every fit is as before, because it sees training rows alone."""

import importlib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load

from autoencoder.config.runs import load_run
from autoencoder.data.manifest import measure_manifest
from autoencoder.measures.pca import Projection, fit_pca
from autoencoder.stages.evaluate_seeds import outcomes
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


def noted(name: str, original: Any, notes: dict[str, Any]) -> Any:
    """The function itself; what it returns is kept by that name."""

    def called(*arguments: Any) -> Any:
        assert name not in notes, name
        fitted = original(*arguments)
        notes[name] = dict(fitted) if isinstance(fitted, dict) else fitted  # what a caller adds is no fit
        return fitted

    return called


# Every name by which a stage, or a command, calls something that fits: the module, and what is fitted for what.
FITS = [
    ("baseline", "kept_pca", "PCA of the baseline"),
    ("retrieve", "kept_pca", "PCA of the search"),
    ("autoencoder.stages.compress.rate_distortion", "kept_pca", "PCA of the codec"),
    ("autoencoder.stages.compress.rate_distortion", "fit_codec", "codec of PCA"),
    ("autoencoder.codecs.run_codec", "fit_codec", "codec of the run"),
    ("autoencoder.stages.generate.random_latents", "draw_latents", "latents"),
]


@pytest.fixture
def fitted(tiny_photos: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Everything that is fitted, by name: arrays. Called again, it fits all again."""
    params = tiny_params()
    params["train"]["tiny"]["epochs"] = 1  # so that val has nothing to choose between
    write_params(Path(), params)
    notes: dict[str, Any] = {}
    for name, function, what in FITS:
        module = importlib.import_module(name)
        monkeypatch.setattr(module, function, noted(what, getattr(module, function), notes))

    def fit() -> dict[str, np.ndarray]:
        notes.clear()
        stage("baseline", "photos")
        for script in ("train", "embed", "compress", "generate", "retrieve"):
            stage(script, "tiny-8")
        # Their file says what they were made from, val too: another file, and the same weights.
        weights = load(paths.weights("tiny-8").read_bytes())
        found = {"weights": np.concatenate([weights[name].numpy().ravel() for name in sorted(weights)])}
        for what, value in notes.items():
            found |= {f"{what}, {part}": array for part, array in parts(value)}
        return found

    return fit


def parts(value: Any) -> Iterator[tuple[str, np.ndarray]]:
    """The arrays of what was fitted, by name."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, Projection):
        yield from (("mean", value.mean), ("components", value.components))
    else:
        for bits, grid in value.grids.items():
            yield from ((f"{bits} bits, {part.name}", np.asarray(getattr(grid, part.name))) for part in fields(grid))


def pca_error() -> float:
    error: float = read_json(paths.pca_errors("photos"), "")["pca_8"]["test_sse"]
    return error


@pytest.mark.parametrize("names", [("test",), ("val", "test")])
def test_absurd_pictures_outside_the_training_set_change_no_fit(fitted: Any, names: tuple[str, ...]) -> None:
    before, measured = fitted(), pca_error()
    make_absurd(*names)
    after = fitted()
    assert len(before) == 1 + 3 * 2 + 2 * 7 * 5 + 3  # weights, three PCAs, two codecs, latents of three kinds
    assert before.keys() == after.keys()
    for name, value in before.items():
        assert np.array_equal(value, after[name]), name
    # What is measured on them does change: the sentinel was seen where it should be.
    assert pca_error() > 2 * measured


def test_absurd_training_pictures_change_every_fit(fitted: Any) -> None:
    """The other way round, or the test above would prove nothing."""
    before = fitted()
    make_absurd("train")
    after = fitted()
    unmoved = [name for name, value in before.items() if np.array_equal(value, after[name])]
    assert unmoved == ["latents, standard_normal"]


def test_the_three_stages_fit_the_same_pca(fitted: Any) -> None:
    found = fitted()
    expected = fit_pca(read_split("photos", "train").images)
    for what in ("PCA of the baseline", "PCA of the search", "PCA of the codec"):
        assert np.array_equal(found[f"{what}, mean"], expected.mean)
        assert np.array_equal(found[f"{what}, components"], expected.components)


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

        def asked_for(*arguments: Any) -> float:
            asked.append(arguments)
            return 1.0

        patch.setattr(outcomes, "mean_image_mse", asked_for)
        outcomes.measure_seeds("few")
    ((seen, measured, _),) = asked
    assert np.array_equal(seen.images, train.images)
    assert np.array_equal(measured.images, test.images)
