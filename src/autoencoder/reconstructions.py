"""Originals over reconstructions: which images are shown, and what the network makes of them."""

import numpy as np
import torch
from pydantic import Field

from autoencoder.inference import TrainedRun
from autoencoder.params import Section, get_section, load_params, parse
from autoencoder.pixels import to_range, to_unit
from autoencoder.prepared import Split
from autoencoder.rows import Row


class Layout(Section):
    """The `plot` section of params.yaml."""

    columns: int = Field(ge=1, le=20)  # images side by side
    rows: int = Field(ge=1, le=20)  # pairs of rows: originals over reconstructions


def load_layout() -> Layout:
    """The layout that params.yaml asks for."""
    return parse(Layout, get_section(load_params(), "plot"), "plot")


@torch.inference_mode()
def compare(trained: TrainedRun, split: Split, layout: Layout) -> tuple[list[Row], float]:
    """Rows of a figure, originals over reconstructions; and the MSE of those shown.

    The images are the split's first in the order of the source, so that every run of a data set shows the same.
    """
    first = np.argsort(split.index, kind="stable")[: layout.columns * layout.rows]
    originals = to_range(torch.from_numpy(split.images[first]).to(trained.device), trained.manifest.value_range)
    reconstructions = trained.model(originals)
    mse = (reconstructions - originals).square().mean().item()
    shown = [to_unit(images, trained.manifest.value_range).cpu() for images in (originals, reconstructions)]
    rows = []
    for given, made in zip(*(torch.split(images, layout.columns) for images in shown), strict=True):
        rows += [Row("original", given.numpy()), Row("reconstructed", made.numpy())]
    return rows, mse
