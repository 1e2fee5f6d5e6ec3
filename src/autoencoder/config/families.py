"""Which runs make a curve over the latent dimension: those that differ in nothing else."""

from collections.abc import Mapping

from autoencoder.config.runs import Run


def curve_names(runs: Mapping[str, Run]) -> dict[str, str]:
    """For each of a data set's runs the name of its curve: its network's, and what sets it apart from others of that
    network (`dense, seed 7`). Runs share a name where they differ in the latent dimension alone.
    """
    facts = {name: _facts(run) for name, run in runs.items()}
    names = {}
    for name, run in runs.items():
        others = [facts[other] for other, of_other in runs.items() if of_other.model == run.model]
        apart = [told for key, told in facts[name].items() if any(other.get(key) != told for other in others)]
        names[name] = ", ".join([run.model, *filter(None, apart)])
    return names


def families(runs: Mapping[str, Run]) -> dict[str, list[str]]:
    """The runs of each curve by its name, by rising latent dimension; curves in the order of params.yaml."""
    found: dict[str, list[str]] = {}
    for run, curve in curve_names(runs).items():
        found.setdefault(curve, []).append(run)
    return {curve: sorted(of_curve, key=lambda run: runs[run].latent_dim) for curve, of_curve in found.items()}


def _facts(run: Run) -> dict[str, str]:
    """All that decides a run beside its data, network and latent dimension, each as it is told."""
    options = {f"options.{key}": f"{key}: {value}" for key, value in sorted(run.model_options.items())}
    nested = "nested" if run.nested else ""
    return {**options, "nested": nested, "recipe": f"recipe {run.recipe_name}", "seed": f"seed {run.seed}"}
