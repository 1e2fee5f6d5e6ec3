"""How a run is trained: the `train` section of params.yaml, one named recipe an entry."""

from typing import Any, Literal

from pydantic import Field

from autoencoder.config.params import PARAMS, ParamsSection, get_section, parse
from autoencoder.ui.errors import UserError


class Recipe(ParamsSection):
    """What every recipe says; the schedule adds its own keys."""

    epochs: int = Field(ge=1, le=100_000)
    batch_size: int = Field(ge=1, le=65_536)
    drop_last: bool  # leave an incomplete last batch out of the epoch
    learning_rate: float = Field(gt=0, le=1)
    beta2: float = Field(gt=0, lt=1)  # Adam's second-moment decay; its first is 0.9
    precision: Literal["auto", "fp32", "bf16"]  # of the gradient steps; validation is fp32, what is published float64
    channels_last: bool  # memory layout: no change in the mathematics
    threads: int = Field(ge=1, le=1024)  # on a CPU; another number rounds sums another way
    schedule: str


class ConstantRecipe(Recipe):
    """One learning rate throughout (CryptoPunks tutorial)."""

    schedule: Literal["constant"]


class CosineRecipe(Recipe):
    """Linear warm-up over a fraction of all steps, then half a cosine down to zero, step by step."""

    schedule: Literal["cosine"]
    warmup_fraction: float = Field(ge=0, lt=1)


class PlateauRecipe(Recipe):
    """Lower the rate when the validation loss has not improved for `patience` epochs (CIFAR-10 tutorial)."""

    schedule: Literal["plateau"]
    factor: float = Field(gt=0, lt=1)
    patience: int = Field(ge=0)
    min_learning_rate: float = Field(ge=0)


SCHEDULES: dict[str, type[Recipe]] = {
    "constant": ConstantRecipe,
    "cosine": CosineRecipe,
    "plateau": PlateauRecipe,
}


def load_recipe(params: dict[str, Any], name: str) -> Recipe:
    """The recipe `train.<name>`. Raises UserError where it is missing or wrong."""
    section = get_section(params, "train", name)
    schedule = get_section(params, "train", name, "schedule")
    if not isinstance(schedule, str) or schedule not in SCHEDULES:
        raise UserError(f"{PARAMS}: train.{name}.schedule: must be one of {', '.join(SCHEDULES)}, got {schedule!r}")
    return parse(SCHEDULES[schedule], section, f"train.{name}")
