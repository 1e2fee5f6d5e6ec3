"""How a run is trained: the `train` section of params.yaml, one named recipe an entry."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, Literal, cast

from pydantic import Field

from autoencoder.config.params import PARAMS, ParamsSection, get_section, parse
from autoencoder.ui.errors import UserError

DEFAULT_OPTIMIZER = "adam"
MAX_EPOCHS = 100_000


class Recipe(ParamsSection):
    """What every recipe says; the optimizer and the schedule add their own keys."""

    epochs: int = Field(ge=1, le=MAX_EPOCHS)
    batch_size: int = Field(ge=1, le=65_536)
    drop_last: bool  # leave an incomplete last batch out of the epoch
    horizontal_flips: bool = False  # mirror each training image in every second epoch or so; not for pictures with text
    shift_pixels: int = Field(default=0, ge=0, le=7)  # half of the batches moved by up to so many
    optimizer: str = DEFAULT_OPTIMIZER
    learning_rate: float = Field(gt=0, le=1)
    precision: Literal["auto", "fp32", "bf16"]  # of the gradient steps; validation is fp32, what is published float64
    channels_last: bool  # memory layout: no change in the mathematics
    threads: int = Field(ge=1, le=1024)  # on a CPU; another number rounds sums another way
    schedule: str


class AdamRecipe(Recipe):
    """Adam (Kingma and Ba 2015)."""

    optimizer: Literal["adam"] = "adam"
    beta2: float = Field(gt=0, lt=1)  # second-moment decay; the first is 0.9


class MuonRecipe(Recipe):
    """Muon for weights (Jordan et al. 2024), Adam for biases."""

    optimizer: Literal["muon"]
    momentum: float = Field(ge=0, lt=1)
    linear_every: int = Field(default=1, ge=1, le=100)  # steps: a linear layer moves in each such one, so much farther
    weight_decay: float = Field(default=0, ge=0, le=1)  # of weights, times the learning rate, in a step
    bias_learning_rate: float = Field(gt=0, le=1)  # Adam's


class ConstantRecipe(Recipe):
    """One learning rate throughout (CryptoPunks tutorial)."""

    schedule: Literal["constant"]


class CosineRecipe(Recipe):
    """Linear warm-up over a fraction of all steps, then half a cosine down to zero, step by step."""

    schedule: Literal["cosine"]
    warmup_fraction: float = Field(ge=0, lt=1)


class LinearRecipe(Recipe):
    """Linear warm-up, then linearly to zero (Bergsma et al. 2025, "Straight to Zero")."""

    schedule: Literal["linear"]
    warmup_fraction: float = Field(ge=0, lt=1)  # of all steps


class PlateauRecipe(Recipe):
    """Lower the rate when the validation loss has not improved for `patience` epochs (CIFAR-10 tutorial)."""

    schedule: Literal["plateau"]
    factor: float = Field(gt=0, lt=1)
    patience: int = Field(ge=0)
    min_learning_rate: float = Field(ge=0)


OPTIMIZERS: dict[str, type[Recipe]] = {"adam": AdamRecipe, "muon": MuonRecipe}
SCHEDULES: dict[str, type[Recipe]] = {
    "constant": ConstantRecipe,
    "cosine": CosineRecipe,
    "linear": LinearRecipe,
    "plateau": PlateauRecipe,
}


def load_recipe(params: dict[str, Any], name: str) -> Recipe:
    """The recipe `train.<name>`. Raises UserError where it is missing or wrong."""
    section = get_section(params, "train", name)
    named = isinstance(section, Mapping) and "optimizer" in section
    optimizer = _choice(params, name, "optimizer", OPTIMIZERS) if named else DEFAULT_OPTIMIZER
    schedule = _choice(params, name, "schedule", SCHEDULES)
    return parse(recipe_class(optimizer, schedule), section, f"train.{name}")


@cache
def recipe_class(optimizer: str, schedule: str) -> type[Recipe]:
    """The recipe of an optimizer and a schedule, with the keys of both."""
    bases = (OPTIMIZERS[optimizer], SCHEDULES[schedule])
    return cast(type[Recipe], type(f"{optimizer}_{schedule}_recipe", bases, {}))


def _choice(params: dict[str, Any], name: str, key: str, choices: Collection[str]) -> str:
    value = get_section(params, "train", name, key)
    if not isinstance(value, str) or value not in choices:
        raise UserError(f"{PARAMS}: train.{name}.{key}: must be one of {', '.join(choices)}, got {value!r}")
    return value
