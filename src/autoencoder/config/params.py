"""params.yaml, read strictly: an unknown or repeated key, a wrong type or a value out of range is one clear line.

A kind of data set and a network declare their own sections in their own files (`data.punks.Params`,
`models.dense.Options`); the sections that several stages share have a file each in this room.
"""

import re
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from autoencoder.config.names import check_names
from autoencoder.ui.errors import UserError

PARAMS = Path("params.yaml")
SCRIPTS = Path("src")

WIDEST = 4096  # a line of a file written: a long path stays on its own

# Sections that are no stage; every other section is named after the stage script it belongs to.
SHARED_SECTIONS = ("device", "models", "published", "runs", "seeds", "tensorboard")


class ParamsSection(BaseModel):
    """Base of every params section: frozen, strictly typed, and it names the key it does not know."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _name_unknown_keys(cls, value: Any) -> Any:
        if isinstance(value, Mapping):
            for key in value:
                if key not in cls.model_fields:
                    raise ValueError(f"unknown key {key!r}; allowed: {', '.join(sorted(cls.model_fields))}")
        return value


AnySection = TypeVar("AnySection", bound=ParamsSection)


def load_params(path: Path = PARAMS) -> dict[str, Any]:
    """Read params.yaml as plain mappings. Raises UserError where the file, its syntax, a section or a name is wrong."""
    try:
        params = parse_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path} is missing; run from the root of the project") from None
    except (YAMLError, ValueError) as error:  # ValueError: no UTF-8, or a date that is none
        raise UserError(f"{path}: {_explain_syntax(error)}") from None
    if not isinstance(params, dict):
        raise UserError(f"{path}: must be a mapping of sections, is {type(params).__name__}")
    known = {*SHARED_SECTIONS, *(script.stem for script in (path.parent / SCRIPTS).glob("*.py"))}
    for key in params:
        if key not in known:
            raise UserError(f"{path}: unknown section {key!r}; allowed: {', '.join(sorted(known))}")
    check_names(params, path)
    return params


def parse_yaml(text: str) -> Any:
    """YAML 1.2, as DVC reads it: 042 is 42, 1e-3 a number, yes a word. Raises ruamel.yaml's YAMLError."""
    return YAML(typ="safe", pure=True).load(text)


def edit_yaml(text: str) -> Any:
    """The same for who changes some of it and leaves comments and order alone: `edited_yaml` writes it again."""
    return YAML().load(text)


def edited_yaml(value: Any) -> str:
    """What `edit_yaml` gave, as text."""
    written, writer = StringIO(), YAML()
    writer.width = WIDEST
    writer.dump(value, written)
    return written.getvalue()


def get_section(params: Mapping[str, Any], *keys: str) -> Any:
    """The value at `keys`. Raises UserError that names the missing key and what is there instead."""
    value: Any = params
    for depth, key in enumerate(keys):
        if not isinstance(value, Mapping) or key not in value:
            there = ", ".join(map(str, value)) if isinstance(value, Mapping) and value else "nothing"
            where = ".".join(keys[:depth]) or "the top level"
            raise UserError(f"{PARAMS}: no {key!r} in {where}; there is: {there}")
        value = value[key]
    return value


def parse(schema: type[AnySection], value: Any, where: str, path: Path = PARAMS) -> AnySection:
    """Validate `value` as `schema`; `where` is its dotted place in `path`. Raises UserError for its first mistake."""
    try:
        return schema.model_validate(value)
    except ValidationError as error:
        raise UserError(f"{path}: {_explain(error, where)}") from None


def _explain_syntax(error: Exception) -> str:
    problem = str(getattr(error, "problem", ""))
    line = f"line {error.problem_mark.line + 1}: " if isinstance(error, MarkedYAMLError) and error.problem_mark else ""
    repeated = re.match('found duplicate key "(.*?)"', problem)
    if repeated:
        return f"{line}{repeated[1]!r} is there twice; rename one"
    if problem == "found unhashable key":
        return f"{line}a list or mapping cannot be a key"
    return f"not valid YAML: {' '.join(str(error).split())}"


def _explain(error: ValidationError, where: str) -> str:
    first = error.errors()[0]
    place = ".".join([where, *(str(part) for part in first["loc"])])
    if first["type"] == "missing":
        return f"{place}: missing"
    if first["type"] == "value_error":  # raised by one of our own validators: its text is complete
        return f"{place}: {first['ctx']['error']}"
    message = first["msg"][0].lower() + first["msg"][1:]
    return f"{place}: {message}, got {first['input']!r}{_hint(first)}"


def _hint(error: Mapping[str, Any]) -> str:
    """A number in quotes is text; the message should say how to write the number."""
    try:
        number = float(error["input"]) if error["type"] == "float_type" else None
    except (TypeError, ValueError):
        number = None
    return "" if number is None else f" (in quotes it is text; write {number!r})"
