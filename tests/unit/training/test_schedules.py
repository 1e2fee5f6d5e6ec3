"""Learning rates over time."""

from functools import partial
from typing import Any

import pytest
import torch

from autoencoder.training.schedules import Schedule, half_cosine, warmed_up
from tests.recipes import recipe as make_recipe

warmup_cosine = partial(warmed_up, fall=half_cosine)

COMMON: dict[str, Any] = {"epochs": 4, "batch_size": 2, "learning_rate": 1.0}


def rates(recipe, steps: int, losses: list[float]) -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=recipe.learning_rate)
    schedule = Schedule(optimizer, recipe, steps * len(losses))
    seen = []
    for loss in losses:
        for _ in range(steps):
            seen.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.after_step()
        schedule.after_epoch(loss)
    return seen


def test_cosine_rises_then_falls_to_nearly_nothing() -> None:
    seen = rates(make_recipe(schedule="cosine", **COMMON, warmup_fraction=0.25), steps=10, losses=[1.0] * 4)
    peak = seen.index(max(seen))
    assert peak == 10
    assert seen[peak] == pytest.approx(1.0)
    assert seen[:peak] == sorted(seen[:peak])
    assert seen[peak:] == sorted(seen[peak:], reverse=True)
    assert 0 < seen[0] < 0.1
    assert 0 < seen[-1] < 0.01


def test_cosine_without_warmup_starts_at_the_full_rate() -> None:
    assert warmup_cosine(0, 0, 10) == 1.0
    assert warmup_cosine(5, 0, 10) == pytest.approx(0.5)
    assert warmup_cosine(10, 0, 10) == pytest.approx(0.0)


def test_plateau_waits_for_its_patience_and_stops_at_its_floor() -> None:
    recipe = make_recipe(schedule="plateau", **COMMON, factor=0.2, patience=1, min_learning_rate=0.1)
    assert rates(recipe, 1, [1.0] * 7) == pytest.approx([1.0, 1.0, 1.0, 0.2, 0.2, 0.1, 0.1])


def test_constant_stays() -> None:
    assert set(rates(make_recipe(schedule="constant", **COMMON), 2, [1.0, 2.0])) == {1.0}
