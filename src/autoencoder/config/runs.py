"""The runs of the study: `runs` in params.yaml, one line a run, its key the name of its stages and files."""

from dataclasses import dataclass
from typing import Any

from pydantic import Field

from autoencoder.config.params import PARAMS, ParamsSection, get_section, load_params, parse
from autoencoder.config.recipes import MAX_EPOCHS, Recipe, load_recipe
from autoencoder.ui.errors import UserError


class RunLine(ParamsSection):
    """One line of `runs`."""

    dataset: str  # a key of `prepare`
    model: str  # a key of `models`, and the file in autoencoder/models that builds it
    latent_dim: int = Field(ge=1, le=65_536)
    recipe: str  # a key of `train`
    epochs: int | None = Field(default=None, ge=1, le=MAX_EPOCHS)  # in place of the recipe's: more latents learn longer
    seed: int = Field(ge=0, le=2**32 - 1)  # of the initial weights and of the shuffling
    nested: bool = False  # train the first k latents to decode alone, for every k
    options: dict[str, Any] = Field(default_factory=dict)  # overrides of the model's options for this run alone


@dataclass(frozen=True)
class Run:
    """A run with everything it refers to filled in."""

    name: str
    dataset: str
    model: str
    model_options: dict[str, Any]
    latent_dim: int
    recipe: Recipe
    seed: int
    device: str  # "auto", "cpu", "cuda", "cuda:1", "mps", ...
    recipe_name: str = ""  # its key in `train`
    nested: bool = False
    study: str = ""  # the seed study it is one seed of, if it is


def load_runs() -> dict[str, Run]:
    """All runs of params.yaml, in its order. Raises UserError for the first mistake in any of them."""
    params = load_params()
    lines = get_section(params, "runs")
    if not isinstance(lines, dict) or not lines:
        raise UserError(f"{PARAMS}: runs: must be a mapping with one line a run")
    return {name: resolve(params, name, line) for name, line in lines.items()}


def load_run(name: str) -> Run:
    """The run called `name`. Raises UserError where there is none, or where params.yaml is wrong."""
    runs = load_runs()
    if name not in runs:
        raise UserError(f"{PARAMS}: no run is called {name!r}; there is: {', '.join(runs)}")
    return runs[name]


def resolve(params: dict[str, Any], name: str, value: Any, where: str = "") -> Run:
    """The line `value` of a run called `name`, with what it refers to. Raises UserError for its first mistake.

    `where` is its dotted place, if that is not runs.<name>.
    """
    where = where or f"runs.{name}"
    line = parse(RunLine, value, where)
    for key, section in (("dataset", "prepare"), ("model", "models"), ("recipe", "train")):
        _check_reference(params, f"{where}.{key}", section, getattr(line, key))
    options = params["models"][line.model]
    if not isinstance(options, dict):
        raise UserError(f"{PARAMS}: models.{line.model}: must be a mapping of the model's options")
    device = get_section(params, "device")
    if not isinstance(device, str):
        raise UserError(f"{PARAMS}: device: must be auto, cpu, cuda, cuda:N or mps, got {device!r}")
    recipe = load_recipe(params, line.recipe)
    if line.epochs:
        recipe = recipe.model_copy(update={"epochs": line.epochs})
    return Run(
        name=name,
        dataset=line.dataset,
        model=line.model,
        model_options={**options, **line.options},
        latent_dim=line.latent_dim,
        recipe=recipe,
        seed=line.seed,
        device=device,
        recipe_name=line.recipe,
        nested=line.nested,
    )


def _check_reference(params: dict[str, Any], where: str, section: str, name: str) -> None:
    there = get_section(params, section)
    if not isinstance(there, dict) or name not in there:
        names = ", ".join(map(str, there)) if isinstance(there, dict) and there else "nothing"
        raise UserError(f"{PARAMS}: {where}: no {name!r} in {section}; there is: {names}")
