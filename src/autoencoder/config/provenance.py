"""What of params.yaml decides a run's weights or a data set: the part that is written into them, and compared later."""

from collections.abc import Mapping
from typing import Any

from autoencoder.config.params import PARAMS, get_section, load_params
from autoencoder.config.runs import Run
from autoencoder.ui.errors import UserError


def training_facts(run: Run) -> dict[str, Any]:
    """The run's values by their names in params.yaml, as JSON has them: just what DVC trains again for.

    Not among them: the device, what TensorBoard shows, and what `auto` became on this machine.
    """
    recipe = {
        f"train.{run.recipe_name}.{key}": value for key, value in run.recipe.model_dump(exclude_unset=True).items()
    }
    options = {f"models.{run.model}.{key}": value for key, value in run.model_options.items()}
    line = {key: getattr(run, key) for key in ("dataset", "model", "latent_dim", "seed")}
    nested = {"nested": True} if run.nested else {}
    return {**line, **nested, "recipe": run.recipe_name, **options, **recipe}


def preparation_facts(dataset: str) -> dict[str, Any]:
    """The section `prepare.<dataset>` by its names in params.yaml, as it is written there. Raises UserError where there
    is none.
    """
    section = get_section(load_params(), "prepare", dataset)
    if not isinstance(section, Mapping):
        raise UserError(f"{PARAMS}: prepare.{dataset}: must be a mapping, got {section!r}")
    return {f"prepare.{dataset}.{key}": value for key, value in section.items()}
