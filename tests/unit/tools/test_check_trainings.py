"""Mistakes that only a network can judge are told before the first training starts."""

from pathlib import Path

import pytest

from autoencoder.tools.check_trainings import check
from autoencoder.ui.errors import UserError
from tests.conftest import tiny_params, write_params

RUN = ("runs", "tiny-8")


@pytest.fixture
def photos_alone(small_photos: Path) -> dict:
    """Params whose runs and studies are all of the prepared data set."""
    params = tiny_params()
    del params["runs"]["avatars-108"]
    params["seeds"]["avatars-seeds"] |= {"dataset": "photos", "model": "cifar10_cnn", "latent_dim": 8}
    write_params(Path(), params)
    check()
    return params


@pytest.mark.parametrize(
    ("keys", "value", "text"),
    [
        (
            ("models", "cifar10_cnn", "activation"),
            "reluu",
            "params.yaml: models.cifar10_cnn.activation: input should be",
        ),
        (("models", "cifar10_cnn", "activatoin"), "relu", "params.yaml: models.cifar10_cnn: unknown key 'activatoin'"),
        (("models", "cifar10_cnn", "base_channels"), "lots", "params.yaml: models.cifar10_cnn.base_channels: input"),
        ((*RUN, "options"), {"activation": "reluu"}, "params.yaml: models.cifar10_cnn.activation: input should be"),
        ((*RUN, "latent_dim"), 4000, "params.yaml: latent_dim"),
        ((*RUN, "model"), "punks_cnn", "punks_cnn"),
        (("train", "tiny", "batch_size"), 97, "the recipe's batch_size 97 is larger than the 96 training images"),
        (("device",), "gpu", "device"),
        (("seeds", "avatars-seeds", "options"), {"activation": "reluu"}, "params.yaml: models.cifar10_cnn.activation"),
        (("seeds", "avatars-seeds", "latent_dim"), 4000, "params.yaml: latent_dim"),
    ],
)
def test_what_no_training_could_have_is_one_line(
    photos_alone: dict, keys: tuple[str, ...], value: object, text: str
) -> None:
    section = photos_alone
    for key in keys[:-1]:
        section = section[key]
    section[keys[-1]] = value
    write_params(Path(), photos_alone)
    with pytest.raises(UserError) as caught:
        check()
    assert text in str(caught.value)
    assert "\n" not in str(caught.value)
