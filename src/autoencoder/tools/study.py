"""A study of your own pictures: a workspace with params, pipeline and results of its own, from a folder to two pages.

Run as `python -m autoencoder.tools.study --images FOLDER`, which is `make study IMAGES=FOLDER`. Again with another
latent dimension it trains that one alone; after a change in the folder it prepares and trains again, and says what
changed.
"""

import argparse
import contextlib
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from autoencoder.config.names import MAX_LENGTH, PAGES, RESERVED
from autoencoder.config.params import PARAMS, edit_yaml, edited_yaml, load_params
from autoencoder.data.memory import check_memory
from autoencoder.data.names import readable
from autoencoder.storage import paths
from autoencoder.storage.files import read_json, write_atomically, write_json
from autoencoder.tools import study_defaults, workspace
from autoencoder.tools.check_params import check
from autoencoder.tools.folder_survey import Survey, changes, list_files, survey
from autoencoder.tools.pipeline import dvc
from autoencoder.tools.side_by_side import run_side_by_side
from autoencoder.ui.command_line import run_or_explain
from autoencoder.ui.errors import UserError

STUDIES = Path("studies")
LISTING = "pictures.json"  # in a workspace: the hashes of the files that it was last made from
LONGEST_NAME = MAX_LENGTH - len("-nested")  # a run is called after the study
HEADER = "# Written by `make study`, which adds runs and leaves the rest as it is: edit what you like.\n"


def main() -> None:
    """Make or extend the study, reproduce it, and name its pages."""
    given = _parser().parse_args()
    if not given.images:
        raise UserError("name your folder of pictures: make study IMAGES=path/to/folder")
    folder = Path(given.images).expanduser().resolve()
    name = check_name(given.name) if given.name else name_of(folder)
    target = STUDIES / name
    if target.resolve().is_relative_to(folder):
        raise UserError(f"{readable(str(folder))} holds this project, too; name a folder of pictures alone")
    found = survey(folder)
    params = plan(target / PARAMS, name, folder, found, given.dims, given.size, given.epochs)
    write_workspace(Path(), target, params)
    listed = tell_changes(target / LISTING, folder)
    reproduce(target)
    write_json(target / LISTING, listed)
    print("\nWhat to make of it:")
    for line in read_json(target / paths.advice(name), f"python src/advise.py {name}"):
        print(f"  {line['topic']}: {line['text']}")
    print("\nEverything on one page, and one to play with, to be opened in a browser:")
    for page in PAGES.values():
        print(f"  {target / page}")


def plan(path: Path, name: str, folder: Path, found: Survey, dims: str, size: str | None, epochs: int | None) -> str:
    """The text of the study's params.yaml: a new one, or that at `path` with the dimensions that it lacks.

    dims: as in `DIMS=16,64`; empty for the usual ones. Says what was chosen. Raises UserError where it cannot be had.
    """
    choice = study_defaults.choose(found, size, epochs)
    if path.is_file():
        return extend(path, name, folder, dims, size)
    check_memory(found.num_images, choice.num_inputs, "ask for smaller pictures (SIZE=32), or take fewer")
    chosen = study_defaults.parse_dims(dims, choice.num_inputs) if dims else []
    chosen = chosen or study_defaults.default_dims(choice.num_inputs)
    print(f"{name}: {study_defaults.tell(found, choice, chosen)}", flush=True)
    params = study_defaults.make_params(name, str(folder), choice, chosen, found.labels)
    return HEADER + yaml.safe_dump(params, sort_keys=False, allow_unicode=True)


def extend(path: Path, name: str, folder: Path, dims: str, size: str | None) -> str:
    """The text of the params.yaml at `path` with a run for each dimension that has none; all else stays as it is.

    Raises UserError where it is a study of another folder or of pictures of another size.
    """
    load_params(path)  # raises UserError where somebody broke it
    params = edit_yaml(path.read_text(encoding="utf-8"))
    section = params["prepare"].get(name, {})
    if section.get("source") != str(folder):
        raise UserError(f"{path.parent} is a study of another folder, {section.get('source')}; give this one a NAME=")
    sides = _sides(section["image_size"])
    if size and study_defaults.parse_size(size) != sides:
        raise UserError(
            f"{path.parent} has pictures of {sides[0]} x {sides[1]} (height x width); for SIZE={size} give a NAME="
        )
    wanted = study_defaults.parse_dims(dims, section["channels"] * sides[0] * sides[1]) if dims else []
    there = {line["latent_dim"] for line in params["runs"].values() if not line.get("nested")}
    missing = [dim for dim in wanted if dim not in there]
    for dim in missing:
        params["runs"][f"{name}-{dim}"] = study_defaults.run(name, dim)
    added = f"added {', '.join(map(str, missing))}" if missing else "no dimension is new"
    print(f"{name}: {path} is there and goes on; {added}", flush=True)
    return edited_yaml(params)


def write_workspace(project: Path, target: Path, params: str) -> None:
    """The workspace `target` with these params and the project's present pipeline. Raises UserError where `target` is
    something else, or the params are wrong.
    """
    workspace.claim(target)
    write_atomically(target / PARAMS, params.encode())
    workspace.copy_pipeline(project, target)
    with contextlib.chdir(target):
        check()
    workspace.name_curves(target)


def tell_changes(listing: Path, folder: Path) -> dict[str, str]:
    """Say what became of the folder since it was listed in `listing`; returns what it has now (`list_files`)."""
    now = list_files(folder)
    changed = changes(read_json(listing, "make study"), now) if listing.is_file() else ""
    if changed:
        print(f"the folder changed: {changed}; it is prepared and trained again", flush=True)
    return now


def reproduce(target: Path) -> None:
    """Bring all that is out of date up to date. Raises UserError where something failed."""
    run_side_by_side(target)
    sys.stdout.flush()
    if dvc(target, "repro"):
        raise UserError(f"the pipeline failed in {target}; see above, and start again: what is done stays done")


def name_of(folder: Path) -> str:
    """A name for a study of the folder: its own, in the characters that a name may have."""
    text = re.sub(r"[^A-Za-z0-9_-]+", "-", readable(folder.name)).strip("-_")[:LONGEST_NAME].strip("-_")
    return "pictures" if not text or text.lower() in _reserved() else text


def check_name(name: str) -> str:
    """`name`, where a study may be called so. Raises UserError where it may not."""
    if not re.fullmatch(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{LONGEST_NAME - 1}}}", name) or name.lower() in _reserved():
        raise UserError(
            f"NAME={name}: use letters, digits, '-' and '_', at most {LONGEST_NAME}, and none of "
            f"{', '.join(sorted(_reserved()))}"
        )
    return name


def _reserved() -> set[str]:
    return RESERVED["prepare"] | RESERVED["runs"]


def _sides(size: int | Sequence[int]) -> tuple[int, int]:
    """image_size of params.yaml as height and width."""
    height, width = (size, size) if isinstance(size, int) else size
    return height, width


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m autoencoder.tools.study", description=__doc__)
    parser.add_argument("--images", help="the folder of pictures; sub-folders or a CSV file in it are labels")
    parser.add_argument("--name", help="of the study (default: the folder's)")
    parser.add_argument("--dims", default="", help="latent dimensions, as 16,64,256")
    parser.add_argument("--size", help="pixels, as 64 or 64x96 (height x width; default: chosen from the pictures)")
    parser.add_argument("--epochs", type=_epochs, help="of each training of a new study (default: chosen)")
    return parser


def _epochs(text: str) -> int | None:
    return int(text) if text else None


if __name__ == "__main__":
    run_or_explain(main, "study")
