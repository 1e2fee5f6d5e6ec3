"""A study of your own pictures: a workspace with params, pipeline and results of its own, from a folder to two pages.

Run as `python -m autoencoder.tools.study --images FOLDER`, which is `make study IMAGES=FOLDER`. Again with another
latent dimension it trains that one alone; after a change in the folder it prepares and trains again, and says what
changed.
"""

import argparse
import contextlib
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from autoencoder.config.names import MAX_LENGTH, PAGES, RESERVED
from autoencoder.config.params import PARAMS, edited_yaml
from autoencoder.data.memory import check_memory
from autoencoder.data.names import readable
from autoencoder.storage import paths
from autoencoder.storage.files import read_json, write_atomically, write_json
from autoencoder.tools import extend_study, study_defaults, workspace
from autoencoder.tools.check_params import check
from autoencoder.tools.folder_survey import Survey, changes, list_files, list_others, survey
from autoencoder.tools.pipeline import dvc
from autoencoder.tools.side_by_side import run_side_by_side
from autoencoder.ui.command_line import run_or_explain
from autoencoder.ui.errors import UserError

STUDIES = Path("studies")
# In a workspace: the hashes of the files that it was last made from, and those of what else lies in the folder.
LISTING, OTHERS = "pictures.json", "other-files.json"
LONGEST_NAME = MAX_LENGTH - len("-nested")  # a run is called after the study
HEADER = "# Written by `make study`, which adds runs and leaves the rest as it is: edit what you like.\n"


def main() -> None:
    """Make or extend the study, reproduce it, and name its pages."""
    given = _parser().parse_args()
    folder = folder_of(given.images)
    name = check_name(given.name) if given.name else name_of(folder)
    target = STUDIES / name
    if target.resolve().is_relative_to(folder):
        raise UserError(f"{readable(str(folder))} holds this project, too; name a folder of pictures alone")
    asked = extend_study.Asked(given.dims, given.size or None, study_defaults.parse_epochs(given.epochs))
    params, found = plan(Path(), target, name, folder, asked)
    write_workspace(Path(), target, params)
    listed = list_files(folder, found.labels)
    others = list_others(folder, listed)
    tell_changes(target, listed, others, found.num_images)
    prepare(target)
    # Before it is trained: whoever stops it, and changes the folder, is told.
    write_json(target / LISTING, listed)
    write_json(target / OTHERS, others)
    reproduce(target)
    print("\nWhat to make of it:")
    for line in read_json(target / paths.advice(name), f"python src/advise.py {name}"):
        print(f"  {line['topic']}: {line['text']}")
    print("\nEverything on one page, and one to play with, to be opened in a browser:")
    for page in PAGES.values():
        print(f"  {target / page}")


def plan(project: Path, target: Path, name: str, folder: Path, asked: extend_study.Asked) -> tuple[str, Survey]:
    """The text of the study's params.yaml: a new one, or that in `target` with what it lacks; and what the folder has.
    Says what was chosen.

    Raises UserError where it cannot be had, or the one that is there is wrong.
    """
    path = target / PARAMS
    if path.is_file():
        check_text(project, path.read_text(encoding="utf-8", errors="replace"), target)
        section = extend_study.section_of(path, name)
        if section.source != str(folder):
            raise UserError(f"{target} is a study of another folder, {section.source}; give this one a NAME=")
        found = survey(folder, section.labels)
        text = extend_study.extend(path, name, found, asked)
    else:
        found = survey(folder)
        text = begin(name, folder, found, asked)
    for note in found.notes:
        print(f"{name}: {note}", flush=True)
    return text, found


def begin(name: str, folder: Path, found: Survey, asked: extend_study.Asked) -> str:
    """The text of a new study's params.yaml."""
    choice = study_defaults.choose(found, asked.size, asked.epochs)
    check_memory(found.num_images, choice.num_inputs, "ask for smaller pictures (SIZE=32), or take fewer")
    chosen = study_defaults.parse_dims(asked.dims, choice.num_inputs) if asked.dims else []
    chosen = chosen or study_defaults.default_dims(choice.num_inputs)
    print(f"{name}: {study_defaults.tell(found, choice, chosen)}", flush=True)
    params = study_defaults.make_params(name, str(folder), choice, chosen, found.labels)
    return HEADER + edited_yaml(params)


def write_workspace(project: Path, target: Path, params: str) -> None:
    """The workspace `target` with these params and the project's present pipeline. Raises UserError where `target` is
    something else, or the params are wrong, and nothing is written then.
    """
    check_text(project, params, target)
    workspace.claim(target)
    write_atomically(target / PARAMS, params.encode())
    workspace.copy_pipeline(project, target)
    workspace.name_curves(target)


def check_text(project: Path, params: str, target: Path) -> None:
    """Check params before they are those of `target`. Raises UserError for the first mistake."""
    with TemporaryDirectory() as scratch:
        (Path(scratch) / "src").symlink_to((project / "src").resolve())
        (Path(scratch) / PARAMS).write_text(params, encoding="utf-8")
        try:
            with contextlib.chdir(scratch):
                check()
        except UserError as error:
            is_of_params = str(error).startswith(str(PARAMS))  # else of a file in the folder, by its full name
            raise UserError(f"{target}/{error}" if is_of_params else str(error)) from None


def tell_changes(target: Path, now: dict[str, str], others: dict[str, str], num_images: int) -> None:
    """Say what became of the folder since it was last prepared; and what was chosen for it as it was first."""
    before, others_before = (
        read_json(target / name, "make study") if (target / name).is_file() else files
        for name, files in ((LISTING, now), (OTHERS, others))
    )
    changed, beside = changes(before, now), changes(others_before, others)
    if changed:
        print(f"the folder changed: {changed}; it is prepared and trained again", flush=True)
    elif beside:
        print(f"beside the pictures the folder changed: {beside}; it is prepared again, nothing is trained", flush=True)
    if len(now) != len(before):
        print(extend_study.tell_what_stays(target / PARAMS, num_images), end="", flush=True)


def prepare(target: Path) -> None:
    """Bring the prepared pictures up to date. Raises UserError where that failed."""
    sys.stdout.flush()
    if dvc(target, "repro", "prepare"):
        raise UserError(f"the pictures could not be prepared in {target}; see above")


def reproduce(target: Path) -> None:
    """Bring all that is out of date up to date. Raises UserError where something failed."""
    run_side_by_side(target)
    sys.stdout.flush()
    if dvc(target, "repro"):
        raise UserError(f"the pipeline failed in {target}; see above, and start again: what is done stays done")


def folder_of(images: str | None) -> Path:
    """The folder that is named, absolute. Raises UserError where none is."""
    if not images:
        raise UserError("name your folder of pictures: make study IMAGES=path/to/folder")
    try:
        return Path(images).expanduser().resolve()
    except (RuntimeError, OSError):  # there is no such user, or links go round in a circle
        raise UserError(f"IMAGES={readable(images)} leads to no folder; name your folder of pictures") from None


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m autoencoder.tools.study", description=__doc__)
    parser.add_argument("--images", help="the folder of pictures; sub-folders or a CSV file in it are labels")
    parser.add_argument("--name", help="of the study (default: the folder's)")
    parser.add_argument("--dims", default="", help="latent dimensions, as 16,64,256")
    parser.add_argument("--size", help="pixels, as 64 or 64x96 (height x width; default: chosen from the pictures)")
    parser.add_argument("--epochs", default="", help="of each training (default: chosen, or as they were)")
    return parser


if __name__ == "__main__":
    run_or_explain(main, "study")
