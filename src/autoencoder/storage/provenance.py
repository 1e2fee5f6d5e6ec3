"""What a result says it was made from, and the one line that refuses it where that is not what is there now."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError, safe_open

from autoencoder.storage import paths
from autoencoder.storage.files import sha256
from autoencoder.ui.errors import UserError

if TYPE_CHECKING:
    from autoencoder.storage.prepared import Manifest  # which itself says what it was prepared from

# Under this name a result says it. In a file of weights the one key of its metadata: the order of several would vary.
MADE_FROM = "made_from"
VALUE_RANGE = "value_range"
DATA = ".npz"  # ends the keys that are of data, not of params.yaml
MISSING = "missing"
MAX_NAMED = 3  # differences in one message


def made_from(training: Mapping[str, Any], manifest: "Manifest") -> dict[str, Any]:
    """What decides a training's weights: its values in params.yaml (`training`), and the data it learns from."""
    return {**training, VALUE_RANGE: list(manifest.value_range), **_hashes(manifest, "train", "val")}


def measured_from(manifest: "Manifest", **values: Any) -> dict[str, Any]:
    """What decides what a data set gives without a network: its images, and `values` of params.yaml."""
    return {**values, VALUE_RANGE: list(manifest.value_range), **_hashes(manifest, "train", "val", "test")}


def check_weights(path: Path, stage: str, training: Mapping[str, Any], manifest: "Manifest | None" = None) -> None:
    """For who reads what was made with weights, and not them: they have to be those of params.yaml, too.

    training, manifest: as for `made_from`; without a manifest (the data are not at hand) params alone are compared.
    Raises UserError, as loading them does, where the file at `path` was trained with something else than is there now,
    or is broken. Where there is none (a clone before `make weights`) nothing can be compared, and results are believed.
    """
    if not path.is_file():
        return
    try:
        with safe_open(path, "np") as file:
            metadata: Mapping[str, str] = file.metadata() or {}
    except SafetensorError as error:
        raise broken_weights(path, error) from None
    expected = made_from(training, manifest) if manifest else training
    check_origin(path, metadata, expected, stage, with_data=manifest is not None)


def check_origin(
    path: Path, metadata: Mapping[str, str], expected: Mapping[str, Any], stage: str, with_data: bool = True
) -> None:
    """Raises UserError where the weights at `path`, whose header has `metadata`, were not made from `expected`.

    with_data: compare the data they were trained on, too. stage: what makes them, for messages (`train@cifar10-64`).
    """
    if MADE_FROM not in metadata:
        raise UserError(f"{path} does not say what it was trained with; train again: dvc repro --force {stage}")
    written = json.loads(metadata[MADE_FROM])
    if not with_data:
        written = {key: value for key, value in written.items() if key != VALUE_RANGE and not key.endswith(DATA)}
    # Compared as JSON: a tuple that was written is read as a list.
    different = differences(written, json.loads(json.dumps(expected)))
    if different:
        raise UserError(f"{path} was trained with {different}; train again: dvc repro {stage}")


def broken_weights(path: Path, error: SafetensorError) -> UserError:
    """What is told of a file of weights that is cut off or none."""
    return UserError(f"{path} is not a whole safetensors file ({error}); make weights, or train again")


def check_baseline(path: Path, written: Mapping[str, Any], expected: Mapping[str, Any], dataset: str) -> None:
    """Raises UserError where `path`, which says it was measured from `written`, was not from what is there now."""
    differ = differences(written, expected)
    if differ:
        raise UserError(f"{path} was measured with {differ}; measure again: dvc repro baseline@{dataset}")


def _hashes(manifest: "Manifest", *splits: str) -> dict[str, str]:
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
    if key.endswith(DATA):
        return f"another {key} than is there now"
    return f"{key} {old} (now: {new})"


def digest(path: Path) -> str | None:
    """The SHA-256 of a file, in hex; None where there is none."""
    return sha256(path) if path.is_file() else None
