"""What a gradient step makes smaller, against the same written out image by image."""

from collections.abc import Callable
from math import log
from statistics import fmean

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from autoencoder.config.runs import Run
from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.training.losses import (
    WHOLE_SHARE,
    NestedLoss,
    balance,
    make_loss,
    reconstruction_loss,
    starts_nesting,
)
from tests.recipes import recipe

LATENT_DIM = 6


@pytest.fixture
def model() -> Autoencoder:
    torch.manual_seed(0)
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(12, LATENT_DIM))
    decoder = nn.Sequential(nn.Linear(LATENT_DIM, 12), nn.Unflatten(1, (3, 2, 2)))
    return Autoencoder(encoder, decoder, LATENT_DIM)


IMAGES = torch.rand(5, 3, 2, 2, generator=torch.Generator().manual_seed(3)) * 2 - 1


def test_plain_is_the_mean_squared_error(model: Autoencoder) -> None:
    loss, mse = reconstruction_loss(model, IMAGES)
    assert loss.item() == mse.item() == pytest.approx((model(IMAGES) - IMAGES).square().mean().item())
    assert loss.requires_grad
    assert not mse.requires_grad


def test_nested_is_each_image_from_its_own_first_latents_weighed(model: Autoencoder) -> None:
    images = torch.rand(12, 3, 2, 2, generator=torch.Generator().manual_seed(3)) * 2 - 1
    loss, mse = NestedLoss(LATENT_DIM, 1, 1)(model, images)
    kept = NestedLoss(LATENT_DIM, 1, 1).draw(12).tolist()
    errors = []
    for image, count in zip(images, kept, strict=True):
        latents = model.encoder(image[None])
        first = torch.cat([latents[:, :count], torch.zeros(1, LATENT_DIM - count)], dim=1)
        errors.append((model.decoder(first) - image).square().mean().item())
    # The power law by numpy's least squares: of the logarithms, a straight line.
    slope, _ = np.polyfit(np.log(kept), np.log(errors), 1)
    weighed = [(count / LATENT_DIM) ** max(0.0, -slope) * error for count, error in zip(kept, errors, strict=True)]
    assert loss.item() == pytest.approx(fmean(weighed), rel=1e-5)
    whole = [error for count, error in zip(kept, errors, strict=True) if count == LATENT_DIM]
    assert 1 < len(whole) < 12
    assert mse.item() == pytest.approx(fmean(whole), rel=1e-5)
    assert not mse.requires_grad
    loss.backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


@pytest.mark.parametrize("power", [0.0, 0.5, 1.3])
def test_errors_of_a_power_law_count_alike_for_every_number(power: float) -> None:
    shares = torch.arange(1, 33) / 32
    errors = 0.02 * shares**-power
    assert (balance(shares, errors) * errors).tolist() == pytest.approx([0.02] * 32, rel=1e-4)


def test_errors_that_rise_with_the_number_or_are_of_one_number_count_as_they_are() -> None:
    shares = torch.arange(1, 9) / 8
    assert balance(shares, shares).tolist() == [1.0] * 8
    assert balance(torch.ones(3), torch.tensor([1.0, 2.0, 3.0])).tolist() == [1.0] * 3
    assert balance(shares, torch.zeros(8)).tolist() == [1.0] * 8


def test_a_part_keeps_all_and_the_rest_is_even_in_the_square_of_the_logarithm() -> None:
    drawn = NestedLoss(32, 0, 1).draw(60_000)
    assert set(drawn.tolist()) == set(range(1, 33))
    assert (drawn == 32).double().mean() == pytest.approx(WHOLE_SHARE, abs=0.01)
    for most in (1, 4, 12, 25):
        share = (drawn <= most).double().mean()
        assert share == pytest.approx((1 - WHOLE_SHARE) * (log(most + 0.5) / log(32)) ** 2, abs=0.005)


def test_every_batch_has_small_numbers_and_large_ones() -> None:
    loss = NestedLoss(384, 0, 1)
    for _ in range(50):
        drawn = loss.draw(128)
        assert drawn.min() in (1, 2)
        assert sorted(drawn.tolist())[95] in range(372, 385)
        assert (drawn == 384).sum() in (32, 33)
    assert not torch.equal(loss.draw(128), loss.draw(128))
    assert loss.draw(1).tolist() == [384]


@pytest.mark.parametrize(("nested", "epochs", "first"), [(False, 8, None), (True, 8, 3), (True, 1, 1), (True, 100, 26)])
def test_a_nested_run_begins_like_any_other(nested: bool, epochs: int, first: int | None, model: Autoencoder) -> None:
    run = Run("r", "d", "m", {}, LATENT_DIM, recipe(epochs=epochs), 1, "cpu", nested=nested)
    kinds = [isinstance(make_loss(run, epoch), NestedLoss) for epoch in range(1, epochs + 1)]
    starts = [epoch for epoch in range(1, epochs + 1) if starts_nesting(run, epoch)]
    assert starts == ([] if first is None else [first])
    assert kinds == [first is not None and epoch >= first for epoch in range(1, epochs + 1)]


@pytest.mark.parametrize("other", [lambda: NestedLoss(64, 1, 2), lambda: NestedLoss(64, 2, 1)])
def test_what_is_drawn_follows_from_seed_and_epoch(other: Callable[[], NestedLoss]) -> None:
    def drawn(loss: NestedLoss) -> Tensor:
        return loss.draw(100)

    assert torch.equal(drawn(NestedLoss(64, 1, 1)), drawn(NestedLoss(64, 1, 1)))
    assert not torch.equal(drawn(NestedLoss(64, 1, 1)), drawn(other()))
