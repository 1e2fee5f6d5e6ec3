"""The state of a training on disk, so that one that was stopped goes on: free of pickled code, whole or not at all."""

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

from autoencoder.storage import paths
from autoencoder.storage.files import write_atomically
from autoencoder.ui.errors import already_training
from autoencoder.ui.progress import warn_of_damaged_state

# What can change a weight; what only reads, checks or tells is not among it.
TRAINING_CODE = ("autoencoder.models.", "autoencoder.training.")


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
        warn_of_damaged_state(path, reason)
        return None
    return state


def fingerprint(*facts: object) -> str:
    """A short hash of `facts` (by their repr), of the code in the rooms that train and of torch's version.

    A training goes on only from a state with the same fingerprint: same params, same data, same code.
    """
    digest = hashlib.sha256(repr((torch.__version__, *facts)).encode())
    for name, module in sorted(sys.modules.items()):
        if name.startswith(TRAINING_CODE) and module.__file__:
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
        raise already_training(run, path) from None
    try:
        yield
    finally:
        lock.release()
