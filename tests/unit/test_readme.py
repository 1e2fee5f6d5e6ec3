"""The README is true: its numbers are those of the metrics, its commands and files exist."""

import json
import re
from typing import Any

import pytest
import yaml

from autoencoder import readme
from tests.conftest import PROJECT

TEXT = (PROJECT / "README.md").read_text()
RUNS = yaml.safe_load((PROJECT / "params.yaml").read_text())["runs"]


@pytest.fixture
def metrics() -> dict[str, Any]:
    return {run: json.loads((PROJECT / f"metrics/{run}.json").read_text()) for run in RUNS}


def test_the_table_is_the_metrics(metrics: dict[str, Any]) -> None:
    assert readme.replace_results(TEXT, readme.table(metrics)) == TEXT


@pytest.mark.parametrize("run", RUNS)
def test_the_committed_metrics_are_those_of_the_default_params(run: str, metrics: dict[str, Any]) -> None:
    params = yaml.safe_load((PROJECT / "params.yaml").read_text())
    row = metrics[run]
    line = params["runs"][run]
    assert (row["dataset"], row["model"], row["latent_dim"], row["seed"]) == tuple(
        line[key] for key in ("dataset", "model", "latent_dim", "seed")
    )
    assert row["num_epochs"] == params["train"][line["recipe"]]["epochs"]
    assert row["sample"] is False


@pytest.mark.parametrize("run", [run for run in RUNS if run.startswith("cifar10")])
def test_every_cifar10_run_is_below_pca(run: str, metrics: dict[str, Any]) -> None:
    assert metrics[run]["test_sse"] < metrics[run]["pca_test_sse"]


def test_the_punks_network_is_not_and_the_readme_says_so(metrics: dict[str, Any]) -> None:
    assert metrics["punks-108"]["test_mse"] > metrics["punks-108"]["pca_test_mse"]
    assert "The punks tutorial's own network is not" in TEXT


def test_a_run_beyond_pcas_components_has_an_empty_cell(metrics: dict[str, Any]) -> None:
    row = {**metrics["cifar10-64"], "pca_test_sse": None}
    assert "|  |" in readme.table({"wide": row})


def test_commands_and_files_it_names_exist() -> None:
    makefile = (PROJECT / "Makefile").read_text()
    for verb in re.findall(r"`make ([a-z]+)", TEXT):
        assert re.search(rf"^{verb}:", makefile, re.MULTILINE), verb
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (PROJECT / target).exists(), target
    for script in re.findall(r"python (src/\w+\.py)", TEXT):
        assert (PROJECT / script).exists() or "<stage>" in script, script
