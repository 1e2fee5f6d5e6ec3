"""Test images, and what PCA and the networks make of them, by number of latents."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from autoencoder.stages.report.atlas import Cell
from autoencoder.stages.report.parts import as_csv
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.storage import paths
from autoencoder.storage.results import read_result_arrays

FIRST = "first"


def read_samples(run: str) -> dict[str, np.ndarray]:
    """What `plot` kept of a run's pictures (`stages.plot.samples`)."""
    return read_result_arrays(paths.samples(run), run, "plot", "which", "original", "network")


@dataclass(frozen=True)
class Grid:
    """Originals, and by number of latents what PCA and the best run of so many make of them."""

    id: str
    atlas: str
    side: int
    originals: list[Cell]
    blocks: list[dict[str, Any]]

    @property
    def csv(self) -> str:
        """What "copy the data" copies: the decibels below the pictures."""
        rows = [
            {
                "latent_dim": block["latent_dim"],
                "run": block["run"],
                "test_psnr_db": block["network_db"],
                "pca_test_psnr_db": block["pca_db"] and block["pca_db"][0],
            }
            for block in self.blocks
        ]
        return as_csv(rows)

    @property
    def lead(self) -> dict[str, Any] | None:
        """The block whose network is farthest ahead of PCA, and by how many dB (`ahead`, below 0 where it is behind);
        None where PCA was not measured.
        """
        known = [block for block in self.blocks if block["pca_db"]]
        beside = [{**block, "ahead": block["network_db"] - block["pca_db"][0]} for block in known]
        return max(beside, key=lambda block: float(block["ahead"]), default=None)

    @property
    def start(self) -> int:
        """The block that a slider begins at: the middle one, neither the poorest nor the best."""
        return len(self.blocks) // 2


def picture_grid(dataset: DataSet, study: StudyResults) -> Grid | None:
    """The first test images through PCA and the best run of each number of latents."""
    atlas, originals, blocks = study.atlas(dataset), [], []
    for run in study.best_of_each(dataset):
        samples = read_samples(run.name)
        shown = samples["which"] == FIRST
        originals = [atlas.add(image) for image in samples["original"][shown]]
        linear = [atlas.add(image) for image in samples["pca"][shown]] if "pca" in samples else []
        blocks.append(
            {
                "latent_dim": run.latent_dim,
                "run": run.name,
                "network": [atlas.add(image) for image in samples["network"][shown]],
                "pca": linear,
                "network_db": study.metrics(run)["test_psnr_db"],
                "pca_db": study.pca_psnr(dataset, run.latent_dim),  # and whether it was measured
            }
        )
    return Grid(f"grid-{dataset.name}", atlas.id, atlas.side, originals, blocks) if blocks else None
