"""What latents do: what the first of a nested run draw, and how a picture changes when one latent does."""

import numpy as np
import torch
from torch import Tensor

from autoencoder.drawing.image_rows import ImageRow
from autoencoder.inference.decoding import decode_images
from autoencoder.inference.embeddings import create_embeddings
from autoencoder.inference.trained_run import DTYPE, TrainedRun
from autoencoder.measures.sampling import sample_rows
from autoencoder.measures.shown import shown_rows
from autoencoder.models.base.nested import keep_first
from autoencoder.storage.blocks import images_at_once
from autoencoder.storage.prepared import Split

NUM_MEASURED = 1000  # test images that say where latents lie, and how widely
NUM_SHOWN = 4  # test images drawn from their first latents
NUM_MOVED = 6  # latents moved one at a time
STEPS = (-3, -2, -1, 0, 1, 2, 3)  # standard deviations from the mean


def latent_rows(trained: TrainedRun, test: Split) -> list[ImageRow]:
    """Rows of a figure: of a nested run test images, and the mean of many, from 1, 2, 4, ... latents; then the mean
    latents decoded with one of them moved: the first ones of a nested run, of another those that vary most.
    """
    rows = sample_rows(len(test.images), NUM_MEASURED)
    latents = torch.from_numpy(create_embeddings(trained, test.images[rows])).to(trained.device, DTYPE)
    if not trained.run.nested:
        order = latents.std(dim=0).argsort(descending=True, stable=True)
        return moved(trained, latents, order[:NUM_MOVED].tolist())
    first = shown_rows(test, NUM_SHOWN, trained.manifest.kind)
    shown = torch.from_numpy(create_embeddings(trained, test.images[first])).to(trained.device, DTYPE)
    return [
        *from_first_latents(trained, shown, test.images[first], latents),
        *moved(trained, latents, list(range(min(NUM_MOVED, trained.run.latent_dim)))),
    ]


def from_first_latents(trained: TrainedRun, shown: Tensor, originals: np.ndarray, latents: Tensor) -> list[ImageRow]:
    """A row an image, decoded from its first 1, 2, 4, ... and all latents, the original at the end; last the mean
    picture of many. shown, latents: (n, latent_dim); originals: (n, channels, height, width) uint8.
    """
    counts = [2**power for power in range(trained.run.latent_dim.bit_length()) if 2**power < trained.run.latent_dim]
    counts.append(trained.run.latent_dim)
    drawn = np.stack([_decode(trained, keep_first(shown, count)) for count in counts], axis=1)
    many = latents[: images_at_once(NUM_MEASURED, trained.manifest.num_inputs)]
    means = np.stack([_decode(trained, keep_first(many, count)).mean(axis=0) for count in counts])
    rows = [
        ImageRow("", np.concatenate([of_image, original[None] / np.float32(255)]))
        for of_image, original in zip(drawn, originals, strict=True)
    ]
    captions = (*(f"{count} latent{'s' if count > 1 else ''}" for count in counts), "original")
    rows[-1] = rows[-1]._replace(captions=captions)
    return [*rows, ImageRow("mean of\nmany", means)]


def moved(trained: TrainedRun, latents: Tensor, which: list[int]) -> list[ImageRow]:
    """A row a latent: the mean latents decoded, but that one at -3 to 3 standard deviations from its mean."""
    mean, deviation = latents.mean(dim=0), latents.std(dim=0)
    rows = []
    for latent in which:
        codes = mean.repeat(len(STEPS), 1)
        codes[:, latent] += deviation[latent] * torch.tensor(STEPS, dtype=DTYPE, device=mean.device)
        rows.append(ImageRow(f"latent {latent + 1}", _decode(trained, codes)))
    if rows:
        rows[-1] = rows[-1]._replace(captions=tuple(f"{step:+d} s.d." if step else "mean" for step in STEPS))
    return rows


def _decode(trained: TrainedRun, latents: Tensor) -> np.ndarray:
    return decode_images(trained, latents.cpu().numpy())
