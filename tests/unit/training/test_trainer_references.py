"""Training against a plain loop written out here, to the bit; each key and each seed seen in the weights."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from autoencoder.config.provenance import training_facts
from autoencoder.config.recipes import OPTIMIZERS, SCHEDULES, recipe_class
from autoencoder.config.runs import load_run
from autoencoder.inference.trained_run import load_untrained
from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.models.base.build import build_model, build_run
from autoencoder.models.base.nested import keep_first
from autoencoder.storage.prepared import Split, read_manifest, read_split
from autoencoder.training import trainer as module
from autoencoder.training.batches import Batch, count_batches, draw_batches
from autoencoder.training.trainer import Trainer, in_half_precision
from autoencoder.ui.errors import UserError
from autoencoder.ui.progress import TrainingProgress
from tests.conftest import tiny_params, write_params
from tests.recipes import fields
from tests.recipes import recipe as make_recipe

# 96 images: two batches and a rest.
RECIPES: dict[str, dict[str, Any]] = {schedule: fields("adam", schedule) for schedule in SCHEDULES}
Weights = dict[str, Tensor]


def make(recipe: dict[str, Any], seed: int = 1, val: Split | None = None) -> Trainer:
    params = tiny_params()
    params["train"]["tiny"] = recipe
    params["runs"]["tiny-8"]["seed"] = seed
    write_params(Path(), params)
    splits = read_split("photos", "train"), val or read_split("photos", "val")
    return Trainer(load_run("tiny-8"), read_manifest("photos"), *splits)


def train(recipe: dict[str, Any], seed: int = 1, val: Split | None = None) -> tuple[Weights, dict[str, Any]]:
    subject = make(recipe, seed, val)
    trained = subject.train()
    subject.forget()
    return trained


def equal(a: Weights, b: Weights) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[key], b[key]) for key in a)


def rises(count: int = 16) -> Split:
    """Pictures that the network must become worse at while it learns the training images: their negatives."""
    train = read_split("photos", "train")
    return Split(255 - train.images[:count], train.index[:count], {})


def rate(recipe: dict[str, Any], step: int, total: int) -> float:  # the factor on the learning rate
    warmup = float(recipe["warmup_fraction"]) * total
    if step < warmup:
        return (step + 1) / (warmup + 1)
    progress = (step - warmup) / (total - warmup)
    return 0.5 * (1 + math.cos(math.pi * progress)) if recipe["schedule"] == "cosine" else 1 - progress


def as_seen(images: np.ndarray) -> Tensor:
    return torch.from_numpy(images).float() * (2 / 255) - 1


def error(model: Autoencoder, images: np.ndarray) -> float:
    model.eval()
    with torch.no_grad():
        given = as_seen(images).double()
        reconstructed = model(as_seen(images)).double()
    squared: Tensor = (reconstructed - given) ** 2
    return float(squared.mean())


def mirrored(images: np.ndarray, seed: int, epoch: int) -> np.ndarray:
    """About half of the images mirrored in odd epochs, and the others in even ones."""
    in_odd = torch.rand(len(images), generator=torch.Generator().manual_seed(seed)).numpy() < 0.5
    which = in_odd if epoch % 2 else ~in_odd
    return np.where(which[:, None, None, None], images[:, :, :, ::-1], images)


def plain_loop(recipe: dict[str, Any], val: np.ndarray, seed: int = 1) -> tuple[Weights, list[dict[str, float]]]:
    """What the documentation says a training is, in the order it says it."""
    images = read_split("photos", "train").images
    options = tiny_params()["models"]["cifar10_cnn"]
    model = build_model("cifar10_cnn", options, (3, 32, 32), (-1.0, 1.0), 8, seed)
    optimizer = torch.optim.Adam(
        model.parameters(), lr=recipe["learning_rate"], betas=(0.9, recipe["beta2"]), fused=True
    )
    size, epochs = recipe["batch_size"], recipe["epochs"]
    batches_an_epoch = len(images) // size if recipe["drop_last"] else math.ceil(len(images) / size)
    plateau = None
    if recipe["schedule"] == "plateau":
        plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, factor=recipe["factor"], patience=recipe["patience"], min_lr=recipe["min_learning_rate"]
        )
    records: list[dict[str, float]] = []
    best: Weights = {}
    step = 0
    for epoch in range(1, epochs + 1):
        order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed * 1_000_003 + epoch))
        losses = []
        if recipe["schedule"] in ("cosine", "linear"):
            optimizer.param_groups[0]["lr"] = recipe["learning_rate"] * rate(recipe, step, epochs * batches_an_epoch)
        learning_rate = optimizer.param_groups[0]["lr"]
        for number in range(batches_an_epoch):
            if recipe["schedule"] in ("cosine", "linear"):
                factor = rate(recipe, step, epochs * batches_an_epoch)
                optimizer.param_groups[0]["lr"] = recipe["learning_rate"] * factor
            rows = order[number * size : (number + 1) * size].numpy()
            batch = as_seen(mirrored(images, seed, epoch)[rows] if recipe["horizontal_flips"] else images[rows])
            model.train()
            loss = F.mse_loss(model(batch), batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            step += 1
        val_mse = error(model, val)
        if val_mse < min((record["val_mse"] for record in records), default=math.inf):
            best = {name: value.clone().half() for name, value in model.state_dict().items()}
        if plateau:
            plateau.step(val_mse)
        records.append(
            {"epoch": epoch, "train_mse": float(np.mean(losses)), "val_mse": val_mse, "learning_rate": learning_rate}
        )
    return best, records


@pytest.mark.parametrize(("drop_last", "flips"), [(True, False), (False, True)])
@pytest.mark.parametrize("schedule", RECIPES)
def test_weights_are_those_of_a_plain_loop(small_photos: Path, schedule: str, drop_last: bool, flips: bool) -> None:
    recipe = {**RECIPES[schedule], "drop_last": drop_last, "horizontal_flips": flips}
    val = read_split("photos", "val").images
    expected, records = plain_loop(recipe, val)
    weights, history = train(recipe)
    assert equal(weights, expected)
    for record, wanted in zip(history["epochs"], records, strict=True):
        assert {key: record[key] for key in wanted} == pytest.approx(wanted, rel=1e-5)
        assert 0 <= record["fit_seconds"] <= record["seconds"] + 1e-3
    assert history["best_epoch"] == 1 + int(np.argmin([record["val_mse"] for record in records]))
    assert history["num_epochs"] == 3


def test_the_best_epoch_is_kept_where_it_is_not_the_last(small_photos: Path) -> None:
    """Validation pictures that the network gets worse at: what is kept is the epoch before it did."""
    recipe = {**RECIPES["constant"], "epochs": 8, "learning_rate": 1.0e-2}
    weights, history = train(recipe, val=rises())
    losses = [record["val_mse"] for record in history["epochs"]]
    best = 1 + int(np.argmin(losses))
    assert best < 7, losses  # else this says nothing
    assert history["best_epoch"] == best
    assert equal(weights, plain_loop(recipe, rises().images)[0])
    shorter, _ = train({**recipe, "epochs": best}, val=rises())  # a constant rate: the same course up to there
    assert equal(weights, shorter)
    longer, _ = train({**recipe, "epochs": best - 1}, val=rises()) if best > 1 else ({}, {})
    assert not equal(weights, longer)


def test_the_first_of_equally_good_epochs_is_kept(small_photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = iter([2.0, 1.0, 1.0])
    monkeypatch.setattr(module, "mean_squared_error", lambda *_: next(values))
    weights, history = train(RECIPES["constant"])
    assert history["best_epoch"] == 2
    monkeypatch.undo()
    monkeypatch.chdir(small_photos)
    assert equal(weights, train({**RECIPES["constant"], "epochs": 2})[0])


# What another value of each key does: for those of `CHANGES` other weights. `channels_last` and `threads` are promised
# to change no mathematics: last digits and no more. `optimizer` and `schedule` are tried by themselves.
CHANGES: dict[str, Any] = {
    "epochs": 2,
    "batch_size": 30,
    "drop_last": False,
    "horizontal_flips": True,
    "shift_pixels": 1,
    "learning_rate": 2.0e-3,
    "beta2": 0.9,
    "momentum": 0.5,
    "bias_learning_rate": 1.0e-2,
    "linear_every": 2,
    "weight_decay": 0.5,
    "precision": "bf16",
    "warmup_fraction": 0.6,
    "factor": 0.9,
    "patience": 5,
    "min_learning_rate": 2.0e-3,
}
LAST_DIGITS = ("channels_last", "threads")
KINDS = [(optimizer, schedule) for optimizer in OPTIMIZERS for schedule in SCHEDULES]
KEYS = [(*kind, key) for kind in KINDS for key in recipe_class(*kind).model_fields]


def test_every_key_of_every_recipe_is_tried_here() -> None:
    assert {key for *_, key in KEYS} == {*CHANGES, *LAST_DIGITS, "optimizer", "schedule"}


@pytest.mark.parametrize(("optimizer", "schedule", "key"), [kind for kind in KEYS if kind[-1] in CHANGES])
def test_each_key_changes_the_weights(
    small_photos: Path, monkeypatch: pytest.MonkeyPatch, optimizer: str, schedule: str, key: str
) -> None:
    monkeypatch.setattr(module, "mean_squared_error", lambda *_: 1.0)  # no epoch is better: the plateau is there
    ends = []
    for recipe in (fields(optimizer, schedule), fields(optimizer, schedule, **{key: CHANGES[key]})):
        subject = make(recipe)
        subject.train()
        subject.forget()
        ends.append(subject.model.state_dict())  # the last weights: the best are the first epoch's
    assert not equal(*ends)


def test_a_memory_layout_changes_last_digits_at_most(small_photos: Path) -> None:
    expected, _ = train(RECIPES["cosine"])
    subject = make({**RECIPES["cosine"], "channels_last": True})
    for of_image in (value for value in subject.model.parameters() if value.dim() == 4 and min(value.shape) > 1):
        assert of_image.is_contiguous(memory_format=torch.channels_last)
        assert not of_image.is_contiguous()
    weights, _ = subject.train()
    subject.forget()
    for name, value in expected.items():
        assert torch.allclose(value.float(), weights[name].float(), atol=2e-3), name


def test_threads_are_set(small_photos: Path) -> None:
    try:
        make({**RECIPES["cosine"], "threads": 2})
        assert torch.get_num_threads() == 2
        make(RECIPES["cosine"])
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(1)


def test_optimizers_and_schedules_differ(small_photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "mean_squared_error", lambda *_: 1.0)
    ends = []
    for kind in KINDS:
        subject = make(fields(*kind))
        subject.train()
        ends.append(subject.model.state_dict())
    for one, other in itertools.combinations(ends, 2):
        assert not equal(one, other)


@pytest.mark.parametrize(("seed", "epoch"), [(42, 1), (0, 7), (2**32 - 1, 500)])
def test_the_order_of_an_epoch_is_that_permutation(seed: int, epoch: int) -> None:
    recipe = make_recipe(batch_size=7, drop_last=False)
    order = torch.cat([batch.rows for batch in draw_batches(50, recipe, seed, epoch)])
    expected = torch.randperm(50, generator=torch.Generator().manual_seed(seed * 1_000_003 + epoch))
    assert torch.equal(order, expected)


@pytest.mark.parametrize(
    ("images", "size", "drop_last", "batches"),
    [(96, 36, True, 2), (96, 36, False, 3), (96, 48, True, 2), (96, 48, False, 2), (5, 9, True, 0), (5, 9, False, 1)],
)
def test_steps_of_an_epoch(images: int, size: int, drop_last: bool, batches: int) -> None:
    recipe = make_recipe(batch_size=size, drop_last=drop_last)
    assert count_batches(images, recipe) == batches
    assert len(list(draw_batches(images, recipe, 0, 1))) == batches


def test_the_seed_sets_the_initial_weights(small_photos: Path) -> None:
    initial = []
    for seed in (1, 1, 2):
        initial.append(make(RECIPES["constant"], seed).model.state_dict())
    assert equal(initial[0], initial[1])
    assert not equal(initial[0], initial[2])
    assert equal(initial[2], load_untrained("tiny-8").model.state_dict())


def test_the_seed_sets_the_order_too(small_photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two trainings from the same initial weights: only the order of the images differs."""

    def same(run, image_shape, value_range):
        return build_run(replace(run, seed=1), image_shape, value_range)

    monkeypatch.setattr(module, "build_run", same)
    one, other = make(RECIPES["constant"], 1), make(RECIPES["constant"], 2)
    assert equal(one.model.state_dict(), other.model.state_dict())
    assert not equal(one.train()[0], other.train()[0])


