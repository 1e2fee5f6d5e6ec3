"""What was tried, and what it bought: docs/ablations.yaml, written by hand from trials of a few minutes each."""

from pathlib import Path

from pydantic import Field

from autoencoder.config.params import ParamsSection, parse, parse_yaml
from autoencoder.ui.errors import UserError

ABLATIONS = Path("docs/ablations.yaml")


class Trial(ParamsSection):
    """One training. val_sse: of its best epoch; of a nested one by how many latents are kept."""

    what: str = Field(min_length=1)
    latent_dim: int | None = Field(default=None, ge=1)
    epochs: int | None = Field(default=None, ge=1)
    minutes: float | None = Field(default=None, gt=0)  # of one core
    multiply_adds: float | None = Field(default=None, gt=0)  # of an image, as a multiple of the tutorial's network
    val_sse: float | dict[int, float]


class Ablation(ParamsSection):
    """Trials of one kind. The first at a latent dimension is what the others at it are compared with."""

    dataset: str  # a study without it does not show them
    about: str = Field(min_length=1)
    trials: list[Trial] = Field(min_length=1)


def load_ablations() -> dict[str, Ablation]:
    """The groups of trials by name; none where the project has no such file. Raises UserError for its first mistake."""
    if not ABLATIONS.is_file():
        return {}
    groups = parse_yaml(ABLATIONS.read_text())
    if not isinstance(groups, dict):
        raise UserError(f"{ABLATIONS}: must be a mapping of groups of trials, is {type(groups).__name__}")
    return {name: parse(Ablation, group, str(name), ABLATIONS) for name, group in groups.items()}
