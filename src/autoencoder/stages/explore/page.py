"""The explorer's page: its template, style and scripts, and the study's numbers, in one file that needs no other."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from autoencoder.config.names import PAGES

PAGE = Path(PAGES["explore"])
MOST_BYTES = 25_000_000  # that a page may well weigh
TEMPLATES = Path(__file__).parent / "templates"
# Each uses those before it, and the last begins.
SCRIPTS = (
    *("network.js", "study.js", "colours.js", "painters.js", "plane.js", "state.js"),
    *("map.js", "panel.js", "address.js", "pointers.js", "explorer.js"),
)


def render(page: Mapping[str, Any]) -> bytes:
    """What `gather` found as a page, the same bytes for the same numbers."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # "</script>" inside would end the element; as JSON the escaped form means the same.
    data = json.dumps(page, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    text = environment.get_template("explorer.html").render(
        title=page["title"],
        sample=page["sample"],
        data=_as_it_is(data),
        scripts=[_own(name) for name in SCRIPTS],
        style=_own("explorer.css"),
    )
    return text.encode()


def told(study: Mapping[str, Any], page: bytes) -> str:
    """How many images of each data set a page has, and its size."""
    counted = ", ".join(f"{dataset['count']:,} images of {dataset['name']}" for dataset in study["datasets"])
    return f"{counted}, {len(page) / 1e6:.1f} MB"


def _own(name: str) -> Markup:
    return _as_it_is((TEMPLATES / name).read_text())


def _as_it_is(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - our own files, and JSON without a "<"
