"""Charts: Vega-Lite definitions, drawn without a browser, as SVG for the page and as PNG.

One definition serves three readers: `dvc plots show` fills it, a figure in plots/ is drawn from it, and so is the page,
whose colours follow the reader's light or dark scheme.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import vl_convert

from autoencoder.storage.files import Record

DEFINITIONS = Path(__file__).with_name("definitions")
VEGA_LITE = "5.20"
DATA, TITLE = "<DVC_METRIC_DATA>", "<DVC_METRIC_TITLE>"
# The first comes with the library: whatever fonts a machine has, text is measured, and drawn as PNG, the same. Most
# browsers have one of the two others, which are as wide.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
# Colours that no chart uses: on the page each is replaced by what it stands for.
INK, QUIET, LINE = "#010203", "#040506", "#070809"
ON_THE_PAGE = {INK: "var(--ink)", QUIET: "var(--quiet)", LINE: "var(--line)"}
ON_PAPER = {INK: "#1f2328", QUIET: "#59636e", LINE: "#d5d9de"}
SCALE = 1.5  # of a PNG: pixels a point
NARROW = 230  # pixels, of a chart's lines on a phone, where all that is beside them leaves as many
MOST_NARROW = 400  # pixels, of a chart on a phone with all that is beside its lines
LEAST_LINES, ENOUGH_LINES = 120, 160  # pixels
END_LABELS = "end-labels"  # begins the names of layers that write at the lines' ends what they are
LEGEND_OFFSET = 18  # pixels, from the axis to a legend below it: Vega's own
LABEL_SEPARATION = 4  # pixels, between two numbers of an axis where there is little room
FIRST_BELOW, LINE_BELOW = 62, 20  # pixels: from the axis to the first name below the chart, from one to the next


def config(size: int) -> dict[str, Any]:
    """How every chart looks, with text of `size` pixels; `dvc plots` has its own."""
    axis = {
        "labelColor": QUIET,
        "titleColor": INK,
        "gridColor": LINE,
        "gridOpacity": 0.7,
        "domainColor": QUIET,
        "tickColor": QUIET,
        "labelFontSize": size,
        "titleFontSize": size,
        "titleFontWeight": "normal",
        "titlePadding": 10,
        "labelFont": FONT,
        "titleFont": FONT,
    }
    return {
        "background": None,
        "padding": {"left": 24, "right": 30, "top": 5, "bottom": 5},
        "font": FONT,
        "axis": axis,
        "legend": {
            "labelColor": INK,
            "titleColor": INK,
            "labelFontSize": size,
            "titleFontSize": size,
            "labelLimit": 400,
            "symbolBaseStrokeColor": QUIET,
            "symbolBaseFillColor": QUIET,
            "titleFontWeight": "normal",
        },
        "title": {"color": INK, "fontSize": size + 1, "fontWeight": "normal", "anchor": "start", "font": FONT},
        "text": {"color": INK, "fontSize": size, "font": FONT},
        "header": {"labelColor": INK, "labelFontSize": size, "labelFont": FONT},
        "view": {"stroke": None},
    }


def filled(name: str, records: Sequence[Record], title: str = "") -> dict[str, Any]:
    """The definition called `name` with its data and title, as DVC would fill it for the workspace."""
    definition: dict[str, Any] = json.loads((DEFINITIONS / f"{name}.json").read_text())
    rows = [{"rev": "workspace", **record} for record in records]
    replaced = {DATA: rows, TITLE: title}

    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: fill(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [fill(entry) for entry in value]
        return replaced.get(value, value) if isinstance(value, str) else value

    whole: dict[str, Any] = fill(definition)
    return whole


def in_order(chart: dict[str, Any], records: Sequence[Record]) -> dict[str, Any]:
    """The chart with its panels, and with what its colours stand for, in the order of the records, not of the alphabet:
    64 before 128.
    """
    panels, colour = chart.get("facet"), chart.get("encoding", {}).get("color", {})
    if panels:
        panels["sort"] = _in_order_of(records, panels["field"])
    if colour.get("scale"):
        colour["legend"] = {"values": _in_order_of(records, colour["field"])}
    return chart


def _in_order_of(records: Sequence[Record], field: str) -> list[Any]:
    return list(dict.fromkeys(record[field] for record in records if field in record))


def narrowed(chart: Mapping[str, Any], width: float = NARROW) -> dict[str, Any]:
    """The chart for a phone: its text stays as large, the lines have less room; panels stand below each other."""
    if "spec" in chart:
        return {**chart, "columns": 1, "spec": {**chart["spec"], "width": width}}
    return {**chart, "width": width}


def as_narrow_svg(chart: Mapping[str, Any], name: str) -> str:
    """The chart for a phone: its lines as wide as the names beside them and its legends leave room for, or with the
    names below where that is hardly any.
    """
    svg = ""
    for lettered, num_below in ((chart, 0), (labels_below(chart), len(_named(chart)))):
        for legend_columns in (2, 1):
            svg = as_svg(narrowed(lettered), name, legend_columns=legend_columns, num_below=num_below)
            room = NARROW - max(0, _width(svg) - MOST_NARROW)
            if room == NARROW:
                return svg
            narrower = narrowed(lettered, max(LEAST_LINES, room))
            svg = as_svg(narrower, name, legend_columns=legend_columns, num_below=num_below)
            if room >= ENOUGH_LINES and _width(svg) <= MOST_NARROW:
                return svg
    return svg


def labels_below(chart: Mapping[str, Any]) -> dict[str, Any]:
    """The chart with the names of its lines below it, in their order, instead of at the lines' ends."""
    others = [layer for layer in chart.get("layer", ()) if not layer.get("name", "").startswith(END_LABELS)]
    if len(others) == len(chart.get("layer", ())):
        return {**chart}
    ranked = sorted(_named(chart), key=lambda row: -float(row["label_at"]))
    below = [
        {
            "data": {"values": [{}]},
            "mark": {"type": "text", "align": "left", "fontWeight": 600, "text": row.get("curve") or row["run"]},
            "encoding": {
                "x": {"value": 0},
                "y": {"value": chart["height"] + FIRST_BELOW + LINE_BELOW * rank},
                "color": {"value": row["colour"]},
            },
        }
        for rank, row in enumerate(ranked)
    ]
    return {**chart, "layer": others + below}


