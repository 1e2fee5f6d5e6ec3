"""What of params.yaml decides a run's weights: the part of it that is written into them, and compared with later."""

from typing import Any

from autoencoder.config.runs import Run


def training_facts(run: Run) -> dict[str, Any]:
    """The run's values by their names in params.yaml, as JSON has them: just what DVC trains again for.

    Not among them: the device, what TensorBoard shows, and what `auto` became on this machine.
    """
    recipe = {f"train.{run.recipe_name}.{key}": value for key, value in run.recipe.model_dump().items()}
    options = {f"models.{run.model}.{key}": value for key, value in run.model_options.items()}
    line = {key: getattr(run, key) for key in ("dataset", "model", "latent_dim", "seed")}
    return {**line, "recipe": run.recipe_name, **options, **recipe}
