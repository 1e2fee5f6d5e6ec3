"""Names that DVC can track: UTF-8 alone, while a file system takes any bytes."""

from collections.abc import Iterable
from pathlib import Path

from autoencoder.data.image_folder import some
from autoencoder.data.names import readable
from autoencoder.ui.errors import UserError


def check_trackable(paths: Iterable[Path]) -> None:
    """Raises UserError, which names the first few, where files or folders have names that are no UTF-8."""
    others = [readable(str(path)) for path in paths if not _is_utf8(path.name)]
    if len(others) == 1:
        raise UserError(f"{others[0]}: a name that is no UTF-8, which DVC cannot track; rename it")
    if others:
        raise UserError(f"{some(others)}: names that are no UTF-8, which DVC cannot track; rename all {len(others)}")


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:  # how Python marks bytes that are none
        return False
    return True
