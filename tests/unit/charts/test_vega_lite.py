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

from autoencoder.charts import palette, vega_lite
from autoencoder.charts.vega_lite import as_narrow_svg, as_png, as_svg, filled

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
        {"dataset": "d", "study": "s", "seed": 0, "test_mse": 0.1, "state": "living"},
        {"dataset": "d", "study": "s", "test_mse": 0.3, "state": "all black"},
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
    wide, narrow = as_svg(chart, "x"), as_narrow_svg(chart, "y")
    sizes = [float(ElementTree.fromstring(svg).attrib["width"]) for svg in (wide, narrow)]
    assert 300 < sizes[0] < 1100
    assert sizes[1] <= vega_lite.MOST_NARROW
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


def drawn(svg: str, mark: str) -> list[tuple[str, str]]:
    """What a chart's marks of a kind say, and the rest of the element."""
    groups = re.findall(rf'<g class="mark-{mark} role-mark.*?</g>', svg, re.DOTALL)
    return [found for group in groups for found in re.findall(r'aria-label="([^"]*)"([^>]*)>', group)]


def test_codecs_are_told_apart_by_their_dashes_and_by_their_marks() -> None:
    codecs = ["autoencoder", "PCA", "JPEG", "JPEG, header not counted", "WebP", "WebP, header not counted"]
    records = [
        {**RECORDS["rate-distortion"][0], "codec": codec, "series": codec, "bytes_per_image": size, "colour": "#111111"}
        for codec in codecs
        for size in (10, 20)
    ]
    svg = as_svg(filled("rate-distortion", records), "x")
    lines, marks = drawn(svg, "line"), drawn(svg, "symbol")
    assert (len(lines), len(marks)) == (len(codecs), 2 * len(codecs))
    assert len({re.search(r'dasharray="([^"]*)"', rest)[1] for _, rest in lines}) == len(codecs)  # type: ignore[index]
    assert len({re.search(r' d="([^"]*)"', rest)[1] for _, rest in marks}) == len(codecs)  # type: ignore[index]


@pytest.mark.parametrize("epochs", [1, 2])
def test_a_training_of_one_epoch_is_a_dash_and_a_longer_one_a_line(epochs: int) -> None:
    records = [
        {"run": run, "split": split, "epoch": epoch, "mse": 1 / epoch, "colour": "#111111"}
        for run in ("a", "b")
        for split in ("train", "val")
        for epoch in range(1, epochs + 1)
    ]
    rules = drawn(as_svg(filled("learning-curves", records), "x"), "rule")
    lengths = {float(re.search(r' x2="([-\d.]+)"', rest)[1]) for _, rest in rules}  # type: ignore[index]
    assert lengths == ({48.0} if epochs == 1 else set())


def test_seeds_of_the_same_error_do_not_lie_on_each_other_and_data_sets_have_axes_of_their_own() -> None:
    records = [
        {"dataset": dataset, "study": dataset, "seed": seed, "test_mse": mse, "state": "living"}
        for dataset, mse in (("a", 0.1), ("b", 9.0))
        for seed in range(5)
    ] + [{"dataset": dataset, "study": dataset, "test_mse": 10.0, "state": "all black"} for dataset in "ab"]
    svg = as_svg(filled("seeds", records), "x")
    places = [
        re.search(r"translate\(([\d.]+),([\d.]+)\)", rest) for text, rest in drawn(svg, "symbol") if "seed:" in text
    ]
    assert len(places) == 10
    assert len({place.groups() for place in places[:5] if place}) == 5
    assert len({round(float(place[1]), 6) for place in places if place}) == 1  # the least of its own axis


def test_dead_seeds_do_not_look_like_pca() -> None:
    text = (vega_lite.DEFINITIONS / "seeds-learning.json").read_text() + (
        vega_lite.DEFINITIONS / "seeds.json"
    ).read_text()
    assert palette.ALWAYS["PCA"] not in text


def test_what_seeds_differ_by_is_seen_however_little_it_is() -> None:
    """The dashes at the lowest and the highest are as wide as a point and more."""
    ours = {**POINTS[0], "tick": True, "num_seeds": 3, "min_test_sse": 99.99, "max_test_sse": 100.01}
    svg = as_svg(filled("error-curve", [ours, *POINTS[1:]]), "x")
    dashes = [rest for text, rest in drawn(svg, "symbol") if "lowest" in text]
    widths = [re.search(r'd="M(-?[\d.]+),0L(-?[\d.]+),0"', rest) for rest in dashes]
    assert [float(width[2]) - float(width[1]) > 12 for width in widths if width] == [True, True]


def test_levels_and_the_knee_are_written_beside_the_curve() -> None:
    marks = [
        {"level": "25 dB", "latent_dim": 20, "sse": 60.0, "to_dim": 30, "to_sse": 60.0},
        {"knee": "knee: 32", "latent_dim": 32, "sse": 40.0},
    ]
    svg = as_svg(filled("error-curve", [*POINTS, *marks]), "x")
    assert ">25 dB</text>" in svg
    assert ">knee: 32</text>" in svg
    assert len([text for text, _ in drawn(svg, "symbol") if "published by" in text]) == 1  # no mark is taken for one


@pytest.mark.parametrize("definition", ["error-curve", "learning-curves"])
def test_a_phone_has_long_names_below_its_lines_in_their_order(definition: str) -> None:
    """Short ones stay at the lines' ends; either way lines have room, and each name is there once, in its colour."""
    split = {"error-curve": "test", "learning-curves": "val"}[definition]
    for length in (4, 28):
        names = [letter * length for letter in "abc"]
        records = [
            {**RECORDS[definition][place], "run": name, "curve": name, "split": split, "colour": colour, "tick": True}
            | {"sse": error, "mse": error, "label_at": error, "epoch": 5, "latent_dim": 16}
            for place, (name, error, colour) in enumerate(
                zip(names, (1.0, 3.0, 2.0), ("#111111", "#222222", "#333333"), strict=True)
            )
        ]
        records += [{**row, "latent_dim": 8, "epoch": 1, "label_at": None} for row in records]
        svg = as_narrow_svg(filled(definition, records), "x")
        assert float(ElementTree.fromstring(svg).attrib["width"]) <= vega_lite.MOST_NARROW
        written = re.findall(
            r'<text[^>]*translate\(([\d.]+),([\d.]+)\)[^>]*fill="(#\d{6})"[^>]*>([abc]{4,})</text>', svg
        )
        by_height = sorted(written, key=lambda found: float(found[1]))
        assert [found[3][0] for found in by_height] == ["b", "c", "a"]
        assert [found[2] for found in by_height] == ["#222222", "#333333", "#111111"]
        assert {float(found[1]) > 340 for found in written} == {length == 28}
        wide = re.search(r'role-axis-domain.*?x2="([\d.]+)"', svg, re.DOTALL)
        assert wide is not None
        assert float(wide[1]) >= vega_lite.ENOUGH_LINES
