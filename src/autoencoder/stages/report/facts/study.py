"""The data sets, and how many images they have."""

from typing import Any

from autoencoder.stages.report.study import StudyResults


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Of each data set what `baseline` counted."""
    facts = [study.facts(dataset) | {"name": dataset.name} for dataset in study.datasets]
    title = {"title": "The pictures"} if study.of_own_pictures else {}
    return {"datasets": facts, "own": study.of_own_pictures, **title} if facts else None
