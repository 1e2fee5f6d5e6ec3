"""A trained run from its files: latents in order, pictures of the right images."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save

from autoencoder.config.plot import load_plot_options
from autoencoder.inference import trained_run
from autoencoder.inference.decoding import as_bytes
from autoencoder.inference.embeddings import KEPT_BITS, create_embeddings, round_bits
from autoencoder.inference.reconstruction import reconstruct
from autoencoder.inference.trained_run import load_trained
from autoencoder.models.base.value_range import to_range
from autoencoder.stages.plot.reconstructions import reconstruction_rows
from autoencoder.storage import paths
from autoencoder.storage.latents import write_latents
from autoencoder.storage.prepared import Split, read_manifest, read_split, write_prepared
from autoencoder.storage.provenance import digest
from autoencoder.ui.errors import UserError
from tests.conftest import tiny_params, write_initial_weights, write_params


@pytest.fixture
def trained_photos(small_photos: Path) -> Path:
    write_initial_weights("tiny-8")
    return small_photos


@pytest.mark.parametrize(("there", "used"), [("cpu", "cpu"), ("cuda:1", "cuda:1"), ("mps", "cpu")])
def test_what_knows_no_float64_is_left_to_the_cpu(there: str, used: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trained_run, "resolve_device", {"auto": torch.device(there)}.__getitem__)
    assert trained_run.float64_device("auto") == torch.device(used)


@pytest.mark.parametrize(("side", "expected"), [(24, 100), (32, 100), (64, 85), (256, 5)])
def test_fewer_large_images_go_through_a_network_at_once(small_photos: Path, side: int, expected: int) -> None:
    run = trained_run.load_untrained("tiny-8")
    assert replace(run, manifest=replace(run.manifest, image_shape=(3, side, side))).batch_size == expected


def test_a_run_is_where_its_device_is(trained_photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`meta` stands for another device: its tensors have a place and no numbers."""
    monkeypatch.setattr(trained_run, "resolve_device", lambda _: torch.device("meta"))
    trained = trained_run.load_untrained("tiny-8")
    assert trained.device == torch.device("meta")
    assert {parameter.device.type for parameter in trained.model.parameters()} == {"meta"}
    images = read_split("photos", "test").images
    for originals, reconstructions in reconstruct(trained, images):
        assert {originals.device.type, reconstructions.device.type} == {"meta"}


def test_bytes_are_the_nearest() -> None:
    assert np.array_equal(as_bytes(np.arange(256, dtype=np.float32) / 255), np.arange(256))
    assert as_bytes(np.array([0.4, 0.6, 254.4, 254.6]) / 255).tolist() == [0, 1, 254, 255]
    assert as_bytes(np.ones((2, 3), np.float32)).dtype == np.uint8


def test_latents_are_those_of_the_images_in_order(trained_photos: Path) -> None:
    trained = load_trained("tiny-8")
    images = np.concatenate([read_split("photos", "train").images] * 6)  # more than one batch
    latents = create_embeddings(trained, images)
    assert latents.shape == (576, 8)
    assert latents.dtype == np.float32
    for row in (0, 501, 575):
        alone = trained.model.encoder(to_range(torch.from_numpy(images[row : row + 1]), (-1.0, 1.0), torch.float64))
        assert np.array_equal(latents[row], round_bits(alone.detach().numpy()[0]))


def test_latents_are_kept_to_sixteen_binary_digits() -> None:
    values = np.random.default_rng(0).standard_normal(10_000) * 10.0 ** np.arange(-5, 5).repeat(1000)
    kept = round_bits(values)
    assert kept.dtype == np.float32
    assert np.abs(kept / values - 1).max() <= 2.0**-KEPT_BITS
    assert np.array_equal(kept, round_bits(values * (1 + 1e-15)))  # as another processor may have summed
    fraction, _ = np.frexp(kept.astype(np.float64))
    assert np.array_equal(fraction * 2**KEPT_BITS, np.rint(fraction * 2**KEPT_BITS))
    assert round_bits(np.array([0.0, -0.0, 1.0])).tolist() == [0, 0, 1]


