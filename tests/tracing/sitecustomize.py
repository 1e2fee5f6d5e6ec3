"""Loaded by every Python that starts with this folder on its path: writes down which of the project's files it reads.

One file a process, in the folder that TRACE_READS names: the command in the first line, then a path a line. What a
library opens by other means than Python's own (safetensors does) is not seen.
"""

import atexit
import os
import sys
from pathlib import Path

PARTS = ("data", "docs", "metrics", "plots", "models", "params.yaml")


def trace(folder: Path) -> None:
    """Begin to write down."""
    root = Path.cwd()
    seen: set[str] = set()

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str | Path) and not set("wax+") & set(str(arguments[1] or "r")):
            path = Path(arguments[0]).absolute()
            if path.is_relative_to(root) and path.relative_to(root).parts[:1] and path.is_file():
                seen.add(path.relative_to(root).as_posix())

    def write() -> None:
        read = sorted(path for path in seen if path.split("/")[0] in PARTS)
        (folder / f"{os.getpid()}.txt").write_text("\n".join([" ".join(sys.orig_argv[1:]), *read]))

    sys.addaudithook(hear)
    atexit.register(write)


if os.environ.get("TRACE_READS") and any(argument.startswith("src/") for argument in sys.orig_argv):
    trace(Path(os.environ["TRACE_READS"]))