def _named(chart: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The points that lines are named at."""
    rows = chart["data"]["values"]
    return [row for row in rows if row.get("label_at") is not None and row.get("run") is not None]


def _width(svg: str) -> float:
    found = re.search(r'<svg[^>]* width="([\d.]+)"', svg)
    return float(found[1]) if found else 0.0


def as_svg(chart: Mapping[str, Any], name: str, size: int = 13, *, legend_columns: int = 0, num_below: int = 0) -> str:
    """The chart as an SVG element for the page; `name` is a prefix that keeps its inner names apart from others'.

    legend_columns: of legends below the chart; 0 has them beside it. num_below: lines named there, above the legends.
    """
    look = config(size)
    if legend_columns:
        look["legend"] |= {"orient": "bottom", "columns": legend_columns, "direction": "vertical"}
        look["legend"]["layout"] = {"bottom": {"anchor": "start", "direction": "vertical"}}  # below each other
        look["legend"]["columnPadding"] = 20
        look["legend"]["offset"] = LEGEND_OFFSET + (LINE_BELOW * num_below + LEGEND_OFFSET // 2 if num_below else 0)
        look["axis"]["labelSeparation"] = LABEL_SEPARATION
        look["padding"] = {"left": 20, "right": 32, "top": 5, "bottom": 5}  # a phone's font may be wider than ours
    text = vl_convert.vegalite_to_svg({**chart, "config": look}, vl_version=VEGA_LITE)
    text = re.sub(r'(id="|url\(#|href="#)', rf"\1{name}-", text)
    return _recoloured(text, ON_THE_PAGE)


def as_png(chart: Mapping[str, Any], size: int = 13) -> bytes:
    """The chart as a PNG on white."""
    svg = vl_convert.vegalite_to_svg({**chart, "background": "white", "config": config(size)}, vl_version=VEGA_LITE)
    drawn: bytes = vl_convert.svg_to_png(_recoloured(svg, ON_PAPER), scale=SCALE)
    return drawn


def _recoloured(svg: str, colours: Mapping[str, str]) -> str:
    for stand_in, colour in colours.items():
        svg = svg.replace(stand_in, colour)
    return svg
