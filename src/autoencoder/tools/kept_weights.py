"""The weights that the repository keeps, in the remote inside it: those of the present runs that take long to train.

Run as `python -m autoencoder.tools.kept_weights`: pushes the models that dvc.yaml names under `artifacts`, and the
seeds, and removes what else lies there (weights of earlier params, of runs that are gone).
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from autoencoder.config.params import load_params, parse_yaml
from autoencoder.ui.command_line import run_or_explain
from autoencoder.ui.errors import UserError

REMOTE = Path(".dvc/weights/files")


def kept_stages(pipeline: dict[str, Any], params: dict[str, Any]) -> list[str]:
    """The training stages whose outputs are kept: of each model under `artifacts`, and of every seed study."""
    models = [f"train@{Path(artifact['path']).parent.name}" for artifact in pipeline["artifacts"].values()]
    return models + [f"train_seeds@{study}" for study in params.get("seeds") or {}]


def main() -> None:
    """Fill the remote anew. Raises UserError where DVC cannot push, and leaves what was there."""
    stages = kept_stages(parse_yaml(Path("dvc.yaml").read_text()), load_params())
    before = REMOTE.with_name("files.before")
    shutil.rmtree(before, ignore_errors=True)
    if REMOTE.exists():
        REMOTE.rename(before)
    if subprocess.run([sys.executable, "-m", "dvc", "push", *stages], check=False).returncode:  # noqa: S603
        shutil.rmtree(REMOTE, ignore_errors=True)
        if before.exists():
            before.rename(REMOTE)
        raise UserError("the weights could not be pushed; see above. Train what is missing, or make weights, first")
    shutil.rmtree(before, ignore_errors=True)
    files = [path for path in REMOTE.rglob("*") if path.is_file()]
    print(f"{len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB in {REMOTE.parent}")


if __name__ == "__main__":
    run_or_explain(main, "keep")
