"""What the report holds, in reading order. A new experiment is a function that writes a section, and a line here."""

from collections.abc import Callable

from autoencoder.report import experiments, making, results
from autoencoder.report.parts import Section
from autoencoder.report.study import Study

SECTIONS: tuple[Callable[[Study], Section | None], ...] = (
    results.answer,
    results.idea,
    results.curve,
    results.reconstructions,
    results.learning,
    results.networks,
    experiments.shift,
    experiments.out_of_distribution,
    experiments.generate,
    experiments.retrieve,
    experiments.maps,
    experiments.seeds,
    experiments.compress,
    making.slips,
    making.making,
    making.data,
)


def write_sections(study: Study) -> list[Section]:
    """Every section the study has something for. Raises UserError where a number is missing, with its command."""
    return [section for section in (write(study) for write in SECTIONS) if section is not None]
