"""The kinds of data sets: one file a kind, each with its `Params` section and a `load` function."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from autoencoder.config.params import PARAMS, get_section, load_params, parse
from autoencoder.config.provenance import preparation_facts
from autoencoder.data import cifar10, image_folder, punks, sample
from autoencoder.data.kind import KindParams, Loaded
from autoencoder.data.manifest import measure_manifest
from autoencoder.storage.prepared import Manifest, Split
from autoencoder.ui.errors import UserError

KINDS: dict[str, ModuleType] = {
    "cifar10": cifar10,
    "punks": punks,
    "image_folder": image_folder,
    "sample": sample,
}


def load_dataset(name: str) -> tuple[dict[str, Split], Manifest, dict[str, Any]]:
    """Read the data set `prepare.<name>` of params.yaml: its images, what they are, and of what files (`Loaded.about`).

    Raises UserError for anything the user can mend.
    """
    section = parse_dataset(load_params(), name)
    loaded: Loaded = KINDS[section.kind].load(name, section)
    low, high = section.value_range
    manifest = Manifest(
        name=name,
        kind=section.kind,
        source=loaded.source,
        sample=loaded.sample,
        value_range=(low, high),
        labels=loaded.labels,
        notes=loaded.notes,
        made_from=preparation_facts(name),
    )
    return loaded.splits, measure_manifest(manifest, loaded.splits), loaded.about


def parse_dataset(params: Mapping[str, Any], name: str) -> KindParams:
    """The section `prepare.<name>`, as its kind wants it. Raises UserError where it is missing or wrong."""
    section = get_section(params, "prepare", name)
    kind = get_section(params, "prepare", name, "kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise UserError(f"{PARAMS}: prepare.{name}.kind: must be one of {', '.join(KINDS)}, got {kind!r}")
    schema: type[KindParams] = KINDS[kind].Params
    return parse(schema, section, f"prepare.{name}")
