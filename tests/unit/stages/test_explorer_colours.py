"""The explorer's colours: visible on its map in both colour schemes, and apart for eyes of every kind."""

import re
from itertools import combinations, pairwise

import numpy as np
import pytest

from autoencoder.charts.palette import luminance
from autoencoder.stages.explore.page import TEMPLATES

STYLE = (TEMPLATES / "explorer.css").read_text()
SCHEMES = dict(zip(("light", "dark"), STYLE.split("@media (prefers-color-scheme: dark)")[:2], strict=True))
LEAST = 3.0  # WCAG 2.1, 1.4.11
# What eyes without a kind of cone make of linear red, green, blue (Machado, Oliveira and Fernandes 2009, severity 1).
EYES = {
    "all cones": np.eye(3),
    "no long": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no middle": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no short": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
# Oklab (Ottosson 2020), in which equal distances look about equal.
TO_CONES = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
TO_LAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]


def label_colours() -> list[str]:
    (listed,) = re.findall(r"COLOURS = \[(.*?)\]", (TEMPLATES / "colours.js").read_text())
    return re.findall("#[0-9a-f]{6}", listed)


def styled(scheme: str, name: str) -> list[str]:
    """The colours of a custom property as the style has them in a colour scheme."""
    (value,) = re.findall(rf"--{name}: ([^;]*);", SCHEMES[scheme].split("}")[0])
    return re.findall("#[0-9a-f]{6}", value)


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def in_oklab(colour: str, eyes: str) -> np.ndarray:
    given = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(given <= 0.04045, given / 12.92, ((given + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(EYES[eyes]) @ linear, 0, 1)
    lab: np.ndarray = np.asarray(TO_LAB) @ np.cbrt(np.asarray(TO_CONES) @ seen)
    return lab


@pytest.mark.parametrize("background", ["shade", "paper"])  # of the map, and of the legend
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_colour_is_seen_on_its_background(scheme: str, background: str) -> None:
    (behind,) = styled(scheme, background)
    colours = [*label_colours(), *styled(scheme, "scale"), *styled(scheme, "ink")]
    assert len(label_colours()) == 10
    assert {colour: contrast(colour, behind) for colour in colours if contrast(colour, behind) < LEAST} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_scale_leads_away_from_the_background(scheme: str) -> None:
    (behind,) = styled(scheme, "shade")
    steps = [contrast(colour, behind) for colour in styled(scheme, "scale")]
    assert all(before < after for before, after in pairwise(steps))
    assert steps[-1] > LEAST * steps[0]


@pytest.mark.parametrize("eyes", EYES)
def test_labels_are_apart(eyes: str) -> None:
    """The colours before these were 0.03 apart for eyes without cones for middle wavelengths."""
    pairs = combinations([in_oklab(colour, eyes) for colour in label_colours()], 2)
    assert min(float(np.linalg.norm(one - other)) for one, other in pairs) > 0.055
