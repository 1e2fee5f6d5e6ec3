"""Weights on disk: safetensors, free of pickled code, written whole or not at all. With what they were made from."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import load, save
from torch import Tensor, nn

from autoencoder.storage import paths
from autoencoder.storage.files import write_atomically
from autoencoder.storage.provenance import MADE_FROM, broken_weights, check_origin
from autoencoder.ui.errors import UserError


def save_weights(weights: Mapping[str, Tensor], path: Path, made_from: Mapping[str, Any]) -> str:
    """Write weights as safetensors, contiguous and on the CPU, with what they were `made_from` (JSON): equal ones give
    equal bytes. Returns the SHA-256 of the file, in hex.
    """
    tensors = {name: value.detach().cpu().contiguous() for name, value in weights.items()}
    content = save(tensors, {MADE_FROM: json.dumps(made_from, sort_keys=True)})
    write_atomically(path, content)
    return hashlib.sha256(content).hexdigest()


def load_weights(model: nn.Module, path: Path, made_from: Mapping[str, Any], stage: str) -> str:
    """Fill `model` with the weights at `path`; returns the SHA-256 of the file, in hex.

    made_from: what they have to be made from. stage: what makes them, for messages (`train@cifar10-64`).
    Raises UserError where they are missing, broken, made from something else, or do not fit the model.
    """
    content = _read(path, stage)
    try:
        weights = load(content)
        with safe_open(path, "pt") as file:
            metadata: Mapping[str, str] = file.metadata() or {}
    except SafetensorError as error:
        raise broken_weights(path, error) from None
    check_origin(path, metadata, made_from, stage)
    expected = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    found = {name: tuple(value.shape) for name, value in weights.items()}
    for name in sorted({*expected, *found}):
        if expected.get(name) != found.get(name):
            raise UserError(
                f"{path} does not fit params.yaml: {name} is {found.get(name, 'missing')} in the file and "
                f"{expected.get(name, 'missing')} in the model; train again: dvc repro {stage}"
            )
    model.load_state_dict(weights)
    return hashlib.sha256(content).hexdigest()


def read_weights(run: str) -> bytes:
    """The file of the run's weights. Raises UserError where it is missing."""
    return _read(paths.weights(run), f"train@{run}")


def _read(path: Path, stage: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UserError(f"{path} is missing; train it (dvc repro {stage}) or: make weights") from None
