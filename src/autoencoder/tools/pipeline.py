"""DVC, as the tools call it: with this very Python for its stages."""

import os
import subprocess
import sys
from pathlib import Path


def dvc_command(*arguments: str) -> list[str]:
    """The command line. Where another DVC holds the project's lock it waits, for as long as that takes."""
    return [sys.executable, "-m", "dvc", "--wait-for-lock", *arguments]


def dvc_environment() -> dict[str, str]:
    """The environment for it: its stages find this Python first, and no outer DVC names another project."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("DVC_ROOT", None)
    return environment


def dvc(folder: Path, *arguments: str) -> int:
    """Run DVC in `folder`; returns the exit status."""
    done = subprocess.run(dvc_command(*arguments), cwd=folder, env=dvc_environment(), check=False)  # noqa: S603
    return done.returncode


def dvc_output(folder: Path, *arguments: str) -> str | None:
    """What DVC prints in `folder`, or None where it failed, for a reason that it tells on stderr."""
    command = dvc_command(*arguments)
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, env=dvc_environment(), check=False, stdout=subprocess.PIPE, text=True
    )
    return None if done.returncode else done.stdout
