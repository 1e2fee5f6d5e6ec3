"""The README is true: its numbers are those of the metrics, its commands and files exist."""

import json
import re

import pytest
import yaml

from autoencoder import readme
from tests.conftest import PROJECT

TEXT = (PROJECT / "README.md").read_text()
RUNS = yaml.safe_load((PROJECT / "params.yaml").read_text())["runs"]
METRICS = {run: json.loads((PROJECT / f"metrics/{run}.json").read_text()) for run in RUNS}


def test_the_table_is_the_metrics() -> None:
    assert readme.replace_results(TEXT, readme.table(METRICS)) == TEXT


@pytest.mark.parametrize("run", RUNS)
def test_the_committed_metrics_are_those_of_the_default_params(run: str) -> None:
    params = yaml.safe_load((PROJECT / "params.yaml").read_text())
    row = METRICS[run]
    line = params["runs"][run]
    assert (row["dataset"], row["model"], row["latent_dim"], row["seed"]) == tuple(
        line[key] for key in ("dataset", "model", "latent_dim", "seed")
    )
    assert row["num_epochs"] == params["train"][line["recipe"]]["epochs"]
    assert row["sample"] is False


@pytest.mark.parametrize("run", [run for run in RUNS if run.startswith("cifar10")])
def test_every_cifar10_run_is_below_pca(run: str) -> None:
    assert METRICS[run]["test_sse"] < METRICS[run]["pca_test_sse"]
    assert METRICS[run]["val_sse"] > 0


def test_commands_and_files_it_names_exist() -> None:
    makefile = (PROJECT / "Makefile").read_text()
    for verb in re.findall(r"`make ([a-z]+)", TEXT):
        assert re.search(rf"^{verb}:", makefile, re.MULTILINE), verb
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (PROJECT / target).exists(), target
    for script in re.findall(r"python (src/\w+\.py)", TEXT):
        assert (PROJECT / script).exists() or "<stage>" in script, script