def test_latents_travel_with_index_and_labels(trained_photos: Path) -> None:
    split, manifest = read_split("photos", "test"), read_manifest("photos")
    write_latents("tiny-8", "test", np.zeros((16, 8), dtype=np.float32), split, "ab", manifest)
    with np.load(paths.embeddings("tiny-8") / "test.npz", allow_pickle=False) as arrays:
        made_from = {"weights_sha256", "dataset", "images_sha256"}
        assert set(arrays.files) == {"latents", "index", "label_place", *made_from}
        assert arrays["index"].tolist() == split.index.tolist()


def test_weights_are_required(small_photos: Path) -> None:
    with pytest.raises(
        UserError, match=r"models/tiny-8/weights.safetensors is missing; train it \(dvc repro train@tin"
    ):
        load_trained("tiny-8")


@pytest.mark.parametrize(
    ("section", "key", "value", "told"),
    [
        ("models.cifar10_cnn", "activation", "relu", "models.cifar10_cnn.activation gelu (now: relu)"),
        ("train.tiny", "learning_rate", 0.5, "train.tiny.learning_rate 0.003 (now: 0.5)"),
        ("train.tiny", "threads", 2, "train.tiny.threads 1 (now: 2)"),
        ("runs.tiny-8", "seed", 7, "seed 1 (now: 7)"),
        ("runs.tiny-8", "latent_dim", 9, "latent_dim 8 (now: 9)"),
        ("runs.tiny-8", "options", {"activation": "silu"}, "models.cifar10_cnn.activation gelu (now: silu)"),
    ],
)
def test_weights_trained_with_other_params_are_refused(
    trained_photos: Path, section: str, key: str, value: object, told: str
) -> None:
    params = tiny_params()
    group, name = section.split(".")
    params[group][name][key] = value
    write_params(Path(), params)
    message = f"models/tiny-8/weights.safetensors was trained with {told}; train again: dvc repro train@tiny-8"
    with pytest.raises(UserError, match=f"^{re.escape(message)}$"):
        load_trained("tiny-8")


def test_weights_trained_from_other_data_are_refused(trained_photos: Path) -> None:
    splits = {name: read_split("photos", name) for name in ("train", "val", "test")}
    manifest = load_trained("tiny-8").manifest
    turned = Split(splits["val"].images[::-1].copy(), splits["val"].index, splits["val"].labels)
    write_prepared(Path("data/prepared/photos"), {**splits, "test": splits["val"]}, manifest)
    load_trained("tiny-8")  # no training looks at the test images
    write_prepared(Path("data/prepared/photos"), {**splits, "val": turned}, manifest)
    with pytest.raises(UserError, match=r"trained with another data/prepared/photos/val.npz than is there now; train"):
        load_trained("tiny-8")


def test_where_it_computes_and_what_it_shows_is_nothing_that_weights_say(trained_photos: Path) -> None:
    params = tiny_params() | {"device": "auto", "tensorboard": {"reconstructions_every": 3}}
    write_params(Path(), params)
    assert load_trained("tiny-8").weights_sha256 == digest(paths.weights("tiny-8"))


def test_weights_that_say_nothing_are_refused(trained_photos: Path) -> None:
    path = paths.weights("tiny-8")
    path.write_bytes(save(load_file(path)))
    with pytest.raises(UserError, match=r"does not say what it was trained with; train again: dvc repro --force train"):
        load_trained("tiny-8")


def test_pictures_show_the_first_images_of_the_source(trained_photos: Path) -> None:
    trained, layout = load_trained("tiny-8"), load_plot_options()
    split = read_split("photos", "test")
    turned = Split(split.images[::-1].copy(), split.index[::-1].copy(), split.labels)
    rows, mse = reconstruction_rows(trained, turned, layout)
    assert [row.label for row in rows] == ["original", "reconstructed"] * 2
    assert rows[0].images.shape == (5, 3, 32, 32)
    assert np.allclose(rows[2].images[0], split.images[5] / 255, atol=1e-6)
    assert rows[1].images.min() >= 0
    assert rows[1].images.max() <= 1
    assert mse > 0
