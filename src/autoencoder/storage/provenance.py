"""What a result says it was made from, and the one line that refuses it where that is not what is there now."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autoencoder.storage import paths
from autoencoder.storage.prepared import Manifest

MISSING = "missing"
MAX_NAMED = 3  # differences in one message


def made_from(training: Mapping[str, Any], manifest: Manifest) -> dict[str, Any]:
    """What decides a training's weights: its values in params.yaml (`training`), and the data it learns from."""
    folder = paths.prepared(manifest.name)
    data = {
        (folder / f"{name}.npz").as_posix(): manifest.sha256.get(f"{name}.npz", MISSING) for name in ("train", "val")
    }
    return {**training, "value_range": list(manifest.value_range), **data}


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
