"""The README is true: its numbers are those of the metrics, its commands and files exist."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from autoencoder.config.ablations import load_ablations
from autoencoder.config.published import Point, Published, load_published
from autoencoder.tools import goals, readme
from tests.conftest import PROJECT
from tests.report_inputs import ANSWER

TEXT = (PROJECT / "README.md").read_text()
WORDS = " ".join(TEXT.split())
RUNS = yaml.safe_load((PROJECT / "params.yaml").read_text())["runs"]


@pytest.fixture
def metrics() -> dict[str, Any]:
    return {
        run: json.loads((PROJECT / f"metrics/{line['dataset']}/{run}.json").read_text()) for run, line in RUNS.items()
    }


def test_the_results_are_the_metrics(metrics: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    leads = readme.leads_over_pca(("cifar10", "punks"))
    assert leads.keys() == {"cifar10", "punks"}
    published = {name: load_published(name) for name in ("cifar10", "punks")}
    spreads = readme.read_found(("cifar10", "punks"), "spread")
    found = readme.read_found(("cifar10", "punks"), "answer")
    made = readme.results(metrics, spreads["cifar10"] | spreads["punks"], leads, found, published)
    assert readme.replace(TEXT, "results", made) == TEXT
    assert "lowest published test SSE of cifar10: 86.42 at 64; 49.57 at 128; 24.77 at 256; 15.19 at 384 (UvA" in made


def test_the_trials_are_those_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    text = (PROJECT / "docs/ablations.md").read_text()
    assert readme.replace_ablations(text) == text
    assert text.count("made by `make readme`") == len(load_ablations()) > 2


def test_the_goals_are_measured_by_the_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    text = goals.PAGE.read_text()
    assert readme.replace_goals(text) == text


def test_the_best_run_of_a_size_stands_beside_what_is_published() -> None:
    studies = {
        name: Published(source=name, points=[Point(latent_dim=d, test_sse=sse) for d, sse in ((64, low), (128, 50.0))])
        for name, low in (("one", 80.0), ("two", 90.0))
    }
    runs = [("a", "m", 64, 88.0), ("a", "m", 64, 76.0), ("b", "m", 64, 1.0), ("a", "m", 256, 1.0)]
    runs += [("a", "n", 128, 40.0), ("a", "n", 64, 72.0), ("a", "o", 32, 1.0)]
    keys = ("dataset", "model", "latent_dim", "test_sse")
    metrics = {str(place): dict(zip(keys, run, strict=True)) for place, run in enumerate(runs)}
    told = readme._published("a", studies, metrics)
    beside = (
        "Beside it the best run of that size here, by network: `m` -5.0 % at 64; `n` -10.0 % at 64, -20.0 % at 128."
    )
    assert told.endswith(f"80 at 64; 50 at 128 (one). {beside}")
    assert readme._published("c", studies, metrics).endswith("50 at 128 (one).")


def test_without_a_lead_nothing_is_said_of_it(metrics: dict[str, Any]) -> None:
    made = readme.results(metrics, {}, {}, {"a": ANSWER}, {"a": {}})
    assert made == f"{readme.needed_table({'a': ANSWER})}\n\n{readme.table(metrics, {})}"
    made = readme.results(metrics, {}, {"a": (-1.0, 2.0)}, {"a": ANSWER}, {})
    assert made.endswith("measured at: a from 1.00 dB below to 2.00 dB above.")


def test_how_many_numbers_a_quality_needs() -> None:
    assert readme.needed_table({"a": ANSWER}).splitlines() == [
        "| data set | code | 20 dB | 25 dB | 30 dB | 35 dB |",
        "| --- | --- | --: | --: | --: | --: |",
        "| a | networks | 7 | ≈ 16 | - | - |",
        "| a | PCA | 9 | 21 | 1,045 | - |",
    ]


@pytest.mark.parametrize("run", RUNS)
def test_the_committed_metrics_are_those_of_the_default_params(run: str, metrics: dict[str, Any]) -> None:
    params = yaml.safe_load((PROJECT / "params.yaml").read_text())
    row = metrics[run]
    line = params["runs"][run]
    assert (row["dataset"], row["model"], row["latent_dim"], row["seed"]) == tuple(
        line[key] for key in ("dataset", "model", "latent_dim", "seed")
    )
    assert row["num_epochs"] == line.get("epochs", params["train"][line["recipe"]]["epochs"])
    assert row["sample"] is False


@pytest.mark.parametrize("run", [run for run in RUNS if run.startswith("cifar10")])
def test_every_cifar10_run_is_below_pca(run: str, metrics: dict[str, Any]) -> None:
    assert metrics[run]["test_sse"] < metrics[run]["pca_test_sse"]


def test_what_the_readme_says_in_words_is_so(metrics: dict[str, Any]) -> None:
    own, dense = metrics["punks-108"], metrics["punks-dense-108"]
    assert "is far behind a linear code of 108 numbers" in WORDS
    assert own["test_mse"] > 10 * own["pca_test_mse"]
    assert f"of {own['num_parameters']:,} parameters" in WORDS
    assert "is well ahead of it" in WORDS
    assert dense["test_mse"] < dense["pca_test_mse"] / 2
    assert f"{dense['num_parameters'] / 1e6:.1f} million parameters" in WORDS
    assert "each doubling about halves the squared error" in WORDS
    errors = [metrics[f"cifar10-{latent_dim}"]["test_sse"] for latent_dim in (64, 128, 256)]
    assert all(0.4 < after / before < 0.6 for before, after in pairwise(errors))
    assert "nearly perfect with 16" in WORDS
    assert metrics["punks-dense-16"]["test_ssim"] > 0.98


def test_in_bytes_cifar10_gains_little_over_pca(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    assert "gain less than a decibel over PCA" in WORDS
    assert readme.leads_over_pca(["cifar10"])["cifar10"][1] < 1.0


def test_in_bytes_pca_is_ahead_where_numbers_are_coarse() -> None:
    assert "where the numbers are coarsely rounded PCA is ahead" in WORDS
    rows = json.loads((PROJECT / "metrics/cifar10/compress/cifar10-384.json").read_text())
    coarse = next(row for row in rows if row["codec"] == "autoencoder" and row["bits"] == 4)
    smaller = [r for r in rows if r["codec"] == "PCA" and r["bytes_per_image"] <= coarse["bytes_per_image"]]
    assert max(row["psnr_db"] for row in smaller) > coarse["psnr_db"]


def test_a_run_beyond_pcas_components_has_an_empty_cell(metrics: dict[str, Any]) -> None:
    row = {**metrics["cifar10-64"], "pca_test_sse": None}
    assert "|  |" in readme.table({"wide": row}, {})


def test_the_error_over_several_seeds_stands_beside_the_run(metrics: dict[str, Any]) -> None:
    spread = {"num_seeds": 3, "mean_test_sse": 86.1234, "std_test_sse": 0.12345}
    row = readme.table({"one": metrics["cifar10-64"]}, {"one": spread}).splitlines()[2]
    assert row.split(" | ")[4] == "86.12 ± 0.12 (3)"


PAGES = [PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "benchmarks/README.md")]
PAGES += sorted((PROJECT / "docs").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_files_that_are_named_exist(page: Path) -> None:
    text = page.read_text()
    makefile = (PROJECT / "Makefile").read_text()
    for verb in re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE):
        assert re.search(rf"^{verb}:", makefile, re.MULTILINE), verb
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / target).exists(), target
    for script in re.findall(r"python (src/\w+\.py)", text):
        assert (PROJECT / script).exists(), script
    for path in re.findall(r"`((?:src|tests|docs|metrics|plots|\.dvc)/[\w./]+)`", text):
        assert (PROJECT / path).exists(), path


def test_the_steps_of_the_tutorials_are_where_the_page_says() -> None:
    table = (PROJECT / "docs/tutorials.md").read_text().split("## Where they slip")[0]
    files = re.findall(r"`([\w/]+\.py)`", table)
    assert len(files) > 20
    for file in files:
        assert (PROJECT / file).exists() or (PROJECT / "src/autoencoder" / file).exists(), file


@pytest.mark.parametrize("run", RUNS)
def test_half_precision_costs_as_little_as_is_said(run: str, metrics: dict[str, Any]) -> None:
    """What was measured with the rounded weights, beside what training measured with the unrounded ones."""
    text = (PROJECT / "docs/reproducibility.md").read_text()
    bound = float(re.search(r"within ([\d.]+) %", text)[1]) / 100  # type: ignore[index]
    learning = json.loads((PROJECT / f"metrics/{RUNS[run]['dataset']}/learning/{run}.json").read_text())
    unrounded = min(record["mse"] for record in learning if record["split"] == "val")
    assert metrics[run]["val_mse"] == pytest.approx(unrounded, rel=bound)


def test_the_two_commands_are_the_study_and_its_tests() -> None:
    commands = re.search(r"## Two commands.*?```sh\n(.*?)```", TEXT, re.DOTALL)
    assert commands
    assert re.findall(r"^make (\w+)", commands[1], re.MULTILINE) == ["reproduce", "test"]
    assert len(TEXT.splitlines()) < 150


def test_what_reproducing_costs_is_said_before_it_starts(metrics: dict[str, Any]) -> None:
    """Runs and seeds counted, hours as they were measured; on many cores no less than the longest single job takes."""
    makefile = " ".join(re.sub(r'\n\t@echo|"', "", (PROJECT / "Makefile").read_text()).split())
    studies = yaml.safe_load((PROJECT / "params.yaml").read_text())["seeds"]
    outcomes = [
        json.loads((PROJECT / f"metrics/{line['dataset']}/seeds/{study}.json").read_text())
        for study, line in studies.items()
    ]
    num_seeds = sum(line["num_seeds"] for line in studies.values())
    assert f"trains {len(RUNS)} runs and {num_seeds} seeds" in makefile
    seconds = [row["train_seconds"] for row in (*metrics.values(), *outcomes)]
    said = re.search(r"(\d+) hours of one core together .*?, (\d+) on two cores, (\d+) on six or more", makefile)
    assert said
    hours = [sum(seconds) / 3600, sum(seconds) / 7200, max(seconds) / 3600]
    assert [float(number) for number in said.groups()] == pytest.approx(hours, rel=0.2)
    on_two = re.search(r"about (\d+) hours on two CPU cores", TEXT)
    assert on_two
    assert float(on_two[1]) == pytest.approx(hours[1] + 0.4, rel=0.2)  # and what measuring takes
    assert re.search(r"^reproduce: cost ", (PROJECT / "Makefile").read_text(), re.MULTILINE)


def test_the_tutorials_network_is_below_all_that_is_published(
    metrics: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runs, in at most 250 epochs; and so is the mean over the seeds."""
    monkeypatch.chdir(PROJECT)
    spread = readme.read_found(("cifar10",), "spread")["cifar10"]
    for latent_dim in (64, 128, 256, 384):
        lowest = min(study.test_sse[latent_dim] for study in load_published("cifar10").values())
        run = metrics[f"cifar10-{latent_dim}"]
        assert (run["model"], run["latent_dim"]) == ("cifar10_cnn", latent_dim)
        assert run["num_epochs"] <= 250
        assert run["test_sse"] < lowest
        assert spread[f"cifar10-{latent_dim}"]["num_seeds"] == 3
        assert spread[f"cifar10-{latent_dim}"]["mean_test_sse"] < lowest
