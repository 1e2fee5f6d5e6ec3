"""Files written whole or not at all."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import Any

import psutil

from autoencoder.ui.errors import UserError, cannot_write

Record = dict[str, Any]  # a JSON object
PARTIAL = ".partial"  # ends the name of a file that is being written


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path` by `content` in one step: a full disk or a kill leaves the old file.

    Raises UserError, naming `path`, where it cannot be written.
    """
    with replacing(path) as scratch:
        scratch.write_bytes(content)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yields a scratch path beside `path`; when the block ends without an error it replaces `path` in one step.

    What a process that was killed had begun to write there is removed. Raises UserError as `write_atomically` does.
    """
    scratch = path.with_name(f"{path.name}.{os.getpid()}{PARTIAL}")
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob(f"{escape(path.name)}.*{PARTIAL}"):
            process = left.name.removesuffix(PARTIAL).rpartition(".")[2]
            if not (process.isdigit() and psutil.pid_exists(int(process))):
                left.unlink(missing_ok=True)
        try:
            yield scratch
            os.replace(scratch, path)
        finally:
            with suppress(OSError):  # or it would hide why nothing could be written
                scratch.unlink(missing_ok=True)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Around what writes `path`: an error of the operating system becomes a UserError that names it."""
    try:
        yield
    except OSError as error:
        raise cannot_write(path, error) from None


def sha256(path: Path) -> str:
    """Of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_json(path: Path, value: Any) -> None:
    """Write `value` as JSON for people to read; elements of a list and rows of a table stand on a line each."""
    if isinstance(value, list):
        text = "[" + ",\n ".join(map(json.dumps, value)) + "]"
    elif value and all(isinstance(row, dict) for row in value.values()):
        text = "{" + ",\n ".join(f"{json.dumps(key)}: {json.dumps(row)}" for key, row in value.items()) + "}"
    else:
        text = json.dumps(value, indent=2)
    write_atomically(path, f"{text}\n".encode())


def read_json(path: Path, made_by: str) -> Any:
    """The content of a JSON file. Raises UserError, naming the command that makes it, where it is missing."""
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        raise UserError(f"{path} is missing; make it first: {made_by}") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is no valid JSON ({error}); make it again: {made_by}") from None
