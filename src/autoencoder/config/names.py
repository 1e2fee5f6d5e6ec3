"""The names in params.yaml. They become files and folders, so no two may share a place, whatever the file system."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autoencoder.ui.errors import UserError

MAX_LENGTH = 64
MAX_SEEDS = 1000  # of a study
NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{MAX_LENGTH - 1}}}")
SECTIONS = {
    "runs": "run",
    "prepare": "data set",
    "seeds": "seed study",
    "train": "recipe",
    "diagram": "diagram",
    "advise": "data set",
    "report": "report",
    "explore": "explorer",
}
PAGES = {"report": "report.html", "explore": "explorer.html"}  # what any entry of a section writes
# Folders beside those of runs and data sets that are named after something else (storage/paths.py).
RESERVED = {
    "runs": {"seeds", "diagrams"},
    "prepare": {"seeds", "diagrams"},
}


def check_names(params: Mapping[str, Any], path: Path) -> None:
    """Raises UserError for the first name in `params`, read from `path`, that cannot be a file's, or not beside others.

    Names that differ in case alone are the same file where the file system says so. A run shares plots/ with the data
    sets, its lock and its TensorBoard folder with the seed studies, each seed of which is called <study>-<seed>.
    """
    names = {section: _names(params, section) for section in SECTIONS}
    for section, there in names.items():
        for name in there:
            _check_name(section, name, path)
        _check_case(section, there, path)
    for section, page in PAGES.items():
        if len(names[section]) > 1:
            raise UserError(f"{path}: {section}: {' and '.join(names[section])} would both be {page}; leave one")
    _check_apart(names["runs"], names["prepare"], "data set", path)
    _check_apart(names["runs"], names["seeds"], "seed study", path)
    _check_apart(names["runs"], _seeds(params), "seed of a study", path)


def _names(params: Mapping[str, Any], section: str) -> list[Any]:
    entries = params.get(section)
    return list(entries) if isinstance(entries, Mapping) else []


def _seeds(params: Mapping[str, Any]) -> list[str]:
    """What the single trainings of the seed studies are called."""
    studies = params.get("seeds")
    if not isinstance(studies, Mapping):
        return []
    numbers = {name: study.get("num_seeds") for name, study in studies.items() if isinstance(study, Mapping)}
    return [
        f"{name}-{seed}"
        for name, number in numbers.items()
        if isinstance(number, int)  # another is refused where the study is read
        for seed in range(min(number, MAX_SEEDS))
    ]


def _check_name(section: str, name: Any, path: Path) -> None:
    what = SECTIONS[section]
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise UserError(
            f"{path}: {section}: {name!r} cannot name a {what}; "
            f"use letters, digits, '-' and '_', at most {MAX_LENGTH} (a name of digits in quotes)"
        )
    if name.lower() in RESERVED.get(section, ()):
        raise UserError(
            f"{path}: {section}: {name!r} cannot name a {what}: the study has a folder of that name; rename it"
        )


def _check_case(section: str, names: list[str], path: Path) -> None:
    there: dict[str, str] = {}
    for name in names:
        first = there.setdefault(name.lower(), name)
        if first != name:
            raise UserError(
                f"{path}: {section}: {first!r} and {name!r} differ in case alone: one file on some systems; rename one"
            )


def _check_apart(runs: list[str], others: list[str], what: str, path: Path) -> None:
    there = {name.lower(): name for name in others}
    for name in runs:
        if name.lower() in there:
            raise UserError(
                f"{path}: runs: {name!r} would share its files with the {what} {there[name.lower()]!r}; rename one"
            )
