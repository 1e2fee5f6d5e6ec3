"""`dvc exp run -S` writes params.yaml anew: what it does not change must come out as it went in, byte for byte."""

import difflib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dvc.utils.hydra import apply_overrides
from dvc.utils.serialize import load_yaml, modify_yaml

from tests.conftest import PROJECT

FILES = ("params.yaml", "params.demo.yaml")


def values(section: Any, *keys: str) -> Iterator[tuple[str, Any]]:
    """Each single value below `section`, with its dotted place; lists are left out (`-S` sets them as a whole)."""
    if isinstance(section, dict):
        for key, value in section.items():
            yield from values(value, *keys, key)
    elif not isinstance(section, list):
        yield ".".join(keys), section


def another(value: Any) -> str:
    """Something of the same type, in Hydra's spelling."""
    if isinstance(value, bool):
        return str(not value).lower()
    if isinstance(value, int | float):
        return str(value + 1)
    return "another"


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return [line for line in lines if line.startswith("- ")], [line for line in lines if line.startswith("+ ")]


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copy(PROJECT / request.param, tmp_path / "params.yaml"))


def test_dvc_writes_what_it_read(file: Path) -> None:
    before = file.read_bytes()
    with modify_yaml(file):
        pass
    assert file.read_bytes() == before


def test_one_value_set_is_one_line_changed(file: Path) -> None:
    before = file.read_text()
    params = load_yaml(file)
    for section in params:
        places = list(values(params[section], section))
        for place, value in (places[0], places[-1]) if places else ():
            file.write_text(before)
            apply_overrides(file, [f"{place}={another(value)}"])
            gone, come = changed_lines(before, file.read_text())
            assert (len(gone), len(come)) == (1, 1), f"{place}: {gone} became {come}"
            assert place.split(".")[-1] in come[0]
