"""The seed studies, one network trained from several seeds: `seeds` in params.yaml.

A study with the line of a run repeats that run: together they tell how much of its error is luck.

Source: the CryptoPunks tutorial sets no seed and shows one training.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import Field

from autoencoder.config.names import MAX_SEEDS
from autoencoder.config.params import ParamsSection, get_section, load_params, parse
from autoencoder.config.recipes import MAX_EPOCHS
from autoencoder.config.runs import Run, resolve


class SeedStudy(ParamsSection):
    """One entry of `seeds`: a run's line with a number of seeds (0, 1, ...) in place of one."""

    dataset: str
    model: str
    latent_dim: int = Field(ge=1, le=65_536)
    recipe: str
    epochs: int | None = Field(default=None, ge=1, le=MAX_EPOCHS)  # in place of the recipe's
    num_seeds: int = Field(ge=1, le=MAX_SEEDS)
    options: dict[str, Any] = Field(default_factory=dict)


def load_seed_study(name: str) -> list[Run]:
    """The study's runs, one a seed. Raises UserError where params.yaml has no such study, or a wrong one."""
    params = load_params()
    study = parse(SeedStudy, get_section(params, "seeds", name), f"seeds.{name}")
    line = study.model_dump(exclude={"num_seeds"})
    first = resolve(params, name, {**line, "seed": 0}, f"seeds.{name}")
    return [replace(first, name=f"{name}-{seed}", seed=seed, study=name) for seed in range(study.num_seeds)]


def repeats(runs: Mapping[str, Run]) -> dict[str, str]:
    """Of each run that a study repeats the study's name: their lines differ in the seed alone."""
    studies = {name: load_seed_study(name)[0] for name in get_section(load_params(), "seeds")}
    found = {}
    for name, run in runs.items():
        for study, first in studies.items():
            if replace(first, name=name, seed=run.seed, study="") == run:
                found[name] = study
    return found
