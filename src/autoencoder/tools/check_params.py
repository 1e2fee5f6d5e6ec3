"""The whole of params.yaml, checked at once: what DVC would meet first, with an error of its own, is told in one line.

Run as `python -m autoencoder.tools.check_params`, before `dvc repro`. It imports no library that takes seconds: what
only a network can judge, its options and the images it can have, is looked at once the data is there, in
check_trainings.py.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autoencoder import models
from autoencoder.config.advice import load_advice_options
from autoencoder.config.diagrams import load_layer_sizes
from autoencoder.config.explorer import load_explorer_options
from autoencoder.config.params import PARAMS, get_section, load_params
from autoencoder.config.plot import load_plot_options
from autoencoder.config.recipes import load_recipe
from autoencoder.config.retrieval import load_retrieval_options
from autoencoder.config.runs import load_runs
from autoencoder.config.seed_studies import load_seed_study
from autoencoder.config.tensorboard import load_tensorboard_options
from autoencoder.data.load import parse_dataset
from autoencoder.stages.report.study import load_study_results
from autoencoder.tools.trackable_names import check_trackable
from autoencoder.ui import errors
from autoencoder.ui.command_line import run_or_explain
from autoencoder.ui.errors import UserError

BY_NAME: dict[str, Callable[[str], object]] = {
    "seeds": load_seed_study,
    "diagram": load_layer_sizes,
    "advise": load_advice_options,
    "report": load_study_results,
    "explore": load_explorer_options,
}


def check() -> None:
    """Raises UserError for the first mistake in any section of ./params.yaml."""
    params = load_params()
    for dataset in _keys(params, "prepare"):
        _check_dataset(params, dataset)
    for model in _keys(params, "models"):
        _check_model(model)
    for recipe in _keys(params, "train"):
        load_recipe(params, recipe)
    load_runs()
    for section, load in BY_NAME.items():
        for name in _keys(params, section):
            load(name)
    load_tensorboard_options()
    load_plot_options()
    _check_retrieval(params)


def _check_dataset(params: Mapping[str, Any], name: str) -> None:
    source = parse_dataset(params, name).source
    if not Path(source).exists():
        raise UserError(f"{PARAMS}: prepare.{name}.source: {source} is missing; name a file or folder that is there")
    walked = os.walk(source)
    check_trackable(Path(folder, entry) for folder, folders, files in walked for entry in folders + files)


def _check_model(name: str) -> None:
    there = [path.stem for folder in models.__path__ for path in Path(folder).glob("[!_]*.py")]
    if name not in there:
        raise errors.no_such_network(name, there)


def _check_retrieval(params: Mapping[str, Any]) -> None:
    for name in load_retrieval_options().near_duplicate_of:
        if name not in params["prepare"]:
            there = ", ".join(params["prepare"])
            raise UserError(f"{PARAMS}: retrieve.near_duplicate_of: no {name!r} in prepare; there is: {there}")


def _keys(params: Mapping[str, Any], section: str) -> list[str]:
    """The names in a section. It may be empty, written {}, but DVC wants a mapping."""
    entries = get_section(params, section)
    if not isinstance(entries, Mapping):
        raise UserError(f"{PARAMS}: {section}: must be a mapping of names ({{}} for none), got {entries!r}")
    return list(entries)


if __name__ == "__main__":
    run_or_explain(check, "check_params")
