"""Blocks of images: as many as are asked for, fewer where they are large, one at least."""

import pytest

from autoencoder.storage import blocks


@pytest.mark.parametrize(("num_values", "expected"), [(1, 7), (14, 7), (15, 6), (100, 1), (101, 1)])
def test_large_images_are_taken_in_smaller_blocks(num_values: int, expected: int) -> None:
    assert blocks.images_at_once(7, num_values, 100) == expected


def test_the_data_sets_of_the_study_are_taken_as_many_at_once_as_ever() -> None:
    """Sums in other blocks differ in their last digits."""
    assert blocks.images_at_once(5000, 3072) == 5000
