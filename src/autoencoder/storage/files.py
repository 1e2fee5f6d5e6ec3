"""Files written whole or not at all."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from autoencoder.ui.errors import UserError, cannot_write

Record = dict[str, Any]  # a JSON object


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path` by `content` in one step: a full disk or a kill leaves the old file.

    Raises UserError, naming `path`, where it cannot be written.
    """
    with replacing(path) as scratch:
        scratch.write_bytes(content)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Around what writes a file of another name, given, that then replaces `path` in one step. Raises UserError as
    `write_atomically` does.
    """
    scratch = path.with_name(f"{path.name}.{os.getpid()}.partial")
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
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
