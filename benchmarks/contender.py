"""One training under the clock, in a process of its own: prints how many images a second it learns from.

`python -m benchmarks.contender rival|RECIPE LATENT_DIM SECONDS`: the rival, or ours by a recipe of params.yaml.
"""

import json
import sys
import time
import warnings
from dataclasses import replace

from autoencoder.config.params import load_params
from autoencoder.config.recipes import Recipe, load_recipe
from autoencoder.config.runs import Run, load_runs
from autoencoder.storage.prepared import read_manifest, read_split
from autoencoder.training.batches import draw_batches
from autoencoder.training.losses import make_loss
from autoencoder.training.trainer import Trainer
from autoencoder.ui.progress import TrainingProgress
from benchmarks.rival import BATCH, Watch
from benchmarks.rival import train as train_rival

WARM_UP = 5  # steps at least, and a quarter of the time
AT_ONCE = 4  # steps between two looks at the clock


class Clock:
    """Counts images after a warm-up, until the time is over."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._steps, self._images, self._begun = seconds, 0, 0, 0.0
        self._start = time.perf_counter()

    def step(self, images: int, steps: int = 1) -> bool:
        """To be called after a step; whether the time is over."""
        now = time.perf_counter()
        self._steps += steps
        if self._begun:
            self._images += images
        elif self._steps >= WARM_UP and now - self._start > self._seconds / 4:
            self._begun = now
        self._now = now
        return bool(self._begun) and now - self._begun > self._seconds

    @property
    def rate(self) -> float:
        """Images a second."""
        return self._images / (self._now - self._begun)


def run_rival(latent_dim: int, clock: Clock) -> None:
    """The tutorial as written."""
    warnings.filterwarnings("ignore")
    train, val = (read_split("cifar10", split).images for split in ("train", "val"))
    watch = Watch(lambda _: clock.step(BATCH), lambda *_: None)
    train_rival(train, val, latent_dim, epochs=1000, watch=watch)


def make_run(latent_dim: int, recipe: Recipe) -> Run:
    """The tutorial's network with so many latents, by a recipe."""
    line = next(run for run in load_runs().values() if (run.dataset, run.model) == ("cifar10", "cifar10_cnn"))
    return replace(line, latent_dim=latent_dim, recipe=recipe, nested=False)


def run_ours(latent_dim: int, recipe: str, clock: Clock) -> None:
    """The loop of `train`, without writing anything."""
    run = make_run(latent_dim, load_recipe(load_params(), recipe))
    trainer = Trainer(run, read_manifest("cifar10"), read_split("cifar10", "train"), read_split("cifar10", "val"))
    shown = TrainingProgress(run.name, 1000, len(trainer.images), 0)
    epoch = 0
    while True:
        epoch += 1
        batches = draw_batches(len(trainer.images), run.recipe, run.seed, epoch)
        loss = make_loss(run, epoch)
        while some := [batch for batch, _ in zip(batches, range(AT_ONCE), strict=False)]:
            trainer._fit(iter(some), loss, shown)
            if clock.step(sum(len(batch.rows) for batch in some), len(some)):
                return


def main() -> None:
    """Run the contender that the command line names."""
    who, latent_dim, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    clock = Clock(seconds)
    if who == "rival":
        run_rival(latent_dim, clock)
    else:
        run_ours(latent_dim, who, clock)
    sys.stdout.write(json.dumps({"images_per_second": clock.rate}) + "\n")


if __name__ == "__main__":
    main()
