"""A trained run from its files: latents in order, pictures of the right images."""

from pathlib import Path

import numpy as np
import pytest
import torch

from autoencoder.config.plot import load_plot_options
from autoencoder.inference.embeddings import create_embeddings
from autoencoder.inference.trained_run import load_trained, load_untrained
from autoencoder.models.base.value_range import to_range
from autoencoder.stages.plot.reconstructions import reconstruction_rows
from autoencoder.storage import paths
from autoencoder.storage.latents import write_latents
from autoencoder.storage.prepared import Split, read_split
from autoencoder.storage.weights import save_weights
from autoencoder.ui.errors import UserError


@pytest.fixture
def trained_photos(small_photos: Path) -> Path:
    save_weights(load_untrained("tiny-8").model.state_dict(), paths.weights("tiny-8"))
    return small_photos


def test_latents_are_those_of_the_images_in_order(trained_photos: Path) -> None:
    trained = load_trained("tiny-8")
    images = np.concatenate([read_split("photos", "train").images] * 6)  # more than one batch
    latents = create_embeddings(trained, images)
    assert latents.shape == (576, 8)
    assert latents.dtype == np.float32
    for row in (0, 501, 575):
        alone = trained.model.encoder(to_range(torch.from_numpy(images[row : row + 1]), (-1.0, 1.0)))
        assert np.allclose(latents[row], alone.detach().numpy()[0], atol=1e-5)


def test_latents_travel_with_index_and_labels(trained_photos: Path) -> None:
    split = read_split("photos", "test")
    write_latents(Path("out/test.npz"), np.zeros((16, 8), dtype=np.float32), split)
    with np.load("out/test.npz", allow_pickle=False) as arrays:
        assert set(arrays.files) == {"latents", "index", "label_place"}
        assert arrays["index"].tolist() == split.index.tolist()


def test_weights_are_required_and_must_fit(small_photos: Path) -> None:
    with pytest.raises(UserError, match=r"models/tiny-8/weights.safetensors is missing"):
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
