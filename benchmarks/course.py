"""One training's validation loss over its seconds, in a process of its own.

`python -m benchmarks.course rival LATENT_DIM EPOCHS` or `ours LATENT_DIM EPOCHS THREADS LOSS`: the rival for so many
epochs, or ours, by the recipe `muon` in so many, until its loss is as low. Prints [[seconds, val_mse], ...];
validation does not count.
"""

import json
import sys
import time
import warnings
from itertools import islice
from typing import Any

import torch

from autoencoder.config.params import load_params
from autoencoder.config.recipes import load_recipe
from autoencoder.models.base.mean_squared_error import mean_squared_error
from autoencoder.storage.prepared import read_manifest, read_split
from autoencoder.tools.side_by_side import cores
from autoencoder.training.batches import draw_batches
from autoencoder.training.losses import make_loss
from autoencoder.training.trainer import Trainer
from autoencoder.ui.progress import TrainingProgress
from benchmarks.contender import make_run
from benchmarks.rival import Watch
from benchmarks.rival import train as train_rival

RECIPE = "muon"
LEAST_BETWEEN, PART = 10, 20  # steps between two validations of ours: ten, or a twentieth of those done

Course = list[tuple[float, float]]


class PausedWatch(Watch):
    """Writes down each validation loss, and the seconds of training alone that led to it."""

    def __init__(self) -> None:
        super().__init__(lambda _: False, lambda *_: None)
        self.course: Course = []
        self._trained, self._since = 0.0, time.perf_counter()

    def on_validation_start(self, *_: Any) -> None:
        """The clock stops."""
        self._trained += time.perf_counter() - self._since

    def on_validation_end(self, trainer: Any, *_: Any) -> None:
        """And goes on."""
        self.course.append((self._trained, float(trainer.callback_metrics["val_loss"])))
        self._since = time.perf_counter()


def run_rival(latent_dim: int, epochs: int) -> Course:
    """The tutorial as written."""
    warnings.filterwarnings("ignore")
    train, val = (read_split("cifar10", split).images for split in ("train", "val"))
    watch = PausedWatch()
    train_rival(train, val, latent_dim, epochs, watch)
    return watch.course


def validate(trainer: Trainer, threads: int) -> float:
    """The validation loss, on all cores: it does not count, and most of the time would go into it."""
    torch.set_num_threads(cores())
    loss = mean_squared_error(trainer.model, trainer.val_images, trainer.value_range)
    torch.set_num_threads(threads)
    return loss


def run_ours(latent_dim: int, epochs: int, threads: int, loss: float) -> Course:
    """The loop of `train`, without writing anything, until the validation loss is at most `loss`.

    The rate warms up and falls within the epochs, as where nobody wants more.
    """
    train, val = (read_split("cifar10", split) for split in ("train", "val"))
    recipe = load_recipe(load_params(), RECIPE).model_copy(update={"epochs": epochs, "threads": threads})
    run, course, trained, step = make_run(latent_dim, recipe), Course(), 0.0, 0
    trainer = Trainer(run, read_manifest("cifar10"), train, val)
    shown = TrainingProgress(run.name, run.recipe.epochs, len(trainer.images), 0)
    for epoch in range(1, run.recipe.epochs + 1):
        batches = draw_batches(len(trainer.images), run.recipe, run.seed, epoch)
        loss_of = make_loss(run, epoch)
        while some := list(islice(batches, max(LEAST_BETWEEN, step // PART))):
            start = time.perf_counter()
            trainer._fit(iter(some), loss_of, shown)
            trained, step = trained + time.perf_counter() - start, step + len(some)
            course.append((trained, validate(trainer, threads)))
            if course[-1][1] <= loss:
                return course
    return course


def main() -> None:
    """Run the training that the command line names."""
    who, (latent_dim, epochs, *rest) = sys.argv[1], sys.argv[2:]
    if who == "rival":
        course = run_rival(int(latent_dim), int(epochs))
    else:
        course = run_ours(int(latent_dim), int(epochs), int(rest[0]), float(rest[1]))
    sys.stdout.write(json.dumps(course) + "\n")


if __name__ == "__main__":
    main()
