"""The pipeline's declarations against the code: deps are what a stage really imports, names agree."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.closure import SRC, import_closure
from tests.conftest import PROJECT

STAGES: dict[str, Any] = yaml.safe_load((PROJECT / "dvc.yaml").read_text())["stages"]
COMMANDS = {"search", "encode", "decode"}  # scripts a person calls with a picture of their own; no stages
MODEL = "src/autoencoder/models/${item.model}.py"


@pytest.mark.parametrize("name", STAGES)
def test_deps_are_the_modules_a_stage_imports(name: str) -> None:
    stage = STAGES[name]["do"]
    declared = {dep for dep in stage["deps"] if dep.startswith("src/") and dep.endswith(".py")}
    imported = import_closure(SRC / f"{name}.py")
    # The network is imported by its name in params.yaml, by models/__init__.py alone.
    if "src/autoencoder/models/__init__.py" in imported:
        assert MODEL in declared
    assert declared - {MODEL} == imported


def test_a_networks_own_imports_are_in_every_stage_that_may_load_it() -> None:
    needed = set().union(*(import_closure(path) for path in (SRC / "autoencoder/models").glob("[!_]*.py")))
    needed = {path for path in needed if not path.startswith("src/autoencoder/models/")}
    for name, stage in STAGES.items():
        if MODEL in stage["do"]["deps"]:
            assert needed <= set(stage["do"]["deps"]), name


@pytest.mark.parametrize("name", STAGES)
def test_stage_script_and_command_share_a_name(name: str) -> None:
    assert STAGES[name]["do"]["cmd"] == f"python src/{name}.py ${{key}}"
    assert (SRC / f"{name}.py").is_file()


def test_every_script_is_a_stage_or_a_command_and_short() -> None:
    scripts = {path.stem: path for path in SRC.glob("*.py")}
    assert scripts.keys() == STAGES.keys() | COMMANDS
    for path in scripts.values():
        assert len(path.read_text().splitlines()) < 40, path


def test_params_name_the_stages_that_exist() -> None:
    for name in ("params.yaml", "params.demo.yaml"):
        params = yaml.safe_load((PROJECT / name).read_text())
        assert params.keys() <= {*STAGES, "runs", "models", "device"}


def test_what_computes_does_not_import_what_draws() -> None:
    drawing = {path.relative_to(PROJECT).as_posix() for path in (SRC / "autoencoder/figures").glob("*.py")}
    for name in ("prepare", "train", "baseline", "evaluate", "embed"):
        assert not drawing & import_closure(SRC / f"{name}.py")


def test_nothing_in_the_package_imports_a_script() -> None:
    for path in (SRC / "autoencoder").rglob("*.py"):
        assert all(part.startswith("src/autoencoder/") for part in import_closure(path)), path


def test_templates_of_the_plots_are_there() -> None:
    for plot in STAGES["curve"]["do"]["plots"]:
        for options in plot.values():
            if "template" in options:
                assert (Path(PROJECT) / ".dvc/plots" / f"{options['template']}.json").is_file()
