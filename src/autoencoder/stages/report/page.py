"""The page: each section a template in templates/sections and the numbers that it is given, in facts."""

import importlib
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from autoencoder.config.names import PAGES
from autoencoder.config.params import parse_yaml
from autoencoder.stages.report import facts, wording
from autoencoder.stages.report.inline_pictures import Inlined, inline
from autoencoder.stages.report.parts import Figure
from autoencoder.stages.report.study import StudyResults

# In the project's root, where a reader looks first.
PAGE = Path(PAGES["report"])
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Section:
    """A section of the page: its template and its module of facts share the id. facts: what the template is given."""

    id: str
    title: str
    facts: dict[str, Any]


class Page:
    """What the macros of parts.html ask while the page is written, from its top to its end."""

    def __init__(self, images: Mapping[Path, Inlined], terms: Mapping[str, str]) -> None:
        self.images = images
        self.terms = terms
        self.section = ""
        self._explained: set[str] = set()
        self._counts: Counter[str] = Counter()

    def first_use(self, term: str) -> bool:
        """Whether a term was not explained yet; from now on it is."""
        new = term not in self._explained
        self._explained.add(term)
        return new

    def count(self, kind: str) -> int:
        """The number of the next `Figure` or `Table`."""
        self._counts[kind] += 1
        return self._counts[kind]


def gather_sections(study: StudyResults) -> list[Section]:
    """Every section that the study has something for, in reading order (templates/contents.yaml).

    Raises UserError where a number is missing, with its command.
    """
    sections = []
    for entry in parse_yaml((TEMPLATES / "contents.yaml").read_text()):
        module = importlib.import_module(f"{facts.__name__}.{entry['id'].replace('-', '_')}")
        found = module.gather(study)
        if found is not None:
            title = found.get("title", entry["title"])  # its numbers may call it something else
            sections.append(Section(entry["id"], title, found))
    return sections


def render(study: StudyResults) -> bytes:
    """The page, the same bytes for the same numbers and figures. Raises UserError where something is missing."""
    environment = _environment()
    sections = gather_sections(study)
    figures = [figure for section in sections for figure in figures_of(section.facts)]
    page = Page(_inlined(figures), parse_yaml((TEMPLATES / "terms.yaml").read_text()))
    shown = []
    for section in sections:
        page.section = section.id
        template = environment.get_template("section.html")
        body = Markup(template.render(page=page, name=section.id, **section.facts))  # noqa: S704 (escaped by jinja)
        shown.append({"id": section.id, "title": section.title, "body": body})
    runs = offered_runs(study, figures)
    written = environment.get_template("page.html").render(
        title=study.options.title,
        sample=study.sample,
        sections=shown,
        atlases=list(study.atlases.values()),
        runs=runs,
        metrics={run.name: study.metrics(run) for each in study.datasets for run in each.runs if each.name in runs},
        best=study.best(study.with_runs[0]).name if study.with_runs else "",
        style=Markup((TEMPLATES / "style.css").read_text()),  # noqa: S704 (our own file)
        script=Markup((TEMPLATES / "script.js").read_text()),  # noqa: S704 (our own file)
    )
    return written.encode()


def offered_runs(study: StudyResults, figures: list[Figure]) -> dict[str, list[str]]:
    """The runs that some figure is of, by data set: what the page lets one choose."""
    shown = {figure.run for figure in figures}
    names = {dataset.name: [name for name in dataset.names if name in shown] for dataset in study.datasets}
    return {dataset: of_dataset for dataset, of_dataset in names.items() if of_dataset}


def figures_of(value: Any) -> Iterator[Figure]:
    """The figures somewhere within a section's facts."""
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from figures_of(entry)
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from figures_of(entry)
    elif is_dataclass(value):
        for part in fields(value):
            yield from figures_of(getattr(value, part.name))


def _inlined(figures: list[Figure]) -> dict[Path, Inlined]:
    once = list({figure.path: figure for figure in figures}.values())
    with ThreadPoolExecutor() as executor:  # the encoder leaves Python's lock alone: most of the time a page takes
        return {figure.path: image for figure, image in zip(once, executor.map(inline, once), strict=True)}


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = (
        wording.number,
        wording.percent,
        wording.plural,
        wording.listing,
        wording.than,
        wording.course,
        wording.more_error,
        wording.told_lead,
    )
    environment.filters |= {word.__name__: word for word in words}
    environment.filters |= {"code": code, "marked": marked, "counted": counted}
    return environment


def marked(text: str) -> Markup:
    """`text`, escaped, with what stands in backticks as <code>."""
    parts = [
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(text.split("`"))
    ]
    return Markup("").join(parts)


def code(text: str) -> Markup:
    """`text`, escaped, as <code>."""
    return Markup("<code>{}</code>").format(text)


def counted(rows: list[dict[str, Any]], total: int) -> Markup:
    """How many of the runs some rows are, and which."""
    return marked(wording.counted_runs(rows, total))
