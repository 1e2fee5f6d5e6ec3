"""The learning rate over time: one object for every schedule a recipe can name."""

import math
from collections.abc import Callable
from typing import Any

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR, ReduceLROnPlateau

from autoencoder.config.recipes import CosineRecipe, LinearRecipe, PlateauRecipe, Recipe


class Schedule:
    """Sets the optimizer's learning rate: call `after_step` after each step, `after_epoch` after each epoch.

    Its state travels with the training state, so that a resumed run goes on at the same rate.
    """

    def __init__(self, optimizer: Optimizer, recipe: Recipe, total_steps: int) -> None:
        self._by_step: LambdaLR | None = None
        self._by_epoch: ReduceLROnPlateau | None = None
        if isinstance(recipe, CosineRecipe | LinearRecipe):
            warmup_steps = recipe.warmup_fraction * total_steps
            fall = half_cosine if isinstance(recipe, CosineRecipe) else straight
            self._by_step = LambdaLR(optimizer, lambda step: warmed_up(step, warmup_steps, total_steps, fall))
        elif isinstance(recipe, PlateauRecipe):
            self._by_epoch = ReduceLROnPlateau(
                optimizer, factor=recipe.factor, patience=recipe.patience, min_lr=recipe.min_learning_rate
            )

    def after_step(self) -> None:
        """To be called after each optimizer step."""
        if self._by_step:
            self._by_step.step()

    def after_epoch(self, val_mse: float) -> None:
        """To be called after each epoch with its validation loss."""
        if self._by_epoch:
            self._by_epoch.step(val_mse)

    def state_dict(self) -> dict[str, Any]:
        """The state of the schedule; empty where the rate is constant."""
        inner = self._by_step or self._by_epoch
        return inner.state_dict() if inner else {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state`."""
        inner = self._by_step or self._by_epoch
        if inner:
            inner.load_state_dict(state)


def warmed_up(step: int, warmup_steps: float, total_steps: int, fall: Callable[[float], float]) -> float:
    """The factor on the learning rate at `step` (from 0): linear up to 1, then as `fall` says down to 0 at the end."""
    if step < warmup_steps:
        return (step + 1) / (warmup_steps + 1)
    progress = (step - warmup_steps) / max(1.0, total_steps - warmup_steps)
    return fall(min(1.0, progress))


def half_cosine(progress: float) -> float:
    """From 1 to 0 as progress goes from 0 to 1: slowly, fast, slowly."""
    return 0.5 * (1 + math.cos(math.pi * progress))


def straight(progress: float) -> float:
    """From 1 to 0 as progress goes from 0 to 1, evenly."""
    return 1 - progress