def test_and_each_epoch_has_another(small_photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int, int]] = []

    def noted(num_images: int, recipe: Any, seed: int, epoch: int) -> Iterator[Batch]:
        asked.append((num_images, seed, epoch))
        return draw_batches(num_images, recipe, seed, epoch)

    monkeypatch.setattr(module, "draw_batches", noted)
    train(RECIPES["constant"], seed=5)
    assert asked == [(96, 5, 1), (96, 5, 2), (96, 5, 3)]


def test_half_precision_keeps_whole_numbers_and_refuses_what_it_cannot_hold() -> None:
    weights = {"w": torch.tensor([1 / 3, -2.0]), "steps": torch.tensor([7])}
    halves = in_half_precision(weights)
    assert halves["w"].dtype == torch.float16
    assert halves["w"].tolist() == [np.float16(1 / 3), -2.0]
    assert torch.equal(halves["steps"], weights["steps"])
    assert halves["steps"].dtype == torch.int64
    with pytest.raises(AssertionError):
        in_half_precision({"w": torch.tensor([1.0, 7e4])})


def test_the_history_says_how_it_was_trained(small_photos: Path) -> None:
    _, history = train(RECIPES["constant"], seed=3)
    assert (history["run"], history["seed"], history["precision"]) == ("tiny-8", 3, "fp32")
    assert history["torch"] == torch.__version__
    assert history["device"].endswith(", 1 threads")
    assert history["train_seconds"] == pytest.approx(sum(r["seconds"] for r in history["epochs"]), abs=0.051)
    fitting = sum(record["fit_seconds"] for record in history["epochs"])
    assert history["images_per_second"] == pytest.approx(3 * 72 / fitting, rel=0.02)  # two batches of 36


