"""Rows of pictures: what is drawn is what was given, pixel for pixel."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autoencoder.drawing import style
from autoencoder.drawing.image_rows import FRAME, ImageRow, image_rows


def pictures(count: int, *shape: int) -> np.ndarray:
    """Random bytes as numbers in [0, 1]: what a wrong rounding or a mixed-up axis changes."""
    return np.random.default_rng(count).integers(0, 256, (count, *shape)).astype(np.float32) / np.float32(255)


def drawn(rows: list[ImageRow], folder: Path, title: str = "title") -> np.ndarray:
    style.save(image_rows(rows, title, False), folder / "rows.png")
    with Image.open(folder / "rows.png") as picture:
        return np.asarray(picture.convert("RGB"))


def places(page: np.ndarray, image: np.ndarray, factor: int) -> list[tuple[int, int]]:
    """Where `image` (channels, height, width) stands on the page, each of its pixels factor x factor of the page's."""
    pixels = np.rint(image * 255).astype(np.uint8).transpose(1, 2, 0)
    block = np.broadcast_to(pixels, (*pixels.shape[:2], 3)).repeat(factor, 0).repeat(factor, 1)
    height, width = block.shape[:2]
    corner = np.all(page[: len(page) - height + 1, : page.shape[1] - width + 1] == block[0, 0], axis=2)
    return [(y, x) for y, x in np.argwhere(corner) if np.array_equal(page[y : y + height, x : x + width], block)]


@pytest.mark.parametrize(
    ("shape", "factor"), [((3, 32, 32), 3), ((3, 24, 24), 4), ((1, 8, 16), 6), ((3, 8, 8), 12), ((3, 128, 128), 1)]
)
def test_pictures_are_drawn_whole_and_in_order(shape: tuple[int, ...], factor: int, tmp_path: Path) -> None:
    first, second = pictures(3, *shape), pictures(2, *shape)
    page = drawn([ImageRow("first", first, ("a", "b", "c")), ImageRow("second", second)], tmp_path)
    found = [places(page, image, factor) for image in (*first, *second)]
    assert [len(each) for each in found] == [1] * 5
    (top, left), (_, middle), (_, right), (lower, under), _ = (each[0] for each in found)
    assert left < middle < right
    assert middle - left == right - middle
    assert lower >= top + factor * shape[1]
    assert under == left


def test_a_white_picture_has_an_edge(tmp_path: Path) -> None:
    page = drawn([ImageRow("", np.ones((1, 3, 32, 32), np.float32))], tmp_path)
    edge = np.all(page == FRAME, axis=2)
    assert edge.sum() == 4 * 96 + 4


def test_what_lies_outside_of_what_can_be_shown_is_black_or_white(tmp_path: Path) -> None:
    images = np.stack([np.full((3, 32, 32), value, np.float32) for value in (-0.5, 1.5)])
    page = drawn([ImageRow("", images)], tmp_path)
    assert len(places(page, np.zeros((3, 32, 32)), 3)) == 1
    assert (page == 0).all(axis=2).sum() >= 96 * 96


def test_a_long_caption_meets_no_other(tmp_path: Path) -> None:
    images, long = pictures(3, 3, 8, 8), "a caption wider than its picture"
    page = drawn([ImageRow("", images, (long,) * 3)], tmp_path)
    below = page[places(page, images[0], 12)[0][0] + 12 * 8 + 2 :].min(axis=(0, 2))
    ink = np.flatnonzero(below < 128)
    gaps = np.diff(ink)
    assert (gaps > 8).sum() == 2  # white between the three; the spaces of their words are narrower
