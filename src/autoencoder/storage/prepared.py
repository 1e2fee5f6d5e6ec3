"""A prepared data set on disk: uint8 images with labels in three splits, and a manifest that says what they are."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from autoencoder.storage import paths
from autoencoder.storage.arrays import read_arrays, save_arrays
from autoencoder.storage.files import Record, explained, read_json, sha256, write_json
from autoencoder.storage.provenance import differences
from autoencoder.ui.errors import UserError

SPLITS = ("train", "val", "test")
PICTURES = "pictures.json"  # what is known of the files that a folder's images were


@dataclass(frozen=True)
class Split:
    """Images of one split, in a fixed order.

    images: (n, channels, height, width) uint8. index: (n,) int64, the position in the source (training and test
    images of CIFAR-10 are counted apart, as their files are). labels: name -> (n,) int64 codes into
    `Manifest.labels[name]`, or (n, k) uint8 flags, one column a name.
    """

    images: np.ndarray
    index: np.ndarray
    labels: dict[str, np.ndarray]


@dataclass(frozen=True)
class Manifest:
    """What a prepared data set is; written beside the arrays as manifest.json."""

    name: str
    kind: str
    source: str  # where the pictures come from, for captions
    sample: bool  # True for the built-in sample: every metric and figure made from it says so
    value_range: tuple[float, float]  # what the networks see: 0 -> low, 255 -> high
    labels: dict[str, list[str]]
    image_shape: tuple[int, int, int] = (0, 0, 0)  # channels, height, width
    counts: dict[str, int] = field(default_factory=dict)
    channel_means: list[float] = field(default_factory=list)  # of the training images, in [0, 1]
    sha256: dict[str, str] = field(default_factory=dict)  # of the array files
    notes: list[str] = field(default_factory=list)  # what was left out, and why
    made_from: dict[str, Any] = field(default_factory=dict)  # its section of params.yaml, `preparation_facts`

    @property
    def num_inputs(self) -> int:
        """Numbers in one image."""
        return int(np.prod(self.image_shape))


def write_prepared(
    folder: Path, splits: dict[str, Split], manifest: Manifest, about: Mapping[str, Any] | None = None
) -> Manifest:
    """Write the splits and the manifest, with the hashes of what was written, to `folder`, all or nothing; and `about`,
    what is known of the files that the images were, where anything is.

    The bytes depend on the content alone. Whatever was in `folder` stays until the new files are complete. Raises
    UserError, naming `folder`, where it cannot be written.
    """
    scratch = folder.with_name(f"{folder.name}.{os.getpid()}.partial")
    replaced = scratch.with_suffix(".replaced")
    with explained(folder):
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        try:
            complete = _write(scratch, splits, manifest)
            if about:
                write_json(scratch / PICTURES, dict(about))
            if folder.exists():
                os.replace(folder, replaced)
            os.replace(scratch, folder)
            shutil.rmtree(replaced, ignore_errors=True)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return complete


def _write(folder: Path, splits: dict[str, Split], manifest: Manifest) -> Manifest:
    for name, split in splits.items():
        arrays = {"images": split.images, "index": split.index}
        arrays |= {f"label_{key}": value for key, value in split.labels.items()}
        save_arrays(folder / f"{name}.npz", arrays)
    hashes = {f"{name}.npz": sha256(folder / f"{name}.npz") for name in splits}
    complete = replace(manifest, sha256=hashes)
    (folder / "manifest.json").write_text(json.dumps(asdict(complete), indent=2) + "\n")
    return complete


def read_manifest(dataset: str, preparation: Mapping[str, Any] | None = None) -> Manifest:
    """The manifest of a prepared data set. Raises UserError where it was not prepared.

    preparation: what params.yaml says of it now (`preparation_facts`); whoever works with the data gives it. Raises
    UserError where the data set was prepared with something else. (Of its source file or folder DVC knows more.)
    """
    path = paths.prepared(dataset) / "manifest.json"
    fields = read_json(path, f"python src/prepare.py {dataset}")
    try:
        fields["value_range"] = tuple(fields["value_range"])
        fields["image_shape"] = tuple(fields["image_shape"])
        manifest = Manifest(**fields)
    except (KeyError, TypeError) as error:
        raise UserError(f"{path} is of another version ({error}); prepare again: dvc repro prepare@{dataset}") from None
    if preparation is not None:
        _check_preparation(manifest, preparation)
    return manifest


def _check_preparation(manifest: Manifest, expected: Mapping[str, Any]) -> None:
    different = differences(manifest.made_from, expected)
    if different:
        folder, again = paths.prepared(manifest.name), f"dvc repro prepare@{manifest.name}"
        raise UserError(f"{folder} was prepared with {different}; prepare again: {again}")


def read_about(dataset: str) -> Record:
    """What is known of the files that a folder's images were: {names (in the order of `Split.index`), sizes, num_grey,
    num_transparent, unreadable (what is wrong with each other file)}. Raises UserError where the data set is no
    prepared folder.
    """
    about: Record = read_json(paths.prepared(dataset) / PICTURES, f"python src/prepare.py {dataset}")
    return about


def read_split(dataset: str, split: str) -> Split:
    """One split (train, val or test) of a prepared data set; its images stay on disk until they are used.

    Raises UserError where it was not prepared, or is damaged.
    """
    path = paths.prepared(dataset) / f"{split}.npz"
    arrays = read_arrays(path, f"python src/prepare.py {dataset}", "images", "index", mapped=["images"])
    labels = {key.removeprefix("label_"): value for key, value in arrays.items() if key.startswith("label_")}
    return Split(arrays["images"], arrays["index"], labels)
