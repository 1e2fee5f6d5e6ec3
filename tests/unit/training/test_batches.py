"""What each gradient step sees."""

import numpy as np
import torch

from autoencoder.training.batches import Batch, draw_batches
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
