"""The data sets, and how many images they have."""

from typing import Any

from autoencoder.stages.report.study import StudyResults


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Of each data set what `baseline` counted."""
    facts = [study.beside(dataset.name, "dataset", "baseline") | {"name": dataset.name} for dataset in study.datasets]
    return {"datasets": facts} if facts else None
