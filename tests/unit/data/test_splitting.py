"""Which image goes where, by the documented rule written out again."""

import numpy as np
import pytest

from autoencoder.data.splitting import split_randomly, take
from autoencoder.ui.errors import UserError


@pytest.mark.parametrize(
    ("number", "test_fraction", "val_fraction", "seed", "sizes"),
    [(1000, 0.25, 0.1, 42, (675, 75, 250)), (37, 0.3, 0.2, 1, (21, 5, 11)), (3, 0.34, 0.5, 0, (1, 1, 1))],
)
def test_test_first_then_val_then_the_rest(
    number: int, test_fraction: float, val_fraction: float, seed: int, sizes: tuple[int, int, int]
) -> None:
    parts = split_randomly(number, test_fraction, val_fraction, seed)
    order = np.random.default_rng(seed).permutation(number)
    num_train, num_val, num_test = sizes
    assert list(parts) == ["train", "val", "test"]
    assert parts["test"].tolist() == sorted(order[:num_test])
    assert parts["val"].tolist() == sorted(order[num_test : num_test + num_val])
    assert parts["train"].tolist() == sorted(order[num_test + num_val :])
    assert len(parts["train"]) == num_train


def test_the_seed_decides() -> None:
    one, other = (split_randomly(200, 0.25, 0.1, seed) for seed in (1, 2))
    assert any(not np.array_equal(one[name], other[name]) for name in one)
    assert len(set(one["test"]) & set(other["test"])) < 30  # 12.5 by chance


@pytest.mark.parametrize(
    ("number", "test_fraction", "val_fraction", "part"),
    [(1, 0.5, 0.5, "val"), (10, 0.04, 0.5, "test"), (10, 0.5, 0.01, "val"), (4, 0.5, 0.9, "train")],
)
def test_no_part_may_be_empty(number: int, test_fraction: float, val_fraction: float, part: str) -> None:
    with pytest.raises(UserError, match=rf"{number} images are too few.*leave none for {part}"):
        split_randomly(number, test_fraction, val_fraction, 0)


def test_rows_are_taken_with_their_labels_and_their_position() -> None:
    images = np.arange(6, dtype=np.uint8).reshape(6, 1, 1, 1)
    labels: dict[str, np.ndarray] = {"code": np.arange(6) * 10, "flags": np.arange(12, dtype=np.uint8).reshape(6, 2)}
    splits = take(images, labels, {"train": np.array([5, 0], dtype=np.int32), "test": np.array([2])})
    assert list(splits) == ["train", "test"]
    train = splits["train"]
    assert train.images.ravel().tolist() == [5, 0]
    assert train.index.tolist() == [5, 0]
    assert train.index.dtype == np.int64
    assert train.labels["code"].tolist() == [50, 0]
    assert train.labels["flags"].tolist() == [[10, 11], [0, 1]]
    assert splits["test"].labels["code"].tolist() == [20]
