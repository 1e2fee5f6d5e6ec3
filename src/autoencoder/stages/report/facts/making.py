"""How everything was made, and how to make it again."""

from typing import Any

import yaml

from autoencoder.stages.report.facts import ablations
from autoencoder.stages.report.parts import Table
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.wording import device, number
from autoencoder.storage.prepared import SPLITS


def gather(study: StudyResults) -> dict[str, Any]:
    """Params, devices, hashes, kinds of data."""
    rows = [row for dataset in study.with_runs for row in study.metrics_of_runs(dataset)]
    seconds = sum(
        row["train_seconds"] for row in [*rows, *(study.seed_outcomes(name) for name in study.names("seeds"))]
    )
    weights = {"run": [row["run"] for row in rows], "SHA-256": [f"`{row['weights_sha256']}`" for row in rows]}
    return {
        "own": study.of_own_pictures,
        "devices": sorted({device(row["device"]) for row in rows}),
        "quoted": _quoted(study),
        "minutes": seconds / 60,
        "params": [{"name": section, "text": as_yaml(study.params, section)} for section in study.params],
        "hashes": [_hashes(dataset, study) for dataset in study.datasets],
        "weights": Table.of_columns("Trained weights", weights, num_text=2),
        "kinds": list(dict.fromkeys(dataset.kind for dataset in study.datasets)),
    }


def _quoted(study: StudyResults) -> list[str]:
    """What on the page the code has not computed."""
    points = [row for dataset in study.with_runs for row in study.plotted(dataset, "error-curve")]
    there = {
        "what others published": any(row["run"] is None for row in points),
        "the trials, which were noted down as they were made": ablations.gather(study) is not None,
    }
    return [what for what, is_there in there.items() if is_there]


def as_yaml(params: Any, section: str) -> str:
    """One section of params.yaml as text; a run, a recipe or a data set stands on a line."""
    value = params[section]
    entries = {section: value} if not isinstance(value, dict) else value
    return "\n".join(
        yaml.safe_dump({key: entry}, default_flow_style=None, sort_keys=False, width=10_000).strip()
        for key, entry in entries.items()
    )


def _hashes(dataset: DataSet, study: StudyResults) -> Table:
    facts = study.facts(dataset)
    columns = {
        "split": list(SPLITS),
        "images": [number(facts[f"num_{split}"]) for split in SPLITS],
        "SHA-256": [f"`{facts[f'{split}_sha256']}`" for split in SPLITS],
    }
    caption = (
        f"{dataset.name}: prepared images, {number(facts['num_inputs'])} numbers each, values in {facts['value_range']}"
    )
    return Table.of_columns(caption, columns, num_text=3)
