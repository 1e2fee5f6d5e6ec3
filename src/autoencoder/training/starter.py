"""Who started a training, and whether they are still there: without them nobody would keep what it computes."""

import os

import psutil

STARTER = "AUTOENCODER_STARTER"  # names the process that starts several DVCs side by side
# DVC runs a stage through a shell: some put the stage in their own place, others (Debian's sh) wait for it.
SHELLS = frozenset({"sh", "dash", "bash", "zsh", "ksh", "fish", "busybox"})
INIT = 1  # inherits processes whose parent has ended


class Starter:
    """DVC, where it runs this process, and what started DVC. A training that a person started by hand is watched by
    nobody: it may outlive their terminal.

    To be made as early as can be: a DVC that has ended before is noticed only where init inherited its stage.
    """

    def __init__(self) -> None:
        self._parents = _parents_up_to_dvc() if "DVC_STAGE" in os.environ else {}
        self._orphaned = INIT in self._parents.values() and not _may_be_dvc(INIT)
        self._above = int(os.environ.get(STARTER, 0))

    def gone(self) -> bool:
        """Whether one of them has ended, killed most likely. Cheap: to be asked after every step."""
        if not self._parents:
            return False
        if self._orphaned or any(_parent_of(process) != parent for process, parent in self._parents.items()):
            return True
        return self._above > 0 and not _is_alive(self._above)


def _parents_up_to_dvc() -> dict[int, int | None]:
    """The parent of this process, and of each shell between it and DVC."""
    parents = {}
    process: int | None = os.getpid()
    while process is not None:
        parent = parents[process] = _parent_of(process)
        process = parent if parent is not None and _name(parent) in SHELLS else None
    return parents


def _parent_of(process: int) -> int | None:
    if process == os.getpid():
        return os.getppid()
    try:
        return int(psutil.Process(process).ppid())
    except psutil.Error:
        return None


def _name(process: int) -> str:
    try:
        return str(psutil.Process(process).name())
    except psutil.Error:
        return ""


def _may_be_dvc(process: int) -> bool:
    """In a container DVC itself may be the first process."""
    return _name(process).startswith(("dvc", "python"))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is, and someone else's
        return True
    return True
