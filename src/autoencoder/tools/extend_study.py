"""A study that is there already: what a further call of `make study` adds to its params.yaml, and what stays."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from autoencoder.config.params import edit_yaml, edited_yaml, load_params
from autoencoder.data import image_folder
from autoencoder.data.load import parse_dataset
from autoencoder.data.memory import check_memory
from autoencoder.tools import study_defaults
from autoencoder.tools.folder_survey import Survey
from autoencoder.ui.errors import UserError

RECIPE = study_defaults.RECIPE


class Asked(NamedTuple):
    """What was asked for on the command line. dims: as in `DIMS=16,64`; empty, and None, where it was not."""

    dims: str
    size: str | None
    epochs: int | None


def section_of(path: Path, name: str) -> image_folder.Params:
    """What the params.yaml at `path` says of the pictures. Raises UserError where it says nothing."""
    section = parse_dataset(load_params(path), name)
    if not isinstance(section, image_folder.Params):
        raise UserError(f"{path}: prepare.{name} is no folder of pictures; give this one a NAME=")
    return section


def extend(path: Path, name: str, found: Survey, asked: Asked) -> str:
    """The text of the params.yaml at `path`, which has been checked, with a run for each dimension that has none, the
    epochs asked for, and the table of labels that is there now; all else stays as it is. Says so.

    Raises UserError where pictures of another size are asked for, or what is asked for cannot be had.
    """
    channels, height, width = section_of(path, name).image_shape
    if asked.size and study_defaults.parse_size(asked.size) != (height, width):
        raise UserError(
            f"{path.parent} has pictures of {height} x {width} (height x width); for SIZE={asked.size} give a NAME="
        )
    check_memory(found.num_images, channels * height * width, "take fewer pictures, or smaller ones under a new NAME=")
    params = edit_yaml(path.read_text(encoding="utf-8"))
    wanted = study_defaults.parse_dims(asked.dims, channels * height * width) if asked.dims else []
    done = [_add_runs(params, name, wanted), _set_epochs(params, path, asked.epochs), _set_labels(params, name, found)]
    print(f"{name}: {path} is there and goes on; {'; '.join(filter(None, done))}", flush=True)
    print(f"{name}: {_tell(params, name, (channels, height, width))}", flush=True)
    return edited_yaml(params)


def _add_runs(params: Any, name: str, wanted: list[int]) -> str:
    there = {line["latent_dim"] for line in params["runs"].values() if not line.get("nested")}
    missing = [dim for dim in wanted if dim not in there]
    for dim in missing:
        params["runs"][_free_name(f"{name}-{dim}", params["runs"])] = study_defaults.run(name, dim)
    if not missing:
        return "no dimension is new"
    return f"added {', '.join(map(str, missing))}" + _add_nested(params, name, there, max(missing))


def _add_nested(params: Any, name: str, before: set[int], most: int) -> str:
    """Add a nested run of `most` latents where the study had none since its dimensions were too small; say that, or
    that it stays smaller.
    """
    nested = max((line["latent_dim"] for line in params["runs"].values() if line.get("nested")), default=None)
    if nested is not None:
        return f", the nested run stays at {nested}" if nested < most else ""
    if max(before, default=0) >= study_defaults.SMALLEST_NESTED or most < study_defaults.SMALLEST_NESTED:
        return ""
    params["runs"][_free_name(f"{name}-nested", params["runs"])] = study_defaults.nested_run(name, most)
    return f", and a nested run of {most}"


def _free_name(name: str, taken: Mapping[str, Any]) -> str:
    """`name`, numbered where somebody has made something else of the run of that name."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def _set_epochs(params: Any, path: Path, epochs: int | None) -> str:
    if epochs is None:
        return ""
    if RECIPE not in params["train"]:
        raise UserError(f"{path}: no recipe {RECIPE!r} in train, whose epochs EPOCHS= would be; set them there")
    if params["train"][RECIPE]["epochs"] == epochs:
        return ""
    params["train"][RECIPE]["epochs"] = epochs
    return f"{epochs} epochs: everything is trained again"


def _set_labels(params: Any, name: str, found: Survey) -> str:
    section = params["prepare"][name]
    if section.get("labels") == found.labels:
        return ""
    if found.labels:
        section["labels"] = found.labels
    else:
        del section["labels"]
    return f"labels: {study_defaults.tell_labels(found.labels)}, so everything is prepared and trained again"


def _tell(params: Any, name: str, shape: tuple[int, int, int]) -> str:
    """What the study has."""
    channels, height, width = shape
    recipe = params["train"].get(RECIPE)
    steps = f", batches of {recipe['batch_size']} and {recipe['epochs']} epochs" if recipe else ""
    dims = sorted({line["latent_dim"] for line in params["runs"].values()})
    return (
        f"pictures of {height} x {width} (height x width), {'grey' if channels == 1 else 'in colour'}{steps}; "
        f"labels: {study_defaults.tell_labels(params['prepare'][name].get('labels'))}; "
        f"{study_defaults.listed(dims)} numbers a picture"
    )


def tell_what_stays(path: Path, num_images: int) -> str:
    """A line where of so many pictures another batch size or other epochs would be chosen than stand at `path`."""
    recipe = load_params(path)["train"].get(RECIPE)
    chosen = study_defaults.training_of(num_images)
    if recipe is None or (recipe["batch_size"], recipe["epochs"]) == (chosen.batch_size, chosen.epochs):
        return ""
    return (
        f"batches of {recipe['batch_size']} and {recipe['epochs']} epochs stay; of {num_images:,} pictures a new study "
        f"would have {chosen.batch_size} and {chosen.epochs}: train.{RECIPE} in {path}\n"
    )
