"""Learning rates against their formulas, written out, and against a schedule of PyTorch's own."""

import math
from functools import partial
from typing import Any

import pytest
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR

from autoencoder.config.recipes import Recipe
from autoencoder.training.schedules import Schedule, half_cosine, straight, warmed_up
from tests.recipes import recipe as make_recipe

warmup_cosine = partial(warmed_up, fall=half_cosine)

COMMON: dict[str, Any] = {"epochs": 4, "batch_size": 2, "learning_rate": 0.5}


def make(recipe: Recipe, total_steps: int) -> tuple[torch.optim.Optimizer, Schedule]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=recipe.learning_rate)
    return optimizer, Schedule(optimizer, recipe, total_steps)


def rates(recipe: Recipe, losses: list[float], steps: int) -> list[float]:
    """The rate of each step of each epoch."""
    optimizer, schedule = make(recipe, steps * len(losses))
    seen = []
    for loss in losses:
        for _ in range(steps):
            seen.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.after_step()
        schedule.after_epoch(loss)
    return seen


@pytest.mark.parametrize(("fraction", "warmup"), [(0.0, 0.0), (0.1, 2.0), (0.25, 5.0), (0.33, 6.6)])
def test_cosine_by_its_formula(fraction: float, warmup: float) -> None:
    recipe = make_recipe(schedule="cosine", **COMMON, warmup_fraction=fraction)
    expected = []
    for step in range(20):
        if step < warmup:
            factor = (step + 1) / (warmup + 1)
        else:
            factor = (1 + math.cos(math.pi * (step - warmup) / (20 - warmup))) / 2
        expected.append(0.5 * factor)
    assert rates(recipe, [1.0] * 4, 5) == pytest.approx(expected, rel=1e-9)
    assert [0.5 * warmup_cosine(step, warmup, 20) for step in range(20)] == pytest.approx(expected, rel=1e-9)


def test_without_a_warmup_it_is_pytorchs_annealing() -> None:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    reference = CosineAnnealingLR(optimizer, T_max=12)
    expected = []
    for _ in range(12):
        expected.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        reference.step()
    recipe = make_recipe(schedule="cosine", **COMMON, warmup_fraction=0.0)
    assert rates(recipe, [1.0] * 4, 3) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("fraction", "warmup"), [(0.0, 0.0), (0.25, 5.0), (0.33, 6.6)])
def test_linear_by_its_formula(fraction: float, warmup: float) -> None:
    recipe = make_recipe(schedule="linear", **COMMON, warmup_fraction=fraction)
    expected = [
        0.5 * ((step + 1) / (warmup + 1) if step < warmup else (20 - step) / (20 - warmup)) for step in range(20)
    ]
    assert rates(recipe, [1.0] * 4, 5) == pytest.approx(expected, rel=1e-9)


def test_without_a_warmup_linear_is_pytorchs() -> None:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    reference = LinearLR(optimizer, start_factor=1.0, end_factor=0.0, total_iters=12)
    expected = []
    for _ in range(12):
        expected.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        reference.step()
    recipe = make_recipe(schedule="linear", **COMMON, warmup_fraction=0.0)
    assert rates(recipe, [1.0] * 4, 3) == pytest.approx(expected, rel=1e-6)


def test_the_end_is_nothing_and_stays_so() -> None:
    assert warmed_up(20, 2.0, 20, straight) == warmed_up(35, 2.0, 20, straight) == 0
    assert warmup_cosine(20, 2.0, 20) == pytest.approx(0, abs=1e-12)
    assert warmup_cosine(35, 2.0, 20) == pytest.approx(0, abs=1e-12)
    assert warmup_cosine(0, 0.0, 1) == 1.0
    # of a warm-up that leaves less than one step the rest counts as one: no division by nearly nothing
    assert warmup_cosine(1, 0.9, 1) == pytest.approx((1 + math.cos(0.1 * math.pi)) / 2)
    assert warmup_cosine(1, 1.0, 1) == 1.0


def test_plateau_step_by_step() -> None:
    """Epoch losses 5, 4, 4, 4, 4, 3, 3, 3, 3: with patience 2 the third epoch without a better one lowers the rate."""
    recipe = make_recipe(schedule="plateau", **COMMON, factor=0.1, patience=2, min_learning_rate=0.02)
    seen = rates(recipe, [5, 4, 4, 4, 4, 3, 3, 3, 3, 3], 2)[::2]
    assert seen == pytest.approx([0.5] * 5 + [0.05] * 4 + [0.02], rel=1e-9)


def test_plateau_compares_with_the_lowest_loss_so_far() -> None:
    recipe = make_recipe(schedule="plateau", **COMMON, factor=0.5, patience=0, min_learning_rate=0.0)
    assert rates(recipe, [1.0, 2.0, 1.5, 0.5, 0.6], 1) == pytest.approx([0.5, 0.5, 0.25, 0.125, 0.125])


def test_constant_whatever_happens() -> None:
    assert rates(make_recipe(schedule="constant", **COMMON), [1.0, 9.0, 9.0, 9.0], 3) == [0.5] * 12


@pytest.mark.parametrize(
    "recipe",
    [
        make_recipe(schedule="cosine", **COMMON, warmup_fraction=0.25),
        make_recipe(schedule="linear", **COMMON, warmup_fraction=0.25),
        make_recipe(schedule="plateau", **COMMON, factor=0.5, patience=1, min_learning_rate=0.0),
        make_recipe(schedule="constant", **COMMON),
    ],
)
def test_the_state_carries_over_to_a_new_schedule(recipe: Recipe) -> None:
    losses = [1.0, 2.0, 2.0, 2.0, 2.0, 2.0]
    expected = rates(recipe, losses, 2)
    optimizer, schedule = make(recipe, 12)
    seen = []
    for epoch, loss in enumerate(losses):
        if epoch == 3:
            states = optimizer.state_dict(), schedule.state_dict()
            optimizer, schedule = make(recipe, 12)
            optimizer.load_state_dict(states[0])
            schedule.load_state_dict(states[1])
            assert bool(states[1]) == (recipe.schedule != "constant")
        for _ in range(2):
            seen.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.after_step()
        schedule.after_epoch(loss)
    assert seen == pytest.approx(expected, rel=1e-12)
