"""Recipes for tests: every optimizer and schedule there is, with the keys of each."""

from typing import Any

from autoencoder.config.recipes import Recipe, recipe_class

COMMON: dict[str, Any] = {
    "epochs": 3,
    "batch_size": 36,
    "drop_last": True,
    "horizontal_flips": False,
    "shift_pixels": 0,
    "learning_rate": 3.0e-3,
    "precision": "fp32",
    "channels_last": False,
    "threads": 1,
}
OPTIMIZERS: dict[str, dict[str, Any]] = {
    "adam": {"beta2": 0.99},
    "muon": {"momentum": 0.9, "linear_every": 1, "weight_decay": 0.0, "bias_learning_rate": 3.0e-3},
}
SCHEDULES: dict[str, dict[str, Any]] = {
    "constant": {},
    "cosine": {"warmup_fraction": 0.3},
    "linear": {"warmup_fraction": 0.3},
    "plateau": {"factor": 0.3, "patience": 0, "min_learning_rate": 1.0e-4},
}


def fields(optimizer: str = "adam", schedule: str = "constant", **changes: Any) -> dict[str, Any]:
    """A section `train.<name>` of params.yaml."""
    kinds = {"optimizer": optimizer, "schedule": schedule}
    return {**COMMON, **kinds, **OPTIMIZERS[optimizer], **SCHEDULES[schedule], **changes}


def recipe(optimizer: str = "adam", schedule: str = "constant", **changes: Any) -> Recipe:
    """The same, parsed."""
    return recipe_class(optimizer, schedule)(**fields(optimizer, schedule, **changes))
