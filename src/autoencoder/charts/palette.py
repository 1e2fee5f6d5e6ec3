"""One palette for all charts: a hue for a family of runs, darker with more latents; PCA, pixels and chance keep theirs.

Every colour has a contrast of 3:1 or more against the white of paper and against the page's black (WCAG 2.1, 1.4.11),
which leaves lightness a narrow band: charts tell families apart by hue and by label, never by colour alone. PCA is
vermilion (Okabe and Ito 2008).
"""

import colorsys
from collections.abc import Mapping, Sequence

from autoencoder.storage.files import Record

# Hue in degrees and saturation, in the order of use: blue, green, mauve, magenta, crimson, brown. In every shade the
# first four differ from each other, PCA and pixels for eyes that lack a kind of cone, too; the others by their labels.
FAMILIES = ((200, 1.0), (130, 0.3), (320, 0.25), (310, 1.0), (340, 1.0), (40, 0.3))
# Of what is no run: red, violet, pink, moss, slate, teal.
PATTERNS = ((0, 0.62), (268, 0.75), (335, 0.8), (92, 0.65), (222, 0.22), (176, 0.8))
LIGHTEST, DARKEST = 0.27, 0.14  # relative luminance
MIDDLE = 0.19
ALWAYS = {"PCA": "#d55e00", "pixels": "#808080", "chance": "#767676"}
CODECS = {
    "JPEG": "#808080",
    "JPEG, header not counted": "#8a8a8a",
    "WebP": "#8c7a6b",
    "WebP, header not counted": "#96836f",
}
PUBLISHED = "#808080"
PCA_HUE = (26, 1.0)


def of_records(records: Sequence[Record], key: str, colours: Mapping[str, str]) -> list[Record]:
    """The records, each with the `colour` of its value of `key`."""
    return [{**record, "colour": colours[str(record[key])]} for record in records]


def pattern_colours(series: Sequence[str]) -> dict[str, str]:
    """A colour for each of some series that are no runs, by place; no two alike, and none that of a run."""
    count = len(PATTERNS)
    rounds = -(-len(series) // count)
    return {name: _shade(PATTERNS[place % count], _step(place // count, rounds)) for place, name in enumerate(series)}


def pca_colours(latent_dims: Sequence[int]) -> dict[int, str]:
    """Of PCA of several numbers of components, each its own: vermilion, darker with more."""
    return {dim: _shade(PCA_HUE, _step(place, len(latent_dims))) for place, dim in enumerate(latent_dims)}


def family_colours(families: Sequence[str]) -> dict[str, str]:
    """A colour for each family of runs, by its place, and those that never change."""
    return {family: _shade(_hue(place), MIDDLE) for place, family in enumerate(families)} | ALWAYS


def run_colours(families: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """A colour for each run: its family's hue, darker from the first of the family to the last.

    families: names of runs by their family, each by rising latent dimension.
    """
    return {
        run: _shade(_hue(place), _step(step, len(runs)))
        for place, runs in enumerate(families.values())
        for step, run in enumerate(runs)
    }


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.1)."""
    linear = [_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5)]
    return float(sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)))


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _hue(place: int) -> tuple[int, float]:
    return FAMILIES[place % len(FAMILIES)]


def _step(place: int, count: int) -> float:
    """The luminance of the place-th of so many, of a single one that of the middle."""
    return LIGHTEST + place / (count - 1) * (DARKEST - LIGHTEST) if count > 1 else MIDDLE


def _shade(hue: tuple[int, float], wanted: float) -> str:
    """The hue as light as is wanted: a search by halves, luminance rising with lightness."""
    low, high = 0.0, 1.0
    for _ in range(20):
        lightness = (low + high) / 2
        parts = colorsys.hls_to_rgb(hue[0] / 360, lightness, hue[1])
        colour = "#" + "".join(f"{round(255 * part):02x}" for part in parts)
        low, high = (lightness, high) if luminance(colour) < wanted else (low, lightness)
    return colour
