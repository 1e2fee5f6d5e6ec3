"""What a gradient step makes smaller: the error of a reconstruction, from all latents or from their first ones, too."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from autoencoder.config.runs import Run
from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.models.base.nested import keep_first

# Of a model and images in its value range: what is made smaller, and the mean squared error from all latents.
Loss = Callable[[Autoencoder, Tensor], tuple[Tensor, Tensor]]

PLAIN_SHARE = 0.25  # of a nested run's epochs: first it learns as any other, then its latents are put in order
WHOLE_SHARE = 0.25  # of a batch's images, decoded from all latents
SMALLEST_ERROR = 1e-12  # far below what a picture of 8 bits a value can be wrong by: its logarithm is finite


def make_loss(run: Run, epoch: int) -> Loss:
    """The loss of one epoch (from 1) of a run; what is drawn at random depends on (seed, epoch) alone."""
    if run.nested and epoch >= first_nested_epoch(run):
        return NestedLoss(run.latent_dim, run.seed, epoch)
    return reconstruction_loss


def first_nested_epoch(run: Run) -> int:
    """The epoch (from 1) of a nested run from which on it learns to decode from few latents."""
    return 1 + int(PLAIN_SHARE * run.recipe.epochs)


def starts_nesting(run: Run, epoch: int) -> bool:
    """Whether the latents are to be put in order before this epoch."""
    return run.nested and epoch == first_nested_epoch(run)


def reconstruction_loss(model: Autoencoder, images: Tensor) -> tuple[Tensor, Tensor]:
    """The mean squared error."""
    loss = F.mse_loss(model(images).float(), images)
    return loss, loss.detach()


class NestedLoss:
    """The weighed error of images each decoded from its first k latents: a part of them from all, for the others the
    square of log k is spread evenly, from 1 latent to all. (With log k itself half of them would go to fewer than 20.)

    An error from k latents is divided by about what is usual for k, so that a percent counts alike for every k: few
    latents leave an error so much larger that they would else be all that is learnt. See `balance`.
    """

    def __init__(self, latent_dim: int, seed: int, epoch: int) -> None:
        self._latent_dim = latent_dim
        self._generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)

    def __call__(self, model: Autoencoder, images: Tensor) -> tuple[Tensor, Tensor]:
        """See `Loss`."""
        drawn = self.draw(len(images))
        whole = (drawn == self._latent_dim).nonzero()[:, 0]  # here, since for a mask there the host would wait
        num_kept, whole = drawn.to(images.device), whole.to(images.device)
        made = model.decoder(keep_first(model.encoder(images), num_kept)).float()
        errors = (made - images).square().flatten(1).mean(1)
        weights = balance(num_kept / self._latent_dim, errors.detach())
        return (weights * errors).mean(), errors.detach()[whole].mean()

    def draw(self, count: int) -> Tensor:
        """How many latents are kept of each of `count` images, in no order: (count,) int64.

        All of a share of them, at least of one; for the others one from each of as many equal parts of the scale, so
        that no batch is without small numbers or large ones.
        """
        num_whole = max(1, round(WHOLE_SHARE * count))
        num_parts = count - num_whole
        places = (torch.arange(num_parts) + torch.rand(num_parts, generator=self._generator)) / max(1, num_parts)
        parts = self._latent_dim ** places.sqrt()
        kept = torch.cat([torch.full((num_whole,), self._latent_dim), parts.round().long()])
        return kept[torch.randperm(count, generator=self._generator)]


def balance(shares: Tensor, errors: Tensor) -> Tensor:
    """Weights (n,) in (0, 1] that fall with an image's share of latents kept as errors rise: share ** p, where
    c / share ** p is the power law nearest to the errors (least squares of their logarithms). 1 where all are kept.

    shares: (n,) in (0, 1]; errors: (n,), positive. Where they do not rise as shares fall, all weights are 1.
    """
    places = shares.log() - shares.log().mean()
    log_errors = errors.clamp_min(SMALLEST_ERROR).log()
    slope = (places * log_errors).sum() / places.square().sum().clamp_min(SMALLEST_ERROR)
    weights: Tensor = shares ** (-slope).clamp_min(0.0)
    return weights
