"""What the report holds, in reading order. A new experiment is a function that writes a section, and a line here."""

from collections.abc import Callable

from autoencoder.stages.report.blocks import ReportSection
from autoencoder.stages.report.results import StudyResults
from autoencoder.stages.report.sections import first_half, making, second_half

SECTIONS: tuple[Callable[[StudyResults], ReportSection | None], ...] = (
    first_half.answer,
    first_half.idea,
    first_half.curve,
    first_half.reconstructions,
    first_half.learning,
    first_half.networks,
    second_half.shift,
    second_half.out_of_distribution,
    second_half.generate,
    second_half.retrieve,
    second_half.maps,
    second_half.seeds,
    second_half.compress,
    making.slips,
    making.making,
    making.data,
)


def write_sections(study: StudyResults) -> list[ReportSection]:
    """Every section the study has something for. Raises UserError where a number is missing, with its command."""
    return [section for section in (write(study) for write in SECTIONS) if section is not None]
