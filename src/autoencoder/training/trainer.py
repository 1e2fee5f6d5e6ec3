"""The training loop: the whole data set on the device (on a CPU: mapped from disk), resumable after every epoch."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.linalg import LinAlgError  # type: ignore[attr-defined]

from autoencoder.config.provenance import training_facts
from autoencoder.config.recipes import Recipe
from autoencoder.config.runs import Run
from autoencoder.config.tensorboard import load_tensorboard_options
from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.models.base.build import build_run
from autoencoder.models.base.device import autocast, device_name, make_deterministic, resolve_device, resolve_precision
from autoencoder.models.base.mean_squared_error import mean_squared_error
from autoencoder.models.base.nested import order_latents
from autoencoder.models.base.value_range import ValueRange, to_range, to_unit
from autoencoder.storage import paths
from autoencoder.storage.prepared import Manifest, Split
from autoencoder.storage.provenance import made_from
from autoencoder.training.batches import Batch, count_batches, draw_batches
from autoencoder.training.losses import Loss, first_nested_epoch, make_loss, starts_nesting
from autoencoder.training.memory import keep_freed_memory
from autoencoder.training.optimizers import make_optimizer
from autoencoder.training.resume import fingerprint, load_state, save_state
from autoencoder.training.schedules import Schedule
from autoencoder.training.starter import Starter
from autoencoder.ui import errors
from autoencoder.ui.progress import TrainingProgress, warn_of_few_steps
from autoencoder.ui.tensorboard import TrainingLog

NUM_LOGGED_IMAGES = 8
NUM_ORDERED_BY = 10_000  # training images that say along which axes a nested run's latents vary


@dataclass
class Progress:
    """What a training has reached; with the optimizer's and the schedule's state, all it needs to go on."""

    epoch: int = 0  # epochs completed
    best_val_mse: float = float("inf")
    best_weights: dict[str, Tensor] = field(default_factory=dict)
    history: list[dict[str, float]] = field(default_factory=list)  # one record an epoch


class Trainer:
    """Trains one run. `train()` goes on where an interrupted training of the same run stopped.

    starter: who is watched, and must live on; None: who is there now. Raises UserError for a model, device or batch
    size that params.yaml cannot have with this data set.
    """

    def __init__(self, run: Run, manifest: Manifest, train: Split, val: Split, starter: Starter | None = None) -> None:
        self._starter = starter or Starter()
        make_deterministic()
        keep_freed_memory()
        torch.set_num_threads(run.recipe.threads)
        self.run = run
        self.recipe: Recipe = run.recipe
        self.value_range: ValueRange = manifest.value_range
        self.device = resolve_device(run.device)
        self.precision = resolve_precision(run.recipe.precision, self.device)
        self.layout = torch.channels_last if run.recipe.channels_last else torch.contiguous_format
        self.images = torch.from_numpy(train.images).to(self.device)
        self.val_images = torch.from_numpy(val.images).to(self.device)
        self.steps_per_epoch = steps_per_epoch(run, len(self.images))
        model = build_run(run, manifest.image_shape, self.value_range)
        self.model: Autoencoder = model.to(self.device, memory_format=self.layout)  # type: ignore[call-overload]
        self.optimizer = make_optimizer(self.model, self.recipe, self.precision)
        self.schedule = Schedule(self.optimizer, self.recipe, self.recipe.epochs * self.steps_per_epoch)
        self.progress = Progress()
        # The same training, whether `auto` chose the device or a person.
        resolved = replace(run, device=str(self.device))
        self.fingerprint = fingerprint(resolved, manifest, self.precision, torch.get_num_threads())
        self.made_from = made_from(training_facts(run), manifest)
        self._images_every = load_tensorboard_options().reconstructions_every

    def train(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Train to the end. Returns the weights with the lowest validation loss, in half precision, and the history.

        The history: see `summary`.
        """
        self._restore(load_state(self.state_path))
        steps = self.recipe.epochs * self.steps_per_epoch
        warn_of_few_steps(self.run.name, steps, len(self.images), self.recipe.batch_size)
        done = self.progress.epoch
        with (
            closing(self._open_log()) as log,
            closing(TrainingProgress(self.run.name, self.recipe.epochs, self._images_per_epoch, done)) as shown,
        ):
            while self.progress.epoch < self.recipe.epochs:
                record = self._run_epoch(shown)
                save_state(self._state(), self.state_path)
                self._log_epoch(log)
                shown.epoch(record)
        return in_half_precision(self.progress.best_weights), self.summary()

    def forget(self) -> None:
        """Remove the training state: to be called once the results are safely written."""
        self.state_path.unlink(missing_ok=True)

    def summary(self) -> dict[str, Any]:
        """The history to keep: how it was trained, on what, and every epoch's numbers."""
        history = self.progress.history
        best = min(history[self._first_kept - 1 :], key=lambda record: record["val_mse"])
        fit_seconds = sum(record["fit_seconds"] for record in history)
        return {
            "run": self.run.name,
            "seed": self.run.seed,
            "device": device_name(self.device),
            "precision": self.precision,
            "torch": torch.__version__,
            "num_epochs": len(history),
            "best_epoch": best["epoch"],
            "train_seconds": round(sum(record["seconds"] for record in history), 1),
            "images_per_second": round(len(history) * self._images_per_epoch / fit_seconds, 1),
            "epochs": history,
        }

    @property
    def state_path(self) -> Path:
        """The file that an interrupted training goes on from."""
        return paths.resume(f"{self.run.name}-{self.fingerprint}.pt")

    @property
    def log_folder(self) -> Path:
        """Where TensorBoard finds this training: by run or study, then by recipe, seed and fingerprint."""
        run, short = self.run, self.fingerprint[:8]
        if run.study:
            return paths.tensorboard(f"seeds/{run.study}") / f"seed-{run.seed}-{short}"
        return paths.tensorboard(run.name) / f"{run.recipe_name}-seed{run.seed}-{short}"

    @property
    def orphaned(self) -> bool:
        """Whether what started the training is gone: DVC would delete its outputs, and go on from the state."""
        return self._starter.gone()

    @property
    def _first_kept(self) -> int:
        """The first epoch whose weights may be kept: before, a nested run cannot decode from few latents."""
        return first_nested_epoch(self.run) if self.run.nested else 1

    @property
    def _images_per_epoch(self) -> int:
        return min(len(self.images), self.steps_per_epoch * self.recipe.batch_size)

    def _run_epoch(self, shown: TrainingProgress) -> dict[str, float]:
        """One epoch with its validation; updates `self.progress` and returns the epoch's record."""
        start = time.perf_counter()
        epoch = self.progress.epoch + 1
        learning_rate = self.optimizer.param_groups[0]["lr"]
        batches = draw_batches(len(self.images), self.recipe, self.run.seed, epoch)
        if starts_nesting(self.run, epoch):
            sample = torch.split(self.images[:NUM_ORDERED_BY], self.recipe.batch_size)
            order_latents(self.model, map(self._as_seen, sample))
        train_mse = self._fit(batches, make_loss(self.run, epoch), shown)
        fitted = time.perf_counter()
        val_mse = mean_squared_error(self.model, self.val_images, self.value_range)
        self.schedule.after_epoch(val_mse)
        if not val_mse < float("inf"):
            raise errors.diverged(self.run.name, epoch)
        if val_mse < self.progress.best_val_mse or epoch == self._first_kept:
            self.progress.best_val_mse = val_mse
            self.progress.best_weights = {k: v.detach().cpu().clone() for k, v in self.model.state_dict().items()}
        record = {
            "epoch": epoch,
            "train_mse": train_mse,
            "val_mse": val_mse,
            "learning_rate": learning_rate,
            "seconds": round(time.perf_counter() - start, 3),
            "fit_seconds": round(fitted - start, 3),
        }
        self.progress.epoch = epoch
        self.progress.history.append(record)
        return record

    def _fit(self, batches: Iterator[Batch], loss_of: Loss, shown: TrainingProgress) -> float:
        """One pass of gradient steps. Returns the mean squared error on training images, as seen along the way."""
        self.model.train()
        total = torch.zeros((), device=self.device)
        steps = 0
        for batch in batches:
            images = self._as_seen(batch.take(self.images))
            with autocast(self.device, self.precision):
                loss, mse = loss_of(self.model, images)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            try:
                self.optimizer.step()
            except LinAlgError:
                raise errors.diverged(self.run.name, self.progress.epoch + 1) from None
            self.schedule.after_step()
            total += mse
            steps += 1
            shown.step(len(images), total, steps)
            if self.orphaned:
                raise errors.starter_gone(self.run.name, self.progress.epoch)
        return total.item() / steps

    def _as_seen(self, images: Tensor) -> Tensor:
        return to_range(images, self.value_range).contiguous(memory_format=self.layout)

    def _open_log(self) -> TrainingLog:
        """The log, with what belongs before the first epoch or, of a training that goes on, with its last epoch again:
        a kill may have come between its state and its log.
        """
        done = self.progress.epoch
        log = TrainingLog(self.log_folder, done)
        if log.is_new:
            log.parameters(self.made_from | {"device": device_name(self.device), "precision": self.precision})
            log.graph(self.model, self._as_seen(self.images[:1]))
        if done:
            self._log_epoch(log)
        else:
            self._log_images(log)
        return log

    def _log_epoch(self, log: TrainingLog) -> None:
        epoch = self.progress.epoch
        log.epoch(self.progress.history[-1])
        if epoch % self._images_every == 0 or epoch == self.recipe.epochs:
            self._log_images(log)

    @torch.no_grad()
    def _log_images(self, log: TrainingLog) -> None:
        self.model.eval()
        images = self._as_seen(self.val_images[:NUM_LOGGED_IMAGES])
        originals, reconstructions = (to_unit(shown, self.value_range) for shown in (images, self.model(images)))
        log.reconstructions(originals, reconstructions, self.progress.epoch)

    def _state(self) -> dict[str, Any]:
        return {
            "epoch": self.progress.epoch,
            "best_val_mse": self.progress.best_val_mse,
            "best_weights": self.progress.best_weights,
            "history": json.dumps(self.progress.history),
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
        }

    def _restore(self, state: dict[str, Any] | None) -> None:
        if state is None:
            return
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.progress = Progress(
            state["epoch"], state["best_val_mse"], state["best_weights"], json.loads(state["history"])
        )


def in_half_precision(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Weights as they are kept: floats of 16 bits (IEEE 754 binary16), half the bytes.

    Rounding them is far below what a seed changes (docs/reproducibility.md has the numbers), and everything published
    is measured with the rounded ones.
    """
    halves = {name: value.half() if value.is_floating_point() else value for name, value in weights.items()}
    assert all(value.isfinite().all() for value in halves.values())  # 65,504 is the largest there is
    return halves


def steps_per_epoch(run: Run, num_images: int) -> int:
    """Gradient steps in one epoch of a run with so many training images. Raises UserError where there is none."""
    steps = count_batches(num_images, run.recipe)
    if steps == 0:
        raise errors.batch_too_large(run.recipe.batch_size, num_images, run.dataset)
    return steps
