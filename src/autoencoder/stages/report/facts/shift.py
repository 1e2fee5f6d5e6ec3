"""What squared error cannot see."""

from typing import Any

from autoencoder.stages.report.parts import figure
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.wording import listing, number, plural


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Of every data set."""
    return {"datasets": [_dataset(d, study) for d in study.datasets]} if study.datasets else None


def _dataset(dataset: DataSet, study: StudyResults) -> dict[str, Any]:
    errors = study.shift(dataset)
    moved = [value for key, value in errors.items() if key.endswith("_shifted_sse")]
    halved = [value for key, value in errors.items() if key.endswith("_masked_sse")]
    pairs = [{"shifted": shifted, "masked": masked} for shifted, masked in zip(moved, halved, strict=True)]
    data = [{"picture": place, **pair} for place, pair in enumerate(pairs, start=1)]
    each = listing(f"{number(pair['shifted'])} moved and {number(pair['masked'])} halved" for pair in pairs)
    shown = f"{plural(len(pairs), 'picture')} of {dataset.name}"
    alt = f"{shown} as they are, moved by one pixel, and half masked. Errors: {each}."
    return {
        "name": dataset.name,
        "pairs": pairs,
        "worse": sum(pair["shifted"] > pair["masked"] for pair in pairs),
        "picture": figure("curve", dataset.name, f"{dataset.name}/shift.png", alt, data),
    }
