"""What a training tells TensorBoard: losses, learning rate, the network's graph, reconstructions of fixed images."""

import shutil
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.utils.tensorboard import SummaryWriter

from autoencoder.ui.torchvision_ops import make_grid


class TrainingLog:
    """The event files of one training in `folder`. A fresh start empties the folder, a resumed one goes on."""

    def __init__(self, folder: Path, first_epoch: int) -> None:
        if first_epoch == 1:
            shutil.rmtree(folder, ignore_errors=True)
        self._writer = SummaryWriter(str(folder), purge_step=first_epoch)

    def graph(self, model: nn.Module, image: Tensor) -> None:
        """The network's graph, traced on `image` (1, channels, height, width)."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the tracer's own deprecation notices
            self._writer.add_graph(model, image)

    def epoch(self, record: dict[str, float]) -> None:
        """The numbers of one epoch, each under its own name."""
        for name, value in record.items():
            if name != "epoch":
                self._writer.add_scalar(name, value, int(record["epoch"]))

    def reconstructions(self, originals: Tensor, reconstructions: Tensor, epoch: int) -> None:
        """Originals and reconstructions side by side, two pairs a row. Both (n, channels, height, width) in [0, 1]."""
        pairs = torch.stack([originals, reconstructions], dim=1).flatten(0, 1)
        self._writer.add_image("reconstructions", make_grid(pairs, nrow=4), epoch)

    def close(self) -> None:
        """Write out what is pending."""
        self._writer.close()
