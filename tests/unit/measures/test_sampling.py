"""A part that stands for the whole is of all of it, and the same each time."""

import numpy as np

from autoencoder.measures.sampling import sample_rows


def test_all_where_there_are_no_more() -> None:
    assert sample_rows(5, 9).tolist() == [0, 1, 2, 3, 4]
    assert sample_rows(5, 5).tolist() == [0, 1, 2, 3, 4]


def test_a_sorted_data_set_is_not_cut_off_after_its_first_classes() -> None:
    rows = sample_rows(10_000, 2000)
    assert len(set(rows.tolist())) == 2000
    assert np.array_equal(rows, np.sort(rows))
    of_class = np.bincount(rows // 1000, minlength=10)
    assert of_class.min() > 160  # 200 are expected, give or take 13
    assert of_class.max() < 240


def test_the_same_numbers_give_the_same_rows() -> None:
    assert np.array_equal(sample_rows(100, 10), sample_rows(100, 10))
