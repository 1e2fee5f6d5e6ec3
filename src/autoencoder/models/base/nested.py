"""Nested latents: the first k of them decode, for every k.

Source: Rippel, Gelbart and Adams 2014, "Learning Ordered Representations with Nested Dropout". Ours are turned along
the way so that the first ones are those that vary most, which is where nested dropout would lead them slowly.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from autoencoder.models.base.autoencoder import Autoencoder


class Axes(nn.Module):
    """Where latents lie: their mean, and the axes along which they vary, most along the first. Before `order_latents`
    finds them they change nothing.
    """

    mean: Tensor
    axes: Tensor

    def __init__(self, latent_dim: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(latent_dim))
        self.register_buffer("axes", torch.eye(latent_dim))

    def set(self, mean: Tensor, axes: Tensor) -> None:
        """mean: (latent_dim,); axes: (latent_dim, latent_dim), orthogonal, one a column."""
        self.mean.copy_(mean)
        self.axes.copy_(axes)


class PrincipalAxes(Axes):
    """A network's latents (n, latent_dim) -> their coordinates."""

    def forward(self, latents: Tensor) -> Tensor:
        """See the class."""
        return (latents - self.mean) @ self.axes


class FromPrincipalAxes(Axes):
    """Coordinates (n, latent_dim) -> a network's latents; the mean where all are zero."""

    def forward(self, coordinates: Tensor) -> Tensor:
        """See the class."""
        return coordinates @ self.axes.T + self.mean


def make_nested(model: Autoencoder) -> Autoencoder:
    """The same autoencoder with latents that can be put in order (`order_latents`); until then it computes the same."""
    encoder = nn.Sequential(model.encoder, PrincipalAxes(model.latent_dim))
    decoder = nn.Sequential(FromPrincipalAxes(model.latent_dim), model.decoder)
    return Autoencoder(encoder, decoder, model.latent_dim)


@torch.no_grad()
def order_latents(model: Autoencoder, batches: Iterable[Tensor]) -> None:
    """Turn the latents of a nested model so that the first vary most over `batches` of images; it still draws the same.

    Found in double precision on the CPU, each axis with its largest number positive: the same wherever it runs.
    """
    model.eval()
    assert isinstance(model.encoder, nn.Sequential)
    assert isinstance(model.decoder, nn.Sequential)
    encoder, along, back = model.encoder[0], model.encoder[1], model.decoder[0]
    assert isinstance(along, PrincipalAxes)
    assert isinstance(back, FromPrincipalAxes)
    latents = torch.cat([encoder(images).cpu().double() for images in batches])
    mean = latents.mean(dim=0)
    _, vectors = torch.linalg.eigh((latents - mean).T @ (latents - mean))
    axes = vectors.flip(1)
    largest = axes.gather(0, axes.abs().argmax(dim=0, keepdim=True))
    for each in (along, back):
        each.set(mean, axes * largest.sign())


def keep_first(latents: Tensor, num_kept: int | Tensor) -> Tensor:
    """Latents (n, latent_dim) with all but the first `num_kept` set to zero; num_kept: one number, or (n,) int64."""
    place = torch.arange(latents.shape[1], device=latents.device)
    kept = num_kept[:, None] if isinstance(num_kept, Tensor) else num_kept
    return torch.where(place < kept, latents, 0)
