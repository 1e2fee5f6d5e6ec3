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

# The error of a picture falls about as the number of latents rises; so weighed, each number of them counts alike.
NESTED_POWER = 0.95


def make_loss(run: Run, epoch: int) -> Loss:
    """The loss of one epoch (from 1) of a run; what is drawn at random depends on (seed, epoch) alone."""
    return NestedLoss(run.latent_dim, run.seed, epoch) if run.nested else reconstruction_loss


def reconstruction_loss(model: Autoencoder, images: Tensor) -> tuple[Tensor, Tensor]:
    """The mean squared error."""
    loss = F.mse_loss(model(images).float(), images)
    return loss, loss.detach()


class NestedLoss:
    """The error from all latents, and that from the first k of them, weighed: k is another for each image.

    k is log-uniform in 1..latent_dim. Both are decoded from one encoding.
    """

    def __init__(self, latent_dim: int, seed: int, epoch: int) -> None:
        self._latent_dim = latent_dim
        self._generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)

    def __call__(self, model: Autoencoder, images: Tensor) -> tuple[Tensor, Tensor]:
        """See `Loss`."""
        num_kept = self.draw(len(images)).to(images.device)
        latents = model.encoder(images)
        made = model.decoder(torch.cat([latents, keep_first(latents, num_kept)]))
        whole, part = (made.float() - images.repeat(2, 1, 1, 1)).square().flatten(1).mean(1).chunk(2)
        weights = (num_kept / self._latent_dim) ** NESTED_POWER
        return (whole + weights * part).mean() / 2, whole.detach().mean()

    def draw(self, count: int) -> Tensor:
        """How many latents are kept of each of `count` images: (count,) int64."""
        exponents = torch.rand(count, generator=self._generator)
        return (self._latent_dim**exponents).round().long().clamp(1, self._latent_dim)
