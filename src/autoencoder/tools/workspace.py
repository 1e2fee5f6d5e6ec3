"""A scratch copy of the project that DVC can run in, so that `make demo` and the tests leave the real results alone.

Run as `python -m autoencoder.tools.workspace FOLDER PARAMS`: makes or refreshes the copy, reproduces it side by
side, names what came out.
"""

import argparse
import contextlib
import shutil
import sys
from pathlib import Path

import yaml

from autoencoder.config.names import PAGES
from autoencoder.config.params import PARAMS, load_params, parse_yaml
from autoencoder.tools.check_params import check
from autoencoder.tools.pipeline import dvc
from autoencoder.tools.side_by_side import run_side_by_side
from autoencoder.ui.command_line import run_or_explain
from autoencoder.ui.errors import UserError

MARKER = ".scratch-workspace"  # only a folder with this file in it is overwritten; it holds the params written
COPIED = ("dvc.yaml", ".dvcignore", "src", "data/sources", "docs/ablations.yaml", ".dvc/plots", ".dvc/config")


def create(project: Path, target: Path, params: Path) -> None:
    """Copy the pipeline to `target` with `params` as its params.yaml. What was computed there stays, and so does a
    params.yaml that was edited there.

    Raises UserError where `target` is a folder of something else.
    """
    _check_ours(target)
    target.mkdir(parents=True, exist_ok=True)
    _write_params(target, params.read_text())  # first: a copy that is interrupted can be made again
    copy_pipeline(project, target)


def claim(target: Path) -> None:
    """Make `target` a workspace whose params.yaml is somebody else's to write. Raises UserError where it is a folder of
    something else.
    """
    _check_ours(target)
    target.mkdir(parents=True, exist_ok=True)
    (target / MARKER).touch()


def copy_pipeline(project: Path, target: Path) -> None:
    """Copy to the workspace `target` the project's pipeline and code, as they are now."""
    for name in COPIED:
        source, copy = project / name, target / name
        if source.is_dir():
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
    (target / ".dvc" / "config.local").write_text("[core]\n    no_scm = true\n")


def _check_ours(target: Path) -> None:
    if target.exists() and any(target.iterdir()) and not (target / MARKER).is_file():
        raise UserError(f"{target} is not empty and no scratch workspace; name another folder")


def name_curves(workspace: Path) -> None:
    """Make the pipeline's `plots` those of the workspace's data sets, and drop the `artifacts`: it keeps no models.

    Raises UserError where its params.yaml is wrong.
    """
    datasets, pipeline = load_params(workspace / PARAMS)["prepare"], workspace / "dvc.yaml"
    stages, rest = pipeline.read_text().split("\nplots:", 1)
    study = parse_yaml(f"plots:{rest}")["plots"]
    curves = [(Path(path).parts, options) for plot in study for path, options in plot.items()]
    first = curves[0][0][1]  # the others have the same curves
    plots = [
        {f"{room}/{dataset}/{name}": {key: text.replace(first, dataset, 1) for key, text in options.items()}}
        for dataset in datasets
        for (room, owner, name), options in curves
        if owner == first
    ]
    pipeline.write_text(f"{stages}\n" + yaml.safe_dump({"plots": plots}, sort_keys=False))


def _write_params(target: Path, text: str) -> None:
    own, written = target / PARAMS, target / MARKER
    if own.exists() and own.read_text() != written.read_text():
        print(f"{own} was edited and is kept; remove it to begin anew")
        return
    written.write_text(text)
    own.write_text(text)


def figures(workspace: Path) -> list[Path]:
    """The figures of the runs, data sets, diagrams and seeds that the workspace's params.yaml names."""
    params = load_params(workspace / PARAMS)
    folders = [*params["prepare"], *params["runs"], "diagrams", "seeds"]
    return [path for folder in folders for path in sorted((workspace / "plots" / folder).glob("*.png"))]


def main() -> None:
    """Make the workspace, reproduce it, and name the figures and the metrics."""
    parser = argparse.ArgumentParser(prog="python -m autoencoder.tools.workspace", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("params", type=Path)
    arguments = parser.parse_args()
    create(Path(), arguments.folder, arguments.params)
    with contextlib.chdir(arguments.folder):
        check()
    name_curves(arguments.folder)
    run_side_by_side(arguments.folder)
    if dvc(arguments.folder, "repro"):
        raise UserError(f"the pipeline failed in {arguments.folder}; see above")
    print("\nFigures:")
    for figure in figures(arguments.folder):
        print(f"  {figure}")
    print("\nEverything on one page, and one to play with, to be opened in a browser:")
    for page in PAGES.values():
        print(f"  {arguments.folder / page}")
    print("\nMetrics (dvc metrics show):")
    sys.stdout.flush()
    if dvc(arguments.folder, "metrics", "show"):
        raise UserError("the metrics could not be shown; see above")


if __name__ == "__main__":
    run_or_explain(main, "workspace")
