"""A section with a part for each data set."""

from collections.abc import Callable

from autoencoder.stages.report.blocks import Block, Heading, ReportSection, Text
from autoencoder.stages.report.results import DataSet, StudyResults


def by_dataset(
    study: StudyResults, anchor: str, title: str, text: str, write: Callable[[DataSet, StudyResults], list[Block]]
) -> ReportSection | None:
    """A section with a part for each data set that has runs."""
    blocks: list[Block] = [Text(text)]
    for dataset in study.with_runs:
        blocks += [Heading(dataset.name), *write(dataset, study)]
    return ReportSection(anchor, title, tuple(blocks)) if blocks[1:] else None
