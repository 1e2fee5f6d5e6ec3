"""Names become files and folders: no two may lie in the same place."""

import re
from pathlib import Path
from typing import Any

import pytest

from autoencoder.config.names import RESERVED, check_names
from autoencoder.config.params import load_params, parse_yaml
from autoencoder.ui.errors import UserError
from tests.conftest import PROJECT, tiny_params, write_params

PARAMS = Path("params.yaml")


@pytest.mark.parametrize("name", ["a", "7", "cifar10-64", "A_b-C", "x" * 64])
def test_plain_names_are_allowed(name: str) -> None:
    check_names(
        {section: {name: {}} for section in ("runs", "seeds", "train", "diagram", "report", "explore")} | {"seeds": {}},
        PARAMS,
    )


@pytest.mark.parametrize("section", ["runs", "prepare", "seeds", "train", "diagram", "report", "explore"])
@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", "a.b", "a b", "a\n", "-a", "é", "x" * 65, 64, None, True]
)
def test_names_that_are_no_plain_file_are_refused(section: str, name: Any) -> None:
    with pytest.raises(UserError, match=rf"^params.yaml: {section}: .* cannot name a .*use letters, digits") as caught:
        check_names({section: {name: {}}}, PARAMS)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("params", "text"),
    [
        (
            {"runs": ["photos"], "prepare": ["photos"]},
            "runs: 'photos' would share its files with the data set 'photos'",
        ),
        (
            {"runs": ["PHOTOS"], "prepare": ["photos"]},
            "runs: 'PHOTOS' would share its files with the data set 'photos'",
        ),
        ({"runs": ["a"], "seeds": ["A"]}, "runs: 'a' would share its files with the seed study 'A'"),
        ({"runs": ["a-1"], "seeds": ["a"]}, "runs: 'a-1' would share its files with the seed of a study 'a-1'"),
        ({"runs": ["a", "A"]}, "runs: 'a' and 'A' differ in case alone"),
        ({"prepare": ["a", "A"]}, "prepare: 'a' and 'A' differ in case alone"),
        ({"diagram": ["a", "A"]}, "diagram: 'a' and 'A' differ in case alone"),
        ({"runs": ["seeds"]}, "runs: 'seeds' cannot name a run: the study has a folder of that name"),
        ({"runs": ["Diagrams"]}, "runs: 'Diagrams' cannot name a run"),
        ({"prepare": ["seeds"]}, "prepare: 'seeds' cannot name a data set"),
    ],
)
def test_names_that_share_a_place_are_refused(params: dict[str, list[str]], text: str) -> None:
    sections = {section: {name: {"num_seeds": 2} for name in names} for section, names in params.items()}
    with pytest.raises(
        UserError, match=rf"^params.yaml: {re.escape(text)}.*rename one|^params.yaml: .*rename it"
    ) as caught:
        check_names(sections, PARAMS)
    assert text in str(caught.value)


def test_names_that_share_none_are_allowed() -> None:
    studies = {"a": {"num_seeds": 2}, "photos": {"num_seeds": "two"}, "b": None, "c": {"num_seeds": 10**12}}
    check_names({"runs": {"a-2": {}, "learning": {}}, "prepare": {"photos": {}, "ood": {}}, "seeds": studies}, PARAMS)
    check_names({"runs": None, "prepare": [], "seeds": 3}, PARAMS)  # told where the section is read


def test_every_reader_of_params_looks_at_the_names(in_project: Path) -> None:
    params = tiny_params()
    params["runs"]["photos"] = params["runs"]["tiny-8"]
    write_params(in_project, params)
    with pytest.raises(UserError, match=r"'photos' would share its files with the data set 'photos'"):
        load_params()


def test_the_reserved_names_are_the_folders_of_the_pipeline() -> None:
    """Where one stage names an output after a key of params, no other may have one of a name of its own."""
    outputs = []
    for stage in parse_yaml((PROJECT / "dvc.yaml").read_text())["stages"].values():
        section = stage["foreach"].strip("${}")
        named_after = "prepare" if section == "advise" else section  # whose keys are data sets, too
        for kind in ("outs", "metrics", "plots"):
            for entry in stage["do"].get(kind, []):
                path = entry if isinstance(entry, str) else next(iter(entry))
                outputs.append((named_after, Path(path).parts))
    found: dict[str, set[str]] = {"runs": set(), "prepare": set()}
    for section, parts in outputs:
        for number, part in enumerate(parts):
            if "${key}" in part:
                beside = {
                    other[number] for _, other in outputs if other[:number] == parts[:number] and len(other) > number
                }
                alike = {name for name in beside if "${" not in name and Path(name).suffix == Path(part).suffix}
                found.setdefault(section, set()).update(alike)
    assert found.pop("seeds") == found.pop("diagram") == set()
    assert found.keys() == RESERVED.keys()
    for section, names in found.items():
        assert names <= RESERVED[section], f"{section}: {names - RESERVED[section]}"
