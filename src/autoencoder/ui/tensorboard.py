"""What a training tells TensorBoard: parameters, losses, learning rate, the network's graph, reconstructions of fixed
images.
"""

import shutil
import warnings
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.utils.tensorboard import SummaryWriter

from autoencoder.ui.errors import cannot_write
from autoencoder.ui.torchvision_ops import make_grid

# TensorBoard shows groups of numbers in the alphabet's order: losses first.
GROUPS = {"train_mse": "loss", "val_mse": "loss", "learning_rate": "schedule", "seconds": "time", "fit_seconds": "time"}


class TrainingLog:
    """The event files of one training in `folder`. A fresh start (`epochs_done` 0) empties the folder; a training that
    goes on takes back what was told of its last epoch, and has to tell it again.

    Raises UserError, naming the folder, where it cannot be written. TensorBoard writes in a thread, so that it may come
    from a later call; `close` at the latest.
    """

    def __init__(self, folder: Path, epochs_done: int) -> None:
        if epochs_done == 0:
            shutil.rmtree(folder, ignore_errors=True)
        self.is_new = not folder.exists()
        self._folder = folder
        with self._explained():
            self._writer = SummaryWriter(str(folder), purge_step=epochs_done)

    def parameters(self, values: Mapping[str, object]) -> None:
        """What the training was made from, as a table."""
        rows = [f"| {name} | {value} |" for name, value in values.items()]
        with self._explained():
            self._writer.add_text("parameters", "\n".join(["| parameter | value |", "| --- | --- |", *rows]), 0)

    def graph(self, model: nn.Module, image: Tensor) -> None:
        """The network's graph, traced on `image` (1, channels, height, width)."""
        with self._explained(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the tracer's own deprecation notices
            self._writer.add_graph(model, image)

    def epoch(self, record: Mapping[str, float]) -> None:
        """The numbers of one epoch, each under its own name in its group."""
        with self._explained():
            for name, group in GROUPS.items():
                self._writer.add_scalar(f"{group}/{name}", record[name], int(record["epoch"]))

    def reconstructions(self, originals: Tensor, reconstructions: Tensor, epoch: int) -> None:
        """Originals and reconstructions side by side, two pairs a row. Both (n, channels, height, width) in [0, 1]."""
        pairs = torch.stack([originals, reconstructions], dim=1).flatten(0, 1)
        with self._explained():
            self._writer.add_image("reconstructions", make_grid(pairs, nrow=4), epoch)

    def close(self) -> None:
        """Write out what is pending."""
        with self._explained(), closing(self._writer):
            self._writer.flush()  # closing alone would not say what its thread could not write

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise cannot_write(self._folder, error) from None
