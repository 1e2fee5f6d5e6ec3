"""What others have published of a data set: the `published` section of params.yaml, drawn and told beside our runs."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from autoencoder.config.params import PARAMS, ParamsSection, load_params, parse
from autoencoder.ui.errors import UserError


class Point(ParamsSection):
    """An error at a latent dimension: squared, summed over an image's numbers, in the data set's value range."""

    latent_dim: int = Field(ge=1)
    test_sse: float = Field(gt=0)


class Published(ParamsSection):
    """One study of the same test images."""

    source: str = Field(min_length=1)
    points: list[Point] = Field(min_length=1)

    @property
    def test_sse(self) -> dict[int, float]:
        """Its errors by latent dimension."""
        return {point.latent_dim: point.test_sse for point in self.points}


def load_published(dataset: str) -> dict[str, Published]:
    """What params.yaml says was published of a data set, by a short name; often nothing.

    Raises UserError for its first mistake.
    """
    section: Any = load_params().get("published") or {}
    studies = section.get(dataset, {}) if isinstance(section, Mapping) else section
    if not isinstance(studies, Mapping):
        raise UserError(f"{PARAMS}: published.{dataset}: must be a mapping of names, got {studies!r}")
    return {name: parse(Published, study, f"published.{dataset}.{name}") for name, study in studies.items()}
