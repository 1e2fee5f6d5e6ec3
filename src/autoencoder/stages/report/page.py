"""Sections to one HTML page: a template, and every picture inside."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from autoencoder.stages.report.blocks import ReportSection
from autoencoder.stages.report.inline_pictures import inline
from autoencoder.stages.report.results import StudyResults

# In the project's root, where a reader looks first.
PAGE = Path("report.html")
TEMPLATES = Path(__file__).parent / "templates"


def render(study: StudyResults, sections: Sequence[ReportSection]) -> bytes:
    """The page, the same bytes for the same numbers and figures. Raises UserError where a figure is missing."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["marked"] = marked
    figures = [*{figure.path: figure for section in sections for figure in section.figures}.values()]
    with ThreadPoolExecutor() as executor:  # the encoder leaves Python's lock alone: most of the time a report takes
        images = {figure.path: inlined for figure, inlined in zip(figures, executor.map(inline, figures), strict=True)}
    page = environment.get_template("report.html").render(study=study, sections=sections, images=images)
    return page.encode()


def marked(text: str) -> Markup:
    """`text`, escaped, with what stands in backticks as <code>."""
    parts = [
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(text.split("`"))
    ]
    return Markup("").join(parts)
