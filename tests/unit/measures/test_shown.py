"""Figures of every run show the same images, and of a sorted folder not those of its first sub-folder alone."""

import numpy as np

from autoencoder.measures.shown import shown_rows
from autoencoder.storage.prepared import Split

NUM_IMAGES = 400
INDEX = np.random.default_rng(3).permutation(NUM_IMAGES)
SPLIT = Split(np.zeros((NUM_IMAGES, 1, 8, 8), np.uint8), INDEX, {})


def test_the_first_of_their_source_in_its_order() -> None:
    rows = shown_rows(SPLIT, 5, "cifar10")
    assert INDEX[rows].tolist() == [0, 1, 2, 3, 4]


def test_of_a_folder_some_from_all_over_it_in_its_order() -> None:
    rows = shown_rows(SPLIT, 40, "image_folder")
    places = INDEX[rows]
    assert len(set(places.tolist())) == 40
    assert np.array_equal(places, np.sort(places))
    of_quarter = np.bincount(places * 4 // NUM_IMAGES, minlength=4)
    assert of_quarter.min() >= 4  # 10 are expected, give or take 2.6
    assert np.array_equal(rows, shown_rows(SPLIT, 40, "image_folder"))


def test_all_where_there_are_fewer() -> None:
    for kind in ("punks", "image_folder"):
        assert INDEX[shown_rows(SPLIT, NUM_IMAGES + 9, kind)].tolist() == list(range(NUM_IMAGES))
