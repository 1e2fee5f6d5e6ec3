"""The two tutorials' networks: their exact sizes and shapes, and what they refuse."""

import pytest
import torch

from autoencoder.errors import UserError
from autoencoder.models import Autoencoder, build_model

CIFAR = {"base_channels": 32, "activation": "gelu", "final_activation": "none"}
SIGNED, UNIT = (-1.0, 1.0), (0.0, 1.0)


def cifar(latent_dim: int, side: int = 32, channels: int = 3, seed: int = 0, **options: object) -> Autoencoder:
    return build_model("cifar10_cnn", {**CIFAR, **options}, (channels, side, side), SIGNED, latent_dim, seed)


def punks(latent_dim: int = 108, side: int = 24) -> Autoencoder:
    return build_model("punks_cnn", {"final_activation": "sigmoid"}, (3, side, side), UNIT, latent_dim, 0)


@pytest.mark.parametrize("latent_dim", [1, 64, 128, 256, 384])
def test_cifar10_cnn_has_the_tutorials_parameters(latent_dim: int) -> None:
    assert cifar(latent_dim).num_parameters == 159_779 + 2_049 * latent_dim


def test_punks_cnn_has_the_tutorials_parameters() -> None:
    assert punks().num_parameters == 5_517


@pytest.mark.parametrize(("side", "channels"), [(8, 3), (24, 1), (32, 3), (64, 3)])
def test_cifar10_cnn_takes_any_square_that_divides_by_eight(side: int, channels: int) -> None:
    model = cifar(5, side, channels, base_channels=4)
    images = torch.zeros(2, channels, side, side)
    assert model.encoder(images).shape == (2, 5)
    assert model(images).shape == images.shape


def test_punks_cnn_shapes() -> None:
    model = punks()
    images = torch.rand(2, 3, 24, 24)
    assert model.encoder(images).shape == (2, 108)
    assert model(images).shape == images.shape
    assert model(images).min() > 0
    assert model(images).max() < 1


def test_final_activation_is_applied() -> None:
    model = cifar(4, final_activation="tanh")
    assert model.decoder(100 * torch.ones(1, 4)).abs().max() <= 1


@pytest.mark.parametrize(
    ("build", "part"),
    [
        (lambda: cifar(8, side=36), "side divides by 8, these are 36 x 36"),
        (lambda: punks(64), "fixed latent_dim of 108"),
        (lambda: punks(108, side=26), "24 x 24, these are 26 x 26"),
        (lambda: punks(108, side=8), "24 x 24, these are 8 x 8"),
        (lambda: cifar(8, final_activation="sigmoid"), r"sigmoid reaches \[0, 1\] only, the images lie in \[-1, 1\]"),
        (lambda: cifar(8, final_activation="softmax"), "models.cifar10_cnn.final_activation"),
        (lambda: cifar(8, width=3), "unknown key 'width'"),
        (lambda: build_model("vae", {}, (3, 32, 32), SIGNED, 8, 0), "no network 'vae'; there is: cifar10_cnn, punks"),
    ],
)
def test_what_a_network_cannot_have_is_refused(build, part: str) -> None:
    with pytest.raises(UserError, match=part):
        build()


def test_initial_weights_follow_the_seed_alone() -> None:
    first, again, other = cifar(4, seed=1), cifar(4, seed=1), cifar(4, seed=2)
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), again.parameters(), strict=True))
    assert not torch.equal(next(first.parameters()), next(other.parameters()))


def test_building_leaves_the_callers_random_numbers_alone() -> None:
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    cifar(4, seed=99)
    assert torch.equal(torch.rand(3), expected)
