"""The committed study in a workspace: the project's own params, its data prepared, and the weights that are kept."""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

import yaml

from autoencoder.tools import workspace
from autoencoder.tools.pipeline import dvc
from tests.conftest import PROJECT, write_params

PARAMS = yaml.safe_load((PROJECT / "params.yaml").read_text())
RUNS = list(PARAMS["runs"])
STORES = (".dvc/weights", ".dvc/cache")


def make_committed_study(folder: Path, runs: Iterable[str] = RUNS) -> Path:
    """The workspace, in `folder`: every data set, and the weights of these runs where they are kept."""
    write_params(folder, PARAMS)
    target = folder / "workspace"
    workspace.create(PROJECT, target, folder / "params.yaml")
    assert dvc(target, "repro", "--quiet", "prepare") == 0
    stages = yaml.safe_load((PROJECT / "dvc.lock").read_text())["stages"]
    for run in runs:
        for out in stages[f"train@{run}"]["outs"]:
            found = stored(out["md5"], PROJECT / out["path"])
            if found:
                (target / out["path"]).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(found, target / out["path"])
    return target


def stored(md5: str, path: Path) -> Path | None:
    """The file of that digest: in one of DVC's stores, or where the stage wrote it; None where it is not kept."""
    places = [PROJECT / store / "files" / "md5" / md5[:2] / md5[2:] for store in STORES]
    for place in (*places, path):
        if place.is_file() and hashlib.md5(place.read_bytes(), usedforsecurity=False).hexdigest() == md5:
            return place
    return None
