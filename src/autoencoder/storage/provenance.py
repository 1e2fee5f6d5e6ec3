"""What a result says it was made from, and the one line that refuses it where that is not what is there now."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autoencoder.storage import paths
from autoencoder.storage.prepared import Manifest
from autoencoder.ui.errors import UserError

MISSING = "missing"
MAX_NAMED = 3  # differences in one message


def made_from(training: Mapping[str, Any], manifest: Manifest) -> dict[str, Any]:
    """What decides a training's weights: its values in params.yaml (`training`), and the data it learns from."""
    return {**training, "value_range": list(manifest.value_range), **_hashes(manifest, "train", "val")}


def measured_from(manifest: Manifest, **values: Any) -> dict[str, Any]:
    """What decides what a data set gives without a network: its images, and `values` of params.yaml."""
    return {**values, "value_range": list(manifest.value_range), **_hashes(manifest, "train", "val", "test")}


def check_baseline(path: Path, written: Mapping[str, Any], expected: Mapping[str, Any], dataset: str) -> None:
    """Raises UserError where `path`, which says it was measured from `written`, was not from what is there now."""
    differ = differences(written, expected)
    if differ:
        raise UserError(f"{path} was measured with {differ}; measure again: dvc repro baseline@{dataset}")


def _hashes(manifest: Manifest, *splits: str) -> dict[str, str]:
    folder = paths.prepared(manifest.name)
    return {(folder / f"{name}.npz").as_posix(): manifest.sha256.get(f"{name}.npz", MISSING) for name in splits}


def differences(written: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
    """How what a result was made from differs from what is there now, in words; empty where it does not."""
    named = [
        _difference(key, written.get(key, MISSING), expected.get(key, MISSING))
        for key in [*expected, *(key for key in written if key not in expected)]
        if written.get(key, MISSING) != expected.get(key, MISSING)
    ]
    rest = [f"{len(named) - MAX_NAMED} more"] if len(named) > MAX_NAMED else []
    return ", ".join(named[:MAX_NAMED] + rest)


def _difference(key: str, old: Any, new: Any) -> str:
    if key.endswith(".npz"):
        return f"another {key} than is there now"
    return f"{key} {old} (now: {new})"


def digest(path: Path) -> str | None:
    """The SHA-256 of a file, in hex; None where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
