"""What each gradient step sees."""

from collections import Counter

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from autoencoder.training.batches import Batch, draw_batches, move
from tests.recipes import recipe

IMAGES = torch.arange(60 * 3 * 2 * 4, dtype=torch.int32).view(60, 3, 2, 4)


def test_mirrored_images_are_mirrored_sideways_and_the_others_are_not() -> None:
    taken = Batch(torch.tensor([4, 0, 4]), torch.tensor([True, False, False])).take(IMAGES)
    expected = np.stack([IMAGES[4].numpy()[:, :, ::-1], IMAGES[0].numpy(), IMAGES[4].numpy()])
    assert np.array_equal(taken.numpy(), expected)


def test_without_flips_images_are_what_they_are() -> None:
    for batch in draw_batches(60, recipe(batch_size=7), seed=3, epoch=2):
        assert batch.mirrored is None
        assert torch.equal(batch.take(IMAGES), IMAGES[batch.rows])


def mirrored(seed: int, epoch: int) -> list[bool]:
    """Of each image, in the order of the training set."""
    batches = list(draw_batches(60, recipe(batch_size=7, drop_last=False, horizontal_flips=True), seed, epoch))
    rows = torch.cat([batch.rows for batch in batches])
    flags = torch.cat([batch.mirrored for batch in batches if batch.mirrored is not None])
    return [bool(flags[place]) for place in rows.argsort()]


def test_each_image_is_mirrored_in_every_other_epoch() -> None:
    first, second, third = (mirrored(5, epoch) for epoch in (1, 2, 3))
    assert first == third
    assert [not flag for flag in first] == second
    assert 15 < sum(first) < 45


def test_the_seed_says_which_are_mirrored_first() -> None:
    assert mirrored(5, 1) != mirrored(6, 1)


def test_flips_leave_the_order_as_it_is() -> None:
    plain, flipped = (list(draw_batches(60, recipe(horizontal_flips=flips), 1, 1)) for flips in (False, True))
    assert all(torch.equal(one.rows, other.rows) for one, other in zip(plain, flipped, strict=True))


@pytest.mark.parametrize(("down", "right"), [(0, 0), (1, 0), (0, -1), (2, 3), (-3, 1), (3, -3)])
def test_moved_images_are_pytorchs_reflected_ones_cut_out_elsewhere(down: int, right: int) -> None:
    images = torch.rand(2, 3, 5, 6, generator=torch.Generator().manual_seed(0))
    padded = F.pad(images, (3, 3, 3, 3), mode="reflect")
    assert torch.equal(move(images, down, right), padded[:, :, 3 - down : 8 - down, 3 - right : 9 - right])


def test_a_batch_is_mirrored_and_then_moved() -> None:
    taken = Batch(torch.tensor([4, 0]), torch.tensor([True, False]), (1, -2)).take(IMAGES)
    expected = move(torch.stack([IMAGES[4].flip(-1), IMAGES[0]]), 1, -2)
    assert torch.equal(taken, expected)


def test_half_of_the_batches_move_anywhere_as_far_as_is_said() -> None:
    said = recipe(batch_size=1, shift_pixels=1)
    batches = [batch for epoch in range(1, 101) for batch in draw_batches(60, said, 1, epoch)]
    counts = Counter(batch.moved for batch in batches)
    assert set(counts) == {(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)}
    assert counts.pop((0, 0)) / 6000 == pytest.approx(1 / 2 + 1 / 18, abs=0.02)
    assert all(count / 6000 == pytest.approx(1 / 18, abs=0.01) for count in counts.values())


def test_moves_leave_the_order_as_it_is_and_follow_seed_and_epoch() -> None:
    def moves(shift_pixels: int, seed: int, epoch: int) -> list[Batch]:
        return list(draw_batches(60, recipe(batch_size=2, shift_pixels=shift_pixels), seed, epoch))

    plain, moved = moves(0, 1, 1), moves(2, 1, 1)
    assert all(torch.equal(one.rows, other.rows) for one, other in zip(plain, moved, strict=True))
    assert all(batch.moved == (0, 0) for batch in plain)
    told = [batch.moved for batch in moved]
    assert told == [batch.moved for batch in moves(2, 1, 1)]
    assert told != [batch.moved for batch in moves(2, 1, 2)]
    assert told != [batch.moved for batch in moves(2, 2, 1)]
