"""Originals over reconstructions: which images are shown, and what the network makes of them."""

import torch

from autoencoder.config.plot import PlotOptions
from autoencoder.drawing.image_rows import ImageRow
from autoencoder.inference.reconstruction import reconstruct
from autoencoder.inference.trained_run import TrainedRun
from autoencoder.measures.shown import shown_rows
from autoencoder.models.base.value_range import to_unit
from autoencoder.storage.prepared import Split


def reconstruction_rows(trained: TrainedRun, split: Split, layout: PlotOptions) -> tuple[list[ImageRow], float]:
    """Rows of a figure, originals over reconstructions; and the MSE of those shown.

    The images are those of `shown_rows`, so that every run of a data set shows the same.
    """
    first = shown_rows(split, layout.columns * layout.rows, trained.manifest.kind)
    pairs = zip(*reconstruct(trained, split.images[first]), strict=True)
    originals, reconstructions = (torch.cat(list(part)) for part in pairs)
    mse = (reconstructions - originals).square().mean().item()
    shown = [to_unit(images, trained.manifest.value_range).cpu() for images in (originals, reconstructions)]
    rows = []
    for given, made in zip(*(torch.split(images, layout.columns) for images in shown), strict=True):
        rows += [ImageRow("original", given.numpy()), ImageRow("reconstructed", made.numpy())]
    return rows, mse
