"""The kinds of data sets: one file a kind, each with its `Params` section and a `load` function."""

import re
from types import ModuleType

from autoencoder.config.params import PARAMS, get_section, load_params, parse
from autoencoder.data import cifar10, image_folder, punks, sample
from autoencoder.data.kind import Loaded
from autoencoder.data.manifest import measure_manifest
from autoencoder.storage.prepared import Manifest, Split
from autoencoder.ui.errors import UserError

KINDS: dict[str, ModuleType] = {
    "cifar10": cifar10,
    "punks": punks,
    "image_folder": image_folder,
    "sample": sample,
}


def load_dataset(name: str) -> tuple[dict[str, Split], Manifest]:
    """Read the data set `prepare.<name>` of params.yaml. Raises UserError for anything the user can mend."""
    params = load_params()
    section = get_section(params, "prepare", name)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise UserError(f"{PARAMS}: prepare: {name!r} cannot name a data set; use letters, digits, '-' and '_'")
    kind = get_section(params, "prepare", name, "kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise UserError(f"{PARAMS}: prepare.{name}.kind: must be one of {', '.join(KINDS)}, got {kind!r}")
    section = parse(KINDS[kind].Params, section, f"prepare.{name}")
    loaded: Loaded = KINDS[kind].load(name, section)
    low, high = section.value_range
    manifest = Manifest(
        name=name,
        kind=kind,
        source=loaded.source,
        sample=loaded.sample,
        value_range=(low, high),
        labels=loaded.labels,
        notes=loaded.notes,
    )
    return loaded.splits, measure_manifest(manifest, loaded.splits)
