"""What every kind of data set has: the params all kinds share, and what its `load` returns."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import Field, field_validator

from autoencoder.config.params import ParamsSection
from autoencoder.storage.prepared import Split


class KindParams(ParamsSection):
    """The keys of `prepare.<name>` that every kind has."""

    kind: str
    source: str  # a file or folder: DVC prepares the data set again when it changes
    value_range: list[float] = Field(min_length=2, max_length=2)  # what the networks see: 0 -> low, 255 -> high

    @field_validator("value_range")
    @classmethod
    def _rises(cls, value: list[float]) -> list[float]:
        if not value[0] < value[1]:
            raise ValueError(f"must rise from low to high, got {value}")
        return value


class SplitParams(KindParams):
    """The keys of a kind that comes without a split of its own."""

    split_seed: int = Field(ge=0, le=2**32 - 1)
    test_fraction: float = Field(gt=0, lt=1)
    val_fraction: float = Field(gt=0, lt=1)  # of what is not test


@dataclass(frozen=True)
class Loaded:
    """A data set as read: its splits, the names of its labels, and where it comes from.

    about: what is known of the files that its images were, where each was one; else nothing.
    """

    splits: dict[str, Split]
    labels: dict[str, list[str]]
    source: str
    sample: bool = False
    notes: list[str] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
