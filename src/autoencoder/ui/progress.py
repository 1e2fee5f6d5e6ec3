"""What people see of a training: a bar on a terminal, a line an epoch everywhere, with its rate and the time left."""

import os
import sys

from torch import Tensor
from tqdm import tqdm

from autoencoder.ui.relay import RELAYED

FEW_STEPS = 500  # a training of fewer gradient steps has hardly begun


class TrainingProgress:
    """The progress of one training of `epochs` epochs, each of `images_per_epoch` images; to be closed.

    epochs_done: how many an earlier, interrupted training has left behind.
    """

    def __init__(self, run: str, epochs: int, images_per_epoch: int, epochs_done: int) -> None:
        self.run, self.epochs, self.images_per_epoch = run, epochs, images_per_epoch
        if epochs_done:
            print(f"resuming {run} after epoch {epochs_done} of {epochs}", file=sys.stderr)
        relayed = RELAYED in os.environ
        self._bar = tqdm(
            total=epochs * images_per_epoch,
            initial=epochs_done * images_per_epoch,
            desc=f"{run} epoch {epochs_done + 1}/{epochs}",
            unit="img",
            unit_scale=True,
            disable=False if relayed else None,  # only on a terminal; a log gets one line an epoch
            mininterval=0.5 if relayed else 0.1,
            bar_format="{desc}{percentage:.0f} %, {rate_fmt}, {remaining} left{postfix}" if relayed else None,
            dynamic_ncols=True,
        )

    def close(self) -> None:
        """Leave the terminal to others."""
        self._bar.close()

    def step(self, num_images: int, total_loss: Tensor, steps: int) -> None:
        """A gradient step is done, the epoch's `steps`-th; their losses sum to `total_loss`, looked at now and then."""
        if self._bar.update(num_images):  # true when the bar was drawn again, a few times a second
            self._bar.set_postfix(train_mse=f"{total_loss.item() / steps:.5f}", refresh=False)

    def epoch(self, record: dict[str, float]) -> None:
        """An epoch is done; `record` holds its numbers."""
        epoch = int(record["epoch"])
        left = (self.epochs - epoch) * record["seconds"]
        line = (
            f"{self.run} epoch {epoch}/{self.epochs}  train_mse {record['train_mse']:.5f}  "
            f"val_mse {record['val_mse']:.5f}  lr {record['learning_rate']:.2e}  "
            f"{self.images_per_epoch / record['fit_seconds']:,.0f} img/s  {left / 60:.1f} min left"
        )
        self._bar.write(line, file=sys.stderr)
        self._bar.set_description(f"{self.run} epoch {min(epoch + 1, self.epochs)}/{self.epochs}", refresh=False)


def warn_of_few_steps(run: str, steps: int, num_images: int, batch_size: int) -> None:
    """Say so where a training of `steps` gradient steps in all cannot learn much."""
    if steps < FEW_STEPS:
        print(
            f"{run}: only {steps} gradient steps in all ({num_images} training images, batches of {batch_size}); "
            "with more epochs or a smaller batch_size it learns more",
            file=sys.stderr,
        )


def warn_of_damaged_state(path: object, reason: str) -> None:
    """Say that an interrupted training cannot be gone on from."""
    print(f"{path} is damaged ({reason}); training from the beginning", file=sys.stderr)


def tell_seed(run: str, number: int, of: int) -> None:
    """Say that one seed of a study is trained."""
    print(f"{run} is trained, {number} of {of} seeds", flush=True)
