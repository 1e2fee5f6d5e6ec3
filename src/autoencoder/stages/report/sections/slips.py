"""Where the tutorials slip."""

from autoencoder.stages.report.blocks import ReportSection, Table, Text
from autoencoder.stages.report.results import StudyResults
from autoencoder.stages.report.tutorial_slips import HEAD, SLIPS


def write_section(study: StudyResults) -> ReportSection:
    """Where the tutorials slip."""
    text = (
        "This study follows two tutorials: Deep Autoencoders, of the UvA Deep Learning Tutorials (Phillip Lippe), and "
        "the chapter Autoencoders of Brian Caffo's data science book. Their intent is kept, the slip mended."
    )
    rows = tuple((slip.tutorial, slip.says, slip.here) for slip in SLIPS)
    table = Table("The tutorials' slips", HEAD, rows, num_text=len(HEAD))
    return ReportSection("slips", "Where the tutorials slip", (Text(text), table))
