"""params.yaml, read strictly: an unknown or repeated key, a wrong type or a value out of range is one clear line.

A kind of data set and a network declare their own sections in their own files (`data.punks.Params`,
`models.dense.Options`); the sections that several stages share have a file each in this room.
"""

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from autoencoder.ui.errors import UserError

PARAMS = Path("params.yaml")
SCRIPTS = Path("src")

# Sections that are no stage; every other section is named after the stage script it belongs to.
SHARED_SECTIONS = ("device", "models", "runs", "seeds", "tensorboard")


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


class _StrictLoader(yaml.SafeLoader):
    """PyYAML keeps the last of two equal keys without a word; here a repeated key is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise UserError(f"{PARAMS}: line {key_node.start_mark.line + 1}: a list or mapping cannot be a key")
            if key in seen:
                raise UserError(f"{PARAMS}: line {key_node.start_mark.line + 1}: {key!r} is there twice; rename one")
            seen.add(key)
        return super().construct_mapping(node, deep)


def load_params(path: Path = PARAMS) -> dict[str, Any]:
    """Read params.yaml as plain mappings. Raises UserError where the file, its syntax or a top-level key is wrong."""
    try:
        params = yaml.load(path.read_text(), Loader=_StrictLoader)  # noqa: S506 (a SafeLoader)
    except FileNotFoundError:
        raise UserError(f"{path} is missing; run from the root of the project") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(params, dict):
        raise UserError(f"{path}: must be a mapping of sections, is {type(params).__name__}")
    known = {*SHARED_SECTIONS, *(script.stem for script in (path.parent / SCRIPTS).glob("*.py"))}
    for key in params:
        if key not in known:
            raise UserError(f"{path}: unknown section {key!r}; allowed: {', '.join(sorted(known))}")
    return params


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


def parse(schema: type[AnySection], value: Any, where: str) -> AnySection:
    """Validate `value` as `schema`; `where` is its dotted place. Raises UserError for its first mistake."""
    try:
        return schema.model_validate(value)
    except ValidationError as error:
        raise UserError(f"{PARAMS}: {_explain(error, where)}") from None


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
    """YAML 1.1 reads 1e-3 as text; the message should say how to write the number."""
    try:
        number = float(error["input"]) if error["type"] == "float_type" else None
    except (TypeError, ValueError):
        number = None
    return "" if number is None else f" (YAML reads this as text; write {number!r})"
