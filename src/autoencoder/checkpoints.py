"""Weights and training state on disk: free of pickled code, written whole or not at all."""

import hashlib
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from filelock import FileLock, Timeout
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from autoencoder import paths
from autoencoder.errors import UserError
from autoencoder.files import write_atomically
from autoencoder.models import Autoencoder


def save_weights(weights: dict[str, Tensor], path: Path) -> None:
    """Write weights as safetensors, contiguous and on the CPU: equal weights give equal bytes."""
    write_atomically(path, save({name: value.detach().cpu().contiguous() for name, value in weights.items()}))


def load_weights(model: Autoencoder, path: Path) -> None:
    """Fill `model` with the weights at `path`. Raises UserError where they are missing, broken, or do not fit it."""
    try:
        weights = load_file(path)
    except FileNotFoundError:
        raise UserError(f"{path} is missing; train it (python src/train.py {path.parent.name}) or dvc pull") from None
    except SafetensorError as error:
        raise UserError(f"{path} is not a whole safetensors file ({error}); dvc pull or train again") from None
    expected = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    found = {name: tuple(value.shape) for name, value in weights.items()}
    for name in sorted({*expected, *found}):
        if expected.get(name) != found.get(name):
            raise UserError(
                f"{path} does not fit params.yaml: {name} is {found.get(name, 'missing')} in the file and "
                f"{expected.get(name, 'missing')} in the model; train again: dvc repro train@{path.parent.name}"
            )
    model.load_state_dict(weights)


def save_state(state: dict[str, Any], path: Path) -> None:
    """Write the state of a training, so that it can go on after a kill."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    write_atomically(path, buffer.getvalue())


def load_state(path: Path) -> dict[str, Any] | None:
    """The state of an interrupted training, or None where there is none (or none that can be read, which is told)."""
    if not path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, UnpicklingError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        print(f"{path} is damaged ({reason}); training from the beginning", file=sys.stderr)
        return None
    return state


def fingerprint(*facts: object) -> str:
    """A short hash of `facts` (by their repr), of the package's modules in use and of torch's version.

    A training goes on only from a state with the same fingerprint: same params, same data, same code.
    """
    digest = hashlib.sha256(repr((torch.__version__, *facts)).encode())
    for name, module in sorted(sys.modules.items()):
        if name.split(".")[0] == "autoencoder" and module.__file__:
            digest.update(Path(module.__file__).read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def only_one(run: str) -> Iterator[None]:
    """Hold the run's lock: after a `kill -9` of DVC its training can live on and would write the same files."""
    path = paths.lock(run)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UserError(f"another process is training {run} (it holds {path}); wait for it or stop it") from None
    try:
        yield
    finally:
        lock.release()
