"""The pipeline's declarations against the code: deps are what a stage really imports, names agree."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from autoencoder.training.resume import TRAINING_CODE
from tests.closure import SRC, result_code
from tests.conftest import PROJECT

DEFINITIONS = "src/autoencoder/charts/definitions"
# Of what `curve` writes: numbers that are no curve, and the learning curves, which `evaluate` writes run by run.
TOLD_ELSEWHERE = ("shift.json", "answer.json", "spread.json")
PIPELINE: dict[str, Any] = yaml.safe_load((PROJECT / "dvc.yaml").read_text())
STAGES: dict[str, Any] = PIPELINE["stages"]
PARAMS: dict[str, Any] = yaml.safe_load((PROJECT / "params.yaml").read_text())
COMMANDS = {"search", "encode", "decode", "export"}  # scripts a person calls with a picture of their own; no stages
CARD = ["prepare", "train", "evaluate", "plot", "embed"]  # the stages every run goes through come first
MODEL = "src/autoencoder/models/${item.model}.py"
ALL_MODELS = "src/autoencoder/models"  # what has all runs in it
NETWORKS = sorted((SRC / "autoencoder/models").glob("[!_]*.py"))


def code_deps(name: str) -> set[str]:
    return {dep for dep in STAGES[name]["do"]["deps"] if dep.startswith("src/")}


def outputs(name: str) -> list[str]:
    stage = STAGES[name]["do"]
    entries = [entry for kind in ("outs", "metrics", "plots") for entry in stage.get(kind, [])]
    return [entry if isinstance(entry, str) else next(iter(entry)) for entry in entries]


@pytest.mark.parametrize("name", STAGES)
def test_code_deps_are_the_script_and_the_rooms_it_works_with(name: str) -> None:
    """Each module that may change a result lies in a declared room, and from each declared room something is used."""
    declared, used = code_deps(name), result_code(SRC / f"{name}.py")
    assert f"src/{name}.py" in declared
    assert all((PROJECT / dep).is_dir() for dep in declared - {MODEL, f"src/{name}.py"})
    for file in used:
        assert any(Path(file).is_relative_to(dep) for dep in declared), f"{name} imports {file}"
    for dep in declared - {MODEL}:
        assert any(Path(file).is_relative_to(dep) for file in used), f"{name} does not use {dep}"
    # The network is imported by its name in params.yaml, by `build` alone.
    assert bool({MODEL, ALL_MODELS} & declared) == ("src/autoencoder/models/base/build.py" in used)


def test_a_network_needs_what_all_networks_share_and_no_more() -> None:
    for network in NETWORKS:
        others = result_code(network) - {f"src/autoencoder/models/{network.name}"}
        assert all(file.startswith("src/autoencoder/models/base/") for file in others), network


def test_training_depends_on_what_trains_alone() -> None:
    rooms = {"src/autoencoder/models/base", "src/autoencoder/training", MODEL}
    assert code_deps("train") == {*rooms, "src/train.py"}
    assert code_deps("train_seeds") == {*rooms, "src/train_seeds.py", "src/autoencoder/stages/train_seeds"}
    for name in ("train", "train_seeds"):
        assert not {"device", "tensorboard"} & set(STAGES[name]["do"]["params"])


def test_a_training_goes_on_only_with_the_code_that_it_depends_on() -> None:
    """What the state of a stopped training is keyed by: the rooms that dvc.yaml names for training."""
    rooms = {f"src/{prefix.rstrip('.').replace('.', '/')}" for prefix in TRAINING_CODE}
    assert rooms == {"src/autoencoder/models", "src/autoencoder/training"}
    for dep in code_deps("train") - {"src/train.py"}:
        assert any(Path(dep).is_relative_to(room) for room in rooms)


def test_the_report_depends_on_every_section_it_prints() -> None:
    assert set(STAGES["report"]["do"]["params"]) == PARAMS.keys()


@pytest.mark.parametrize("name", ["curve", "advise"])
def test_what_is_told_of_a_data_set_waits_for_no_other(name: str) -> None:
    """With a folder named that holds all data sets' results DVC would reproduce them all first."""
    deps = [dep for dep in STAGES[name]["do"]["deps"] if not dep.startswith("src/")]
    assert "metrics/${key}" in deps
    assert all("${key}" in dep for dep in deps)


@pytest.mark.parametrize("name", STAGES)
def test_stage_script_and_command_share_a_name(name: str) -> None:
    assert STAGES[name]["do"]["cmd"] == f"python src/{name}.py ${{key}}"
    assert (SRC / f"{name}.py").is_file()


def test_every_script_is_a_stage_or_a_command_and_short() -> None:
    scripts = {path.stem: path for path in SRC.glob("*.py")}
    assert scripts.keys() == STAGES.keys() | COMMANDS
    for path in scripts.values():
        assert len(path.read_text().splitlines()) <= 50, path


def test_every_room_of_a_stage_is_named_after_it() -> None:
    rooms = {path.name for path in (SRC / "autoencoder/stages").iterdir() if (path / "__init__.py").is_file()}
    assert rooms <= STAGES.keys()


def test_it_is_read_top_to_bottom() -> None:
    assert list(STAGES)[:5] == CARD
    assert list(STAGES)[-2:] == ["report", "explore"]
    assert len((PROJECT / "dvc.yaml").read_text().splitlines()) < 350


def test_params_name_the_stages_that_exist() -> None:
    for name in ("params.yaml", "params.demo.yaml"):
        params = yaml.safe_load((PROJECT / name).read_text())
        assert params.keys() <= {*STAGES, "runs", "models", "device", "published", "seeds", "tensorboard"}


def test_plots_are_what_a_stage_writes_drawn_by_a_template_that_is_there() -> None:
    entries = {path: options for plot in PIPELINE["plots"] for path, options in plot.items()}
    for dataset in PARAMS["prepare"]:
        learning = entries.pop(f"metrics/{dataset}/learning")  # a folder: a chart for each file that `evaluate` writes
        assert learning == {"template": f"{DEFINITIONS}/learning-curves.json", "x": "epoch", "y": "mse"}
        assert (PROJECT / learning["template"]).is_file()
    assert "metrics/${item.dataset}/learning/${key}.json" in outputs("evaluate")
    tables = [path for path in outputs("curve") if path.endswith(".json") and not path.endswith(TOLD_ELSEWHERE)]
    assert list(entries) == [path.replace("${key}", dataset) for dataset in PARAMS["prepare"] for path in tables]
    for path, options in entries.items():
        assert options["template"] == f"{DEFINITIONS}/{Path(path).stem}.json"
        assert options["title"].startswith(f"{Path(path).parent.name}: ")
        assert (PROJECT / options["template"]).is_file()


def test_no_network_may_import_another() -> None:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (apart,) = (contract for contract in contracts if contract["name"] == "No network imports another")
    assert apart["modules"] == [f"autoencoder.models.{network.stem}" for network in NETWORKS]


def test_artifacts_are_weights_of_runs() -> None:
    assert PIPELINE["artifacts"].keys() <= PARAMS["runs"].keys()
    for run, artifact in PIPELINE["artifacts"].items():
        assert artifact["path"] == f"models/{run}/weights.safetensors"
        assert artifact["type"] == "model"
        assert re.search(rf"\b{PARAMS['runs'][run]['latent_dim']} numbers", artifact["desc"])


def test_nothing_in_the_package_imports_a_script() -> None:
    scripts = {path.stem for path in SRC.glob("*.py")}
    for path in (SRC / "autoencoder").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not scripts & {name.split(".")[0] for name in names}, path
