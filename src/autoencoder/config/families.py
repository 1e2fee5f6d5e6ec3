"""Which runs make a curve over the latent dimension: those that differ in nothing else."""

from collections import Counter
from collections.abc import Mapping, Sequence

from autoencoder.config.runs import Run


def curve_names(runs: Mapping[str, Run]) -> dict[str, str]:
    """For each of a data set's runs the name of its curve: its network's, and where it differs from most runs of that
    network (`dense, seed 7`). Runs share a name where they differ in the latent dimension alone.
    """
    facts = {name: _facts(run) for name, run in runs.items()}
    models = {run.model for run in runs.values()}
    usual = {model: _usual([facts[name] for name, run in runs.items() if run.model == model]) for model in models}
    names = {}
    for name, run in runs.items():
        apart = [told for key, told in facts[name].items() if told != usual[run.model].get(key)]
        names[name] = ", ".join([run.model, *apart])
    return names


def families(runs: Mapping[str, Run]) -> dict[str, list[str]]:
    """The runs of each curve by its name, by rising latent dimension; curves in the order of params.yaml."""
    found: dict[str, list[str]] = {}
    for run, curve in curve_names(runs).items():
        found.setdefault(curve, []).append(run)
    return {curve: sorted(of_curve, key=lambda run: runs[run].latent_dim) for curve, of_curve in found.items()}


def _usual(facts: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What most of some runs have of each fact, the first of them where as many have another. Nested is never usual: a
    run that is not has no word for it.
    """
    keys = dict.fromkeys(key for of_run in facts for key in of_run)
    most = {key: Counter(of_run[key] for of_run in facts if key in of_run).most_common(1)[0][0] for key in keys}
    return {**most, "nested": ""}


def _facts(run: Run) -> dict[str, str]:
    """All that decides a run beside its data, network and latent dimension, each as it is told."""
    options = {f"options.{key}": f"{key}: {value}" for key, value in sorted(run.model_options.items())}
    nested = "nested" if run.nested else ""
    return {**options, "nested": nested, "recipe": f"recipe {run.recipe_name}", "seed": f"seed {run.seed}"}