def test_a_run_may_train_longer_than_its_recipe_says(small_photos: Path) -> None:
    params = tiny_params()
    params["train"]["tiny"] = RECIPES["linear"]
    write_params(Path(), params)
    recipe = load_run("tiny-8").recipe
    params["runs"]["tiny-8"]["epochs"] = 7
    write_params(Path(), params)
    run = load_run("tiny-8")
    assert run.recipe == recipe.model_copy(update={"epochs": 7}) != recipe
    assert training_facts(run)["train.tiny.epochs"] == 7
    splits = read_split("photos", "train"), read_split("photos", "val")
    assert Trainer(run, read_manifest("photos"), *splits).train()[1]["num_epochs"] == 7


def test_a_nested_run_learns_to_decode_from_few_latents(small_photos: Path) -> None:
    """Against the same run that is not: better from the first latent alone, and told apart in what weights say."""
    errors, facts = {}, {}
    grey = np.linspace(0, 255, 96).round().astype(np.uint8)  # one number tells all that differs
    images = np.broadcast_to(grey[:, None, None, None], (96, 3, 32, 32)).copy()
    split = Split(images, np.arange(96), {})
    for nested in (False, True):
        params = tiny_params()
        params["train"]["tiny"] = fields("muon", "cosine", epochs=30, learning_rate=0.02)
        params["runs"]["tiny-8"] |= {"nested": True} if nested else {}
        write_params(Path(), params)
        run = load_run("tiny-8")
        subject = Trainer(run, read_manifest("photos"), split, split)
        subject.train()
        given = as_seen(images)
        with torch.no_grad():
            made = subject.model.decoder(keep_first(subject.model.encoder(given), 1))
        errors[nested] = (made - given).square().mean().item()
        facts[nested] = training_facts(run)
    assert errors[True] < 0.9 * errors[False]
    assert facts[True] == {**facts[False], "nested": True}


