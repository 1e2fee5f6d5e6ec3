"""What to make of one's own pictures: the lines that `advise` wrote."""

from typing import Any

from autoencoder.stages.report.study import StudyResults
from autoencoder.storage import paths
from autoencoder.storage.files import read_json


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Nothing where params.yaml asks for no advice."""
    told = {name: read_json(paths.advice(name), f"python src/advise.py {name}") for name in study.names("advise")}
    return {"told": told} if told else None
