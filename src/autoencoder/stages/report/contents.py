"""What the report holds, in reading order. A new experiment is a file in sections/, and a line here."""

from autoencoder.stages.report.blocks import ReportSection
from autoencoder.stages.report.results import StudyResults
from autoencoder.stages.report.sections import (
    ablations,
    answer,
    compression,
    curve,
    data,
    idea,
    latents,
    learning_curves,
    making,
    maps,
    networks,
    out_of_distribution,
    random_latents,
    reconstructions,
    search,
    seeds,
    shift,
    tutorial_slips,
)

# In reading order; each has a `write_section`.
SECTIONS = (
    answer,
    idea,
    curve,
    reconstructions,
    latents,
    learning_curves,
    networks,
    shift,
    out_of_distribution,
    random_latents,
    search,
    maps,
    seeds,
    compression,
    tutorial_slips,
    ablations,
    making,
    data,
)


def write_sections(study: StudyResults) -> list[ReportSection]:
    """Every section the study has something for. Raises UserError where a number is missing, with its command."""
    sections = (section.write_section(study) for section in SECTIONS)
    return [section for section in sections if section is not None]
