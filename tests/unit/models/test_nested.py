"""The first latents are kept, the others are zero."""

import pytest
import torch

from autoencoder.models.base.nested import keep_first


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
