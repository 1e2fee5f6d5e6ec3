"""Who started a training, and whether they are still there: without them nobody would keep what it computes."""

import os

STARTER = "AUTOENCODER_STARTER"  # names the process that starts several DVCs side by side


class Starter:
    """DVC, where it runs this process, and what started DVC. A training that a person started by hand is watched by
    nobody: it may outlive their terminal.
    """

    def __init__(self) -> None:
        self._parent = os.getppid() if "DVC_STAGE" in os.environ else None
        self._above = int(os.environ.get(STARTER, 0))

    def gone(self) -> bool:
        """Whether one of them has ended, killed most likely. Cheap: to be asked after every step."""
        if self._parent is None:
            return False
        return os.getppid() != self._parent or (self._above > 0 and not _is_alive(self._above))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is, and someone else's
        return True
    return True
