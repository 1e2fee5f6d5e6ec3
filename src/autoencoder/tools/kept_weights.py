"""What the repository keeps in the remote inside it: all weights, and what pixels alone find.

Run as `python -m autoencoder.tools.kept_weights`: pushes what DVC caches, and removes what else lies there (weights of
earlier params, of runs that are gone).
"""

import shutil
import subprocess
import sys
from pathlib import Path

from autoencoder.ui.command_line import run_or_explain
from autoencoder.ui.errors import UserError

REMOTE = Path(".dvc/weights/files")


def main() -> None:
    """Fill the remote anew. Raises UserError where DVC cannot push, and leaves what was there."""
    before = REMOTE.with_name("files.before")
    shutil.rmtree(before, ignore_errors=True)
    if REMOTE.exists():
        REMOTE.rename(before)
    if subprocess.run([sys.executable, "-m", "dvc", "push"], check=False).returncode:
        shutil.rmtree(REMOTE, ignore_errors=True)
        if before.exists():
            before.rename(REMOTE)
        raise UserError("the weights could not be pushed; see above. Train what is missing, or make weights, first")
    shutil.rmtree(before, ignore_errors=True)
    files = [path for path in REMOTE.rglob("*") if path.is_file()]
    print(f"{len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB in {REMOTE.parent}")


if __name__ == "__main__":
    run_or_explain(main, "keep")
