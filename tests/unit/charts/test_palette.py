"""Colours: told apart, readable on both backgrounds, the same wherever a run is drawn."""

import re
from itertools import combinations

import numpy as np
import pytest
from colorspacious import cspace_convert
from matplotlib.colors import to_rgb
from scipy.spatial.distance import cdist
from skimage.color import rgb2lab

from autoencoder.charts import palette
from tests.conftest import PROJECT

STYLE = (PROJECT / "src/autoencoder/stages/report/templates/style.css").read_text()
PAPERS = re.findall(r"--paper: (#[0-9a-f]{6})", STYLE)
MANY = {f"family {n}": [f"run {n}-{k}" for k in range(4)] for n in range(6)}
ALL = {
    **palette.run_colours(MANY),
    **palette.family_colours(list(MANY)),
    **palette.CODECS,
    "published": palette.PUBLISHED,
    **{str(dim): colour for dim, colour in palette.pca_colours([2, 16, 64]).items()},
    **palette.pattern_colours([f"pattern {n}" for n in range(9)]),
}


def contrast(one: str, other: str) -> float:
    """As WCAG 2.1 defines it, written out again."""
    bright = []
    for colour in (one, other):
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
        bright.append(0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] + 0.05)
    return max(bright) / min(bright)


@pytest.mark.parametrize("paper", [*PAPERS, "#ffffff"])
def test_all_stand_out_from_the_page_in_light_and_dark(paper: str) -> None:
    assert len(PAPERS) == 2
    low = {name: colour for name, colour in ALL.items() if contrast(colour, paper) < 3}
    assert not low


@pytest.mark.parametrize("lacking", ["", "deuteranomaly", "protanomaly", "tritanomaly"])
def test_lines_of_a_chart_differ_for_eyes_that_lack_a_kind_of_cone_too(lacking: str) -> None:
    """Of four families of four runs each, PCA and pixels; as Machado et al. (2009) draw what such eyes see, in
    CAM02-UCS (Luo et al. 2006), where the least difference that is seen is about 1.
    """
    families = {family: MANY[family] for family in [*MANY][:4]}
    colours = {"": [palette.ALWAYS["PCA"]], "pixels": [palette.ALWAYS["pixels"]]}
    of_runs = palette.run_colours(families)
    colours |= {family: [of_runs[run] for run in runs] for family, runs in families.items()}
    kind = {"name": "sRGB1+CVD", "cvd_type": lacking, "severity": 100} if lacking else "sRGB1"
    seen = {
        name: cspace_convert(np.clip(cspace_convert([*map(to_rgb, of)], kind, "sRGB1"), 0, 1), "sRGB1", "CAM02-UCS")
        for name, of in colours.items()
    }
    least = {pair: cdist(seen[pair[0]], seen[pair[1]]).min() for pair in combinations(seen, 2)}
    assert not {pair: distance for pair, distance in least.items() if distance < 7.9}


def test_runs_of_a_family_darken_with_more_latents_and_no_two_are_alike() -> None:
    colours = palette.run_colours(MANY)
    assert len(set(colours.values())) == 24
    for runs in MANY.values():
        lightness = [rgb2lab([[to_rgb(colours[run])]])[0, 0, 0] for run in runs]
        assert lightness == sorted(lightness, reverse=True)
        assert len(set(lightness)) == 4


def test_patterns_codecs_and_pca_share_no_colour_within_a_chart() -> None:
    """A scale that takes its colours from the data would mix up those that are there twice."""
    for colours in (
        palette.pattern_colours([f"pattern {n}" for n in range(9)]),
        {
            **palette.CODECS,
            **palette.run_colours(MANY),
            **{str(d): c for d, c in palette.pca_colours(range(9)).items()},
        },
    ):
        assert len(set(colours.values())) == len(colours)
    patterns = set(palette.pattern_colours([f"pattern {n}" for n in range(9)]).values())
    assert not patterns & {*palette.run_colours(MANY).values(), *palette.family_colours(list(MANY)).values()}


def test_what_is_no_run_keeps_its_colour_whatever_the_runs_are() -> None:
    few, many = palette.family_colours(["one"]), palette.family_colours(list(MANY))
    for name in ("PCA", "pixels", "chance"):
        assert few[name] == many[name]
    assert few["one"] == many["family 0"]


def test_records_are_given_the_colour_of_what_they_are_of() -> None:
    rows = palette.of_records([{"run": "a", "sse": 1.0}, {"run": "b"}], "run", {"a": "#111111", "b": "#222222"})
    assert rows == [{"run": "a", "sse": 1.0, "colour": "#111111"}, {"run": "b", "colour": "#222222"}]
