"""Nested latents: turned to their principal axes without a change of what is drawn, and kept up to a number."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from torch import Tensor, nn

from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.models.base.build import build_model
from autoencoder.models.base.nested import FromPrincipalAxes, keep_first, make_nested, order_latents

IMAGES = torch.rand(40, 3, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
OPTIONS = {"hidden_units": 16, "final_activation": "none"}


def build(nested: bool = False) -> Autoencoder:
    return build_model("dense", OPTIONS, (3, 8, 8), (-1.0, 1.0), 6, 5, nested).double()


def numbers(values: Tensor) -> np.ndarray:
    array: np.ndarray = values.detach().numpy()
    return array


def test_before_the_latents_are_ordered_nothing_is_changed() -> None:
    plain, nested = build(), build(nested=True)
    given = IMAGES.double()
    assert torch.equal(nested.encoder(given), plain.encoder(given))
    assert torch.equal(nested(given), plain(given))
    assert nested.num_parameters == plain.num_parameters


def test_ordered_latents_are_scikit_learns_principal_components() -> None:
    plain, nested = build(), build(nested=True)
    given = IMAGES.double()
    order_latents(nested, torch.split(given, 7))
    ours, theirs = numbers(nested.encoder(given)), PCA(6).fit_transform(numbers(plain.encoder(given)))
    assert np.allclose(abs(ours), abs(theirs), atol=1e-5)
    assert np.allclose(np.corrcoef(ours.T), np.eye(6), atol=1e-4)
    assert (np.diff(ours.var(axis=0)) < 0).all()


def test_and_the_pictures_stay_as_they_were() -> None:
    nested = build(nested=True)
    given = IMAGES.double()
    before = nested(given)
    order_latents(nested, [given])
    assert torch.allclose(nested(given), before, atol=1e-6)
    nothing = torch.zeros(1, 6, dtype=torch.float64)
    mean = build().encoder(given).mean(dim=0, keepdim=True)
    assert torch.allclose(nested.decoder(nothing), build().decoder(mean), atol=1e-6)


def test_the_sign_of_an_axis_does_not_hang_on_the_library() -> None:
    nested = build(nested=True)
    order_latents(nested, [IMAGES.double()])
    assert isinstance(nested.decoder, nn.Sequential)
    turned_back = nested.decoder[0]
    assert isinstance(turned_back, FromPrincipalAxes)
    axes = turned_back.axes
    assert (axes.gather(0, axes.abs().argmax(dim=0, keepdim=True)) > 0).all()


def test_the_order_is_part_of_the_weights() -> None:
    nested, other = build(nested=True), build(nested=True)
    order_latents(nested, [IMAGES.double()])
    other.load_state_dict(nested.state_dict())
    assert torch.equal(other.encoder(IMAGES.double()), nested.encoder(IMAGES.double()))
    assert torch.equal(other(IMAGES.double()), nested(IMAGES.double()))


def test_any_autoencoder_can_be_nested() -> None:
    encoder, decoder = nn.Flatten(), nn.Unflatten(1, (3, 8, 8))
    nested = make_nested(Autoencoder(encoder, decoder, 192))
    order_latents(nested, [IMAGES])
    assert torch.allclose(nested(IMAGES), IMAGES, atol=1e-4)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_first_stay_and_the_rest_is_nothing(dtype: torch.dtype) -> None:
    latents = torch.arange(1, 13, dtype=dtype).view(3, 4)
    assert keep_first(latents, 2).tolist() == [[1, 2, 0, 0], [5, 6, 0, 0], [9, 10, 0, 0]]
    assert keep_first(latents, torch.tensor([1, 4, 3])).tolist() == [[1, 0, 0, 0], [5, 6, 7, 8], [9, 10, 11, 0]]
    assert torch.equal(keep_first(latents, 4), latents)
    assert keep_first(latents, 2).dtype == dtype


def test_what_is_left_out_learns_nothing() -> None:
    latents = torch.ones(2, 3, requires_grad=True)
    keep_first(latents, torch.tensor([1, 2])).sum().backward()
    assert latents.grad is not None
    assert latents.grad.tolist() == [[1, 0, 0], [1, 1, 0]]
