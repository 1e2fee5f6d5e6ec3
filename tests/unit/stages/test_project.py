"""The folders that TensorBoard's projector opens, read back with TensorBoard's own code."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tensorboard.plugins.projector import projector_plugin
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

from autoencoder.stages.project.projector import cell_sides, config, grid_columns, metadata, sprite, write_projector
from autoencoder.storage import paths

NAMES = {"kind": ["cat", "big\tdog"], "worn": ["hat", "pipe", "cap"]}
LATENTS = np.random.default_rng(0).standard_normal((3, 4)).astype(np.float32)
INDEX = np.array([7, 1, 5])
LABELS = {"kind": np.array([1, 0, 1]), "worn": np.array([[1, 0, 1], [0, 0, 0], [0, 1, 0]], dtype=np.uint8)}
TABLE = metadata(INDEX, LABELS, NAMES)


def read_config(path: Path) -> ProjectorConfig:
    return projector_plugin.text_format.Parse((path / "projector_config.pbtxt").read_text(), ProjectorConfig())


def images(number: int, shape: tuple[int, int, int] = (3, 8, 8)) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (number, *shape), dtype=np.uint8)


def test_a_runs_folder_is_all_that_tensorboard_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_projector("a-4", LATENTS, TABLE, images(3))
    folder = paths.projector("a-4")
    (embedding,) = read_config(folder).embeddings
    assert embedding.tensor_name == "a-4"
    assert list(embedding.tensor_shape) == [3, 4]
    for name in (embedding.tensor_path, embedding.metadata_path, embedding.sprite.image_path):
        # TensorBoard refuses a file that is not in the config's folder or below.
        config_path = str(folder / "projector_config.pbtxt")
        assert Path(projector_plugin._rel_to_abs_asset_path(name, config_path)).is_file()
    path = folder / embedding.tensor_path
    with pytest.raises(UnicodeDecodeError):  # what makes TensorBoard read the file as raw numbers
        projector_plugin._read_tensor_tsv_file(str(path))
    assert np.array_equal(projector_plugin._read_tensor_binary_file(str(path), embedding.tensor_shape), LATENTS)
    assert (folder / embedding.metadata_path).read_text() == TABLE
    assert np.array_equal(np.asarray(Image.open(folder / embedding.sprite.image_path)), np.asarray(sprite(images(3))))


def test_a_sprite_is_given_its_width_first() -> None:
    (embedding,) = projector_plugin.text_format.Parse(config("a", (3, 4), (24, 32)), ProjectorConfig()).embeddings
    assert list(embedding.sprite.single_image_dim) == [32, 24]


def test_metadata_names_the_labels() -> None:
    assert TABLE.splitlines() == [
        "kind\tworn\tindex",
        "big dog\that / cap\t7",
        "cat\tnone\t1",
        "big dog\tpipe\t5",
    ]


def test_without_labels_there_is_one_column_and_no_heading() -> None:
    assert metadata(INDEX, {}, {}) == "7\n1\n5\n"


@pytest.mark.parametrize("channels", [1, 3])
def test_a_sprite_holds_the_pictures_row_by_row(channels: int) -> None:
    pictures = images(5, (channels, 8, 8))
    pixels = np.asarray(sprite(pictures))
    assert pixels.shape == (16, 24, 3)
    for number, picture in enumerate(pictures):
        row, column = divmod(number, 3)
        cell = pixels[row * 8 : row * 8 + 8, column * 8 : column * 8 + 8]
        assert np.array_equal(cell, np.broadcast_to(picture, (3, 8, 8)).transpose(1, 2, 0))
    assert not pixels[8:, 16:].any()


@pytest.mark.parametrize(("number", "columns"), [(1, 1), (2, 2), (4, 2), (5, 3), (10_000, 100), (10_001, 101)])
def test_a_sprite_is_about_as_high_as_wide(number: int, columns: int) -> None:
    assert grid_columns(number) == columns


@pytest.mark.parametrize(("number", "side"), [(10_000, 32), (10_000, 128), (90, 1024), (65_536, 256), (1, 9000)])
def test_a_sprite_is_never_too_large(number: int, side: int) -> None:
    height, width = cell_sides(number, (side, side))
    assert 1 <= height == width <= side
    assert grid_columns(number) * width <= 8192
    assert width == side or grid_columns(number) * (width + 1) > 8192


def test_pictures_of_a_sprite_that_would_be_too_large_are_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autoencoder.stages.project.projector.MAX_SPRITE_SIDE", 12)
    flat = np.full((4, 3, 8, 8), 200, dtype=np.uint8)
    whole = sprite(flat)
    assert isinstance(whole, Image.Image)
    assert whole.size == (12, 12)
    assert (np.asarray(whole) == 200).all()
