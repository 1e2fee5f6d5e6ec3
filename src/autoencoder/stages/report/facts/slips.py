"""Where the tutorials slip: templates/slips.yaml, for the page and for the table in docs/tutorials.md."""

from pathlib import Path
from typing import Any

from autoencoder.config.params import parse_yaml
from autoencoder.stages.report.parts import Table
from autoencoder.stages.report.study import StudyResults

SLIPS = Path(__file__).parents[1] / "templates/slips.yaml"
HEAD = ("tutorial", "says", "here")


def gather(study: StudyResults) -> dict[str, Any] | None:
    """The same for every study, but nothing for one of somebody's own pictures."""
    if study.of_own_pictures:
        return None
    return {"slips": Table("The tutorials' slips", HEAD, read_slips(), num_text=len(HEAD))}


def read_slips() -> tuple[tuple[str, ...], ...]:
    """In which tutorial, what it says, what is done here: a row a slip."""
    return tuple(tuple(str(slip[key]) for key in HEAD) for slip in parse_yaml(SLIPS.read_text()))


def markdown() -> str:
    """The slips as a Markdown table."""
    rows = [HEAD, ("---",) * len(HEAD), *read_slips()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
