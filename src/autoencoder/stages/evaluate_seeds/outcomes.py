"""What became of each seed of a study: the spread of its error, and how many seeds died, and of what."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from autoencoder.config.provenance import preparation_facts
from autoencoder.config.seed_studies import load_seed_study
from autoencoder.drawing.image_rows import ImageRow
from autoencoder.inference.reconstruction import mean_squared_error, reconstruct
from autoencoder.inference.trained_run import DTYPE, TrainedRun, load_seed
from autoencoder.measures.rounding import significant
from autoencoder.measures.sampling import sample_rows
from autoencoder.measures.shown import shown_rows
from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.models.base.value_range import ValueRange, to_range, to_unit
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Split, read_manifest, read_split
from autoencoder.storage.results import DIGITS, WEIGHTS, read_seeds_history

NUM_SHOWN = 2  # test images in the picture
SEEDS_A_ROW = 10
NUM_LOOKED_AT = 500  # images whose way through the network is looked at, a sample of all
BLACK_FRACTION = 0.9  # of an all-black picture's error: what is no better draws next to nothing


@dataclass(frozen=True)
class Outcome:
    """What became of one seed. reconstructions: (NUM_SHOWN, channels, height, width) in [0, 1]."""

    seed: int
    test_mse: float
    dead: bool  # worse than drawing the training images' mean every time: the code is of no use
    black: bool  # hardly better than drawing nothing
    inside: dict[str, float]  # see `look_inside`
    reconstructions: np.ndarray
    weights_sha256: str = ""  # of the file of its weights


def measure_seeds(name: str) -> tuple[list[Outcome], dict[str, Any]]:
    """Each seed's outcome on the test images, and all of them as one flat object (see `summarize`).

    Raises UserError where the study was not trained.
    """
    history = read_seeds_history(name)
    runs = load_seed_study(name)
    dataset = runs[0].dataset
    manifest, test = read_manifest(dataset, preparation_facts(dataset)), read_split(dataset, "test")
    black = black_mse(test, manifest.value_range)
    mean_image = mean_image_mse(read_split(dataset, "train"), test, manifest.value_range)
    shown = test.images[shown_rows(test, NUM_SHOWN, manifest.kind)]
    looked_at = torch.from_numpy(test.images[sample_rows(len(test.images), NUM_LOOKED_AT)])
    outcomes = []
    for run in runs:
        trained = load_seed(run)
        mse = mean_squared_error(trained, test.images)
        given = to_range(looked_at.to(trained.device), manifest.value_range, DTYPE)
        drawn = as_drawn(trained, shown)
        inside = look_inside(trained.model, given)
        dead, is_black = mse > mean_image, mse > BLACK_FRACTION * black
        outcomes.append(Outcome(run.seed, mse, dead, is_black, inside, drawn, trained.weights_sha256))
    run = runs[0]
    about = {
        "dataset": run.dataset,
        "sample": manifest.sample,
        "model": run.model,
        "latent_dim": run.latent_dim,
        "num_epochs": history["num_epochs"],
    }
    levels = {
        "black_test_mse": significant(black),
        "mean_image_test_mse": significant(mean_image),
    }
    seconds = {"train_seconds": round(sum(seed["train_seconds"] for seed in history["seeds"]), 1)}
    return outcomes, {**about, **levels, **summarize(outcomes), **seconds, "device": history["device"]}


def learning_curves(name: str) -> list[Record]:
    """{study, seed, epoch, mse, weights} of each seed and epoch: the validation error while it was trained.

    Raises UserError where the study was not trained.
    """
    return [
        {
            "study": name,
            "seed": seed["seed"],
            "epoch": epoch,
            "mse": significant(mse),
            WEIGHTS: seed["weights_sha256"][:DIGITS],
        }
        for seed in read_seeds_history(name)["seeds"]
        for epoch, mse in enumerate(seed["val_mse"], start=1)
    ]


def summarize(outcomes: Sequence[Outcome]) -> dict[str, int | float | None]:
    """A study's outcomes as numbers; errors are means per value, in the data set's value range."""
    groups = {state: [o for o in outcomes if o.dead == (state == "dead")] for state in ("dead", "living")}
    return {
        "num_seeds": len(outcomes),
        "num_dead": len(groups["dead"]),
        "num_black": sum(outcome.black for outcome in outcomes),
        **statistics_of("test_mse", [outcome.test_mse for outcome in outcomes]),
        **statistics_of("living_test_mse", [outcome.test_mse for outcome in groups["living"]]),
        **{
            key: value
            for state, members in groups.items()
            for key, value in mean_inside(state, [outcome.inside for outcome in members]).items()
        },
        **{f"seed_{outcome.seed}_test_mse": significant(outcome.test_mse) for outcome in outcomes},
    }


def draw(dataset: str, outcomes: Sequence[Outcome]) -> list[ImageRow]:
    """Rows of a figure: the test images shown, at their left, as every seed draws them; `SEEDS_A_ROW` side by side."""
    manifest, test = read_manifest(dataset, preparation_facts(dataset)), read_split(dataset, "test")
    originals = test.images[shown_rows(test, NUM_SHOWN, manifest.kind)] / np.float32(255)
    rows = []
    for start in range(0, len(outcomes), SEEDS_A_ROW):
        part = outcomes[start : start + SEEDS_A_ROW]
        states = (f"seed {o.seed}: {'dead' if o.dead else f'{o.test_mse:.4f}'}" for o in part)
        captions: tuple[str, ...] = ("original", *states)
        for place, original in enumerate(originals):
            images = np.stack([original, *(outcome.reconstructions[place] for outcome in part)])
            rows.append(ImageRow("", images, captions if place == len(originals) - 1 else ()))
    return rows


def as_drawn(trained: TrainedRun, images: np.ndarray) -> np.ndarray:
    """Images (n, channels, height, width) uint8 as the network gives them back, in [0, 1]."""
    made = torch.cat([reconstructions for _, reconstructions in reconstruct(trained, images)])
    shown: np.ndarray = to_unit(made, trained.manifest.value_range).cpu().numpy()
    return shown


@torch.inference_mode()
def look_inside(model: Autoencoder, images: Tensor) -> dict[str, float]:
    """Why a network may draw nothing: are its hidden units off, or does its last activation have no slope left?

    active_share: of the numbers that its ReLUs give out, those above zero (left out where it has no ReLU).
    before_last_activation: the mean of what the last activation is given; a sigmoid of -10 has a slope of 0.00005.
    """
    active: list[float] = []
    before: list[float] = []
    hooks = [
        module.register_forward_hook(lambda _, __, output: active.append((output > 0).double().mean().item()))
        for module in model.modules()
        if isinstance(module, nn.ReLU)
    ]
    last = list(model.decoder.modules())[-1]
    hooks.append(last.register_forward_pre_hook(lambda _, inputs: before.append(inputs[0].mean().item())))
    model.eval()
    model(images)
    for hook in hooks:
        hook.remove()
    return {**({"active_share": statistics.fmean(active)} if active else {}), "before_last_activation": before[0]}


def mean_inside(state: str, inside: list[dict[str, float]]) -> dict[str, float]:
    """The means of what `look_inside` found in the seeds of one state; nothing where there are none."""
    if not inside:
        return {}
    return {f"{state}_{key}": significant(statistics.fmean(each[key] for each in inside)) for key in inside[0]}


def black_mse(split: Split, value_range: ValueRange) -> float:
    """The mean squared error of an all-black picture, in `value_range`."""
    low, high = value_range
    return float(np.square(split.images.astype(np.float64) * (high - low) / 255).mean())


def mean_image_mse(train: Split, test: Split, value_range: ValueRange) -> float:
    """The error of drawing the training images' mean, whatever is asked for: the best without any code."""
    low, high = value_range
    mean = train.images.mean(axis=0, dtype=np.float64)
    return float(np.square((test.images - mean) * (high - low) / 255).mean())


def statistics_of(name: str, values: list[float]) -> dict[str, float | None]:
    """Mean, standard deviation (of the sample), least and largest of `values`; null where there are too few."""
    deviation = statistics.stdev(values) if len(values) > 1 else None
    facts = {
        "mean": statistics.fmean(values) if values else None,
        "std": deviation,
        "min": min(values, default=None),
        "max": max(values, default=None),
    }
    assert all(value is None or math.isfinite(value) for value in facts.values())
    return {f"{key}_{name}": None if value is None else significant(value) for key, value in facts.items()}