def test_a_nested_run_keeps_no_weights_from_before_it_was_nested(
    small_photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = tiny_params()
    params["train"]["tiny"] = fields("muon", "constant", epochs=8)
    params["runs"]["tiny-8"]["nested"] = True
    write_params(Path(), params)
    told = iter([0.1, 0.1, 0.5, 0.4, 0.3, 0.6, 0.5, 0.7])  # two epochs of the eight are plain, and the best by far
    monkeypatch.setattr(module, "mean_squared_error", lambda *_: next(told))
    splits = read_split("photos", "train"), read_split("photos", "val")
    subject = Trainer(load_run("tiny-8"), read_manifest("photos"), *splits)
    seen: dict[int, Weights] = {}
    step = subject.schedule.after_epoch

    def note(val_mse: float) -> None:
        seen[subject.progress.epoch + 1] = {k: v.clone() for k, v in subject.model.state_dict().items()}
        step(val_mse)

    monkeypatch.setattr(subject.schedule, "after_epoch", note)
    weights, history = subject.train()
    assert history["best_epoch"] == 5
    assert all(torch.equal(weights[name], value.half()) for name, value in seen[5].items())


def test_a_training_that_leaves_the_numbers_is_told_in_one_line(small_photos: Path) -> None:
    subject = make(fields("muon", "constant", learning_rate=1.0, epochs=40))
    for parameter in subject.model.parameters():
        parameter.data *= 1e30
    with pytest.raises(UserError, match=r"diverged in epoch 1; lower"):
        subject._run_epoch(TrainingProgress("tiny-8", 40, 96, 0))
