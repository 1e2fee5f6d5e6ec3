"""How everything was made, and how to make it again."""

from typing import Any

import yaml

from autoencoder.stages.report.blocks import Block, Heading, Listing, ReportSection, Table, Text
from autoencoder.stages.report.results import DataSet, StudyResults
from autoencoder.stages.report.wording import listing, number

SPLITS = ("train", "val", "test")
COMMANDS = """\
make reproduce   # data, trainings, every figure, and this page: what is missing or out of date
dvc status       # whether anything here differs from the code, the params and the data
dvc repro        # after a change in params.yaml: what it touches, and only that"""


def write_section(study: StudyResults) -> ReportSection:
    """Params, devices, hashes, commands."""
    rows = [row for dataset in study.with_runs for row in study.metrics_of_runs(dataset)]
    devices = listing(sorted({str(row["device"]) for row in rows})) if rows else "nothing yet"
    studies = [study.seed_outcomes(name) for name in study.names("seeds")]
    seconds = sum(row["train_seconds"] for row in [*rows, *studies])
    text = (
        f"Every measurement on this page was computed by the code from params.yaml and the data below. Trained on "
        f"{devices}, {number(seconds / 60)} minutes in all, the seeds among them; evaluation is always in float64. "
        "The same machine, package versions and number of threads give the same weights, byte for byte; another "
        "processor changes last digits."
    )
    weights = tuple((row["run"], f"`{row['weights_sha256']}`") for row in rows)
    blocks: tuple[Block, ...] = (
        Text(text),
        Listing(COMMANDS),
        Heading("What was asked for"),
        *(Listing(_as_yaml(study.params, section), f"params.yaml: {section}") for section in study.params),
        Heading("What it was made from"),
        *(_hashes(dataset, study) for dataset in study.datasets),
        Table("Trained weights", ("run", "SHA-256"), weights, num_text=2),
    )
    return ReportSection("making", "How it was made, and how to make it again", blocks)


def _as_yaml(params: Any, section: str) -> str:
    """One section of params.yaml as text; a run, a recipe or a data set stands on a line."""
    value = params[section]
    entries = {section: value} if not isinstance(value, dict) else value
    return "\n".join(
        yaml.safe_dump({key: entry}, default_flow_style=None, sort_keys=False, width=10_000).strip()
        for key, entry in entries.items()
    )


def _hashes(dataset: DataSet, study: StudyResults) -> Table:
    facts = study.beside(dataset.name, "dataset", "baseline")
    rows = tuple((split, number(facts[f"num_{split}"]), f"`{facts[f'{split}_sha256']}`") for split in SPLITS)
    caption = (
        f"{dataset.name}: prepared images, {number(facts['num_inputs'])} numbers each, values in {facts['value_range']}"
    )
    return Table(caption, ("split", "images", "SHA-256"), rows, num_text=3)
