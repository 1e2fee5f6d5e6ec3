"""What a gradient step makes smaller, against the same written out image by image."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.training.losses import NESTED_POWER, NestedLoss, reconstruction_loss

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


def test_nested_adds_each_image_from_its_own_first_latents(model: Autoencoder) -> None:
    loss, mse = NestedLoss(LATENT_DIM, 1, 1)(model, IMAGES)
    kept = NestedLoss(LATENT_DIM, 1, 1).draw(5)
    assert len(set(kept.tolist())) > 1
    expected = torch.tensor(0.0)
    for image, count in zip(IMAGES, kept.tolist(), strict=True):
        latents = model.encoder(image[None])
        first = torch.cat([latents[:, :count], torch.zeros(1, LATENT_DIM - count)], dim=1)
        whole, part = ((model.decoder(code) - image).square().mean() for code in (latents, first))
        expected = expected + (whole + (count / LATENT_DIM) ** NESTED_POWER * part) / 10
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)
    assert mse.item() == pytest.approx((model(IMAGES) - IMAGES).square().mean().item())
    loss.backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_every_number_is_drawn_small_ones_as_often_as_large_on_a_log_scale() -> None:
    drawn = NestedLoss(64, 0, 1).draw(60_000)
    assert set(drawn.tolist()) == set(range(1, 65))
    for low in (2, 4, 8, 16):  # each octave as often
        assert ((drawn >= low) & (drawn < 2 * low)).double().mean() == pytest.approx(1 / 6, rel=0.25)


@pytest.mark.parametrize("other", [lambda: NestedLoss(64, 1, 2), lambda: NestedLoss(64, 2, 1)])
def test_what_is_drawn_follows_from_seed_and_epoch(other: Callable[[], NestedLoss]) -> None:
    def drawn(loss: NestedLoss) -> Tensor:
        return loss.draw(100)

    assert torch.equal(drawn(NestedLoss(64, 1, 1)), drawn(NestedLoss(64, 1, 1)))
    assert not torch.equal(drawn(NestedLoss(64, 1, 1)), drawn(other()))
