"""Charts: what DVC would draw, drawn; numbers where they belong."""

import json
import math
import re
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from dvc_render import VegaRenderer  # type: ignore[import-untyped]
from PIL import Image

from autoencoder.charts import vega_lite
from autoencoder.charts.vega_lite import as_png, as_svg, filled, narrowed

POINTS = [
    {
        "series": f"{curve}, test",
        "curve": curve,
        "split": "test",
        "run": run,
        "latent_dim": d,
        "sse": sse,
        "mse": sse / 9,
        "tick": run == "a",
        "colour": colour,
    }
    for curve, run, colour, points in (
        ("cnn", "a", "#0072b2", {16: 100.0, 64: 10.0}),
        ("PCA", "pca", "#d55e00", {8: 200.0, 64: 20.0}),
        ("Someone", None, "#808080", {32: 50.0}),
    )
    for d, sse in points.items()
]
RECORDS: dict[str, list[dict[str, Any]]] = {
    "error-curve": POINTS,
    "learning-curves": [
        {"run": "a", "split": split, "epoch": epoch, "mse": 1 / epoch}
        for split in ("train", "val")
        for epoch in (1, 2, 5)
    ],
    "out-of-distribution": [
        {"series": s, "curve": "cnn", "run": "a", "latent_dim": d, "mse": 0.1 / d, "colour": c}
        for s, c in (("test", "#111111"), ("noise", "#222222"))
        for d in (8, 16)
    ],
    "retrieval": [
        {
            "series": code,
            "curve": code,
            "code": code,
            "metric": "cosine",
            "label": label,
            "queries": "all",
            "name": "all",
            "run": "a",
            "latent_dim": d,
            "precision": 0.5,
            "colour": "#333333",
        }
        for code in ("latents", "pixels")
        for label in ("kind", "worn")
        for d in (8, 16)
    ],
    "rate-distortion": [
        {"series": s, "codec": s, "run": None, "bytes_per_image": b, "psnr_db": 20 + b / 10, "colour": c}
        for s, c in (("b", "#111111"), ("a", "#222222"))
        for b in (10, 20)
    ],
    "psnr-histogram": [
        {"run": run, "latent_dim": 8, "psnr_db": db, "share": 0.5, "colour": colour}
        for run, colour in (("a", "#111111"), ("b", "#222222"))
        for db in (20, 21)
    ],
    "seeds-learning": [
        {"study": study, "seed": seed, "epoch": epoch, "mse": 0.5 / epoch, "state": state, "sample": True}
        for study in ("s", "t", "u")
        for seed, state in enumerate(("living", "dead"))
        for epoch in (1, 2, 4)
    ],
    "seeds": [
        {"study": "s", "seed": 0, "test_mse": 0.1, "state": "living"},
        {"study": "s", "test_mse": 0.3, "state": "all black"},
    ],
}
NAMES = sorted(path.stem for path in vega_lite.DEFINITIONS.glob("*.json"))


def test_every_definition_is_tried_here() -> None:
    assert sorted(RECORDS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_it_is_what_dvc_fills(name: str) -> None:
    rows = [{"rev": "workspace", **row} for row in RECORDS[name]]
    path = str(vega_lite.DEFINITIONS / f"{name}.json")
    theirs = VegaRenderer(rows, "chart", template=path, title="a title").get_filled_template()
    ours = filled(name, RECORDS[name], "a title")
    assert json.loads(json.dumps(ours)) == theirs


@pytest.mark.parametrize("name", NAMES)
def test_it_is_drawn_for_a_wide_and_a_narrow_page_and_as_png(name: str) -> None:
    chart = filled(name, RECORDS[name])
    wide, narrow = as_svg(chart, "x"), as_svg(narrowed(chart), "y", legend_below=True)
    sizes = [float(ElementTree.fromstring(svg).attrib["width"]) for svg in (wide, narrow)]
    assert 300 < sizes[0] < 1100
    assert sizes[1] < 420
    with Image.open(BytesIO(as_png(chart))) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    assert (pixels[0, 0] == 255).all()
    assert pixels.min() < 100


def test_the_page_colours_its_text_and_lines_and_inner_names_are_its_own() -> None:
    svg = as_svg(filled("error-curve", POINTS), "mine")
    assert "var(--ink)" in svg
    assert not {vega_lite.INK, vega_lite.QUIET, vega_lite.LINE} & set(re.findall(r"#[0-9a-f]{6}", svg))
    assert all(name.startswith("mine-") for name in re.findall(r'id="([^"]*)"', svg))


def test_points_are_where_the_logarithms_say() -> None:
    """The dots of the run and the mark of what is published, on axes from the least to the most of what is drawn."""
    svg = as_svg(filled("error-curve", [row for row in POINTS if row["run"] != "pca"]), "x")
    found = {}
    for text, x, y in re.findall(r'aria-label="([^"]*)"[^>]*transform="translate\(([\d.]+),([\d.]+)\)"', svg):
        dim = re.search(r"latent_dim[^:]*\)?: (\d+)|numbers: (\d+)", text)
        if dim and "sse" in text.lower():
            found[int(dim[1] or dim[2])] = (float(x), float(y))
    assert set(found) == {16, 32, 64}
    steps = [found[32][0] - found[16][0], found[64][0] - found[32][0]]
    assert steps[0] == pytest.approx(steps[1], rel=1e-3)  # each a doubling
    per_decade = found[64][1] - found[16][1]
    assert found[32][1] - found[16][1] == pytest.approx(per_decade * math.log10(2), rel=1e-3)


def test_a_scale_that_takes_its_colours_from_the_data_gives_each_its_own() -> None:
    svg = as_svg(filled("rate-distortion", RECORDS["rate-distortion"]), "x")
    lines = re.findall(r'aria-label="[^"]*series: (\w)[^"]*"[^>]*(?:fill|stroke)="(#\d{6})"', svg)
    assert set(lines) == {("b", "#111111"), ("a", "#222222")}
