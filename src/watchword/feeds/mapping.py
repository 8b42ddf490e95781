"""How a source's words become ours: a YAML mapping, checked, with every error at its line and column.

The format is described in docs/reference/roster.md, with examples.
"""

import re
from datetime import timedelta
from functools import lru_cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from watchword.core.errors import WatchwordError
from watchword.feeds.fields import FIELDS, Kind

_DURATION = re.compile(r"(\d+)\s*(minute|hour|day)s?")
_FIELD = {field.name: field for field in FIELDS}


class MappingError(WatchwordError):
    """A mapping that cannot be used; the message names each line, column and remedy."""


def _duration(value: object) -> object:
    if isinstance(value, str):
        match = _DURATION.fullmatch(value.strip())
        if not match:
            raise ValueError("write a number and a unit: 15 minutes, 24 hours or 90 days")
        return timedelta(**{match[2] + "s": int(match[1])})
    return value


def _share(value: object) -> object:
    if isinstance(value, str) and value.strip().endswith("%"):
        return float(value.strip()[:-1]) / 100
    return value


def _canonical(name: str) -> str:
    if name not in _FIELD:
        raise ValueError(f"{name!r} is no canonical field; the fields are {', '.join(_FIELD)}")
    return name


FieldName = Annotated[str, AfterValidator(_canonical)]
Duration = Annotated[timedelta, BeforeValidator(_duration), Field(gt=timedelta(0))]
Share = Annotated[float, BeforeValidator(_share), Field(ge=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Absence(_Part):
    """What it means that a person is not listed any more: nothing, or `vanished` after N complete rosters of news."""

    means: Literal["ignore", "vanished"]
    after: int = Field(1, ge=1, le=100)


class Format(_Part):
    """The file as bytes: its kind, its encoding, and how it is cut into columns."""

    kind: Literal["csv", "json", "ndjson", "fixed", "xlsx"]
    encoding: str = "utf-8"
    delimiter: str = Field(",", min_length=1, max_length=1)
    path: str = Field("", description="json: dotted path to the list of rows; '' for the document itself")
    sheet: str | None = Field(None, description="xlsx: the sheet's name; the first one if left out")
    widths: dict[str, tuple[int, int]] = Field(
        default_factory=dict, description="fixed: column -> [first, last] character, counted from 1"
    )

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            "".encode(value)
        except LookupError:
            raise ValueError(
                f"Python knows no encoding named {value!r}; try utf-8, cp1252 or utf-16"
            ) from None
        return value

    @model_validator(mode="after")
    def _fixed_has_widths(self) -> "Format":
        if (self.kind == "fixed") != bool(self.widths):
            raise ValueError("kind: fixed needs widths, and no other kind takes them")
        if any(first < 1 or last < first for first, last in self.widths.values()):
            raise ValueError("widths are [first, last], counted from 1, such as [1, 8]")
        return self


class Column(_Part):
    """Where a canonical field stands in the source: its column (first of these names that the file has), and how to
    read it.
    """

    column: tuple[str, ...] = Field(min_length=1)
    formats: tuple[str, ...] = Field((), description="of dates and times, as strptime writes them")
    separator: str | None = Field(None, description="of a list")
    yes: tuple[str, ...] = ("y", "yes", "true", "t", "1", "x")
    no: tuple[str, ...] = ("", "n", "no", "false", "f", "0")
    unset: tuple[str, ...] = Field(
        ("", "unknown", "none", "n/a", "null"), description="words that mean: not set"
    )

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if isinstance(value, str | list):
            value = {"column": value}
        if isinstance(value, dict) and isinstance(value.get("column"), str):
            value = value | {"column": [value["column"]]}
        return value


class Mapping(_Part):
    """One source: who sends it, how its file is read, and what its absences mean."""

    agency: str = Field(min_length=1)
    title: str = Field(min_length=1)
    time_zone: str
    rhythm: Duration
    absence: Absence
    tolerated_bad_rows: Share = 0.05
    retention: Duration = timedelta(days=90)
    format: Format
    columns: dict[FieldName, Column]
    values: dict[FieldName, dict[str, str | None]] = Field(default_factory=dict)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError):
            raise ValueError(f"no time zone is named {value!r}; write one such as America/New_York") from None
        return value

    @field_validator("columns")
    @classmethod
    def _canonical_columns(cls, value: dict[str, Column]) -> dict[str, Column]:
        for name, column in value.items():
            if column.formats and _FIELD[name].kind not in (Kind.DATE, Kind.INSTANT):
                raise ValueError(f"{name} is not a date or time: it takes no formats")
        if "person_key" not in value:
            raise ValueError(
                "person_key is missing: name the column that holds the source's number of the person"
            )
        return value

    @field_validator("values", mode="before")
    @classmethod
    def _values_are_words(cls, value: Any) -> Any:
        """YAML reads `Y` and `0` as itself; a source's words are always text."""
        if not isinstance(value, dict):
            return value
        return {
            field: {str(said): meant for said, meant in words.items()} if isinstance(words, dict) else words
            for field, words in value.items()
        }

    @field_validator("values")
    @classmethod
    def _canonical_values(cls, value: dict[str, dict[str, str | None]]) -> dict[str, dict[str, str | None]]:
        for name, words in value.items():
            codes = _FIELD[name].codes
            for said, meant in words.items():
                if codes and meant is not None and meant not in codes:
                    raise ValueError(
                        f"{name}: {said!r} is mapped to {meant!r}, which is none of {', '.join(codes)}"
                    )
        return value


class _Loader(yaml.SafeLoader):
    """Safe YAML in which only true and false are booleans: `Y`, `N`, `no` and `on` are words in rosters."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@lru_cache(maxsize=4096)
def load(text: str) -> Mapping:
    """The mapping that this YAML says; MappingError with the line and column of everything that is wrong."""
    try:
        node = yaml.compose(text, Loader=_Loader)
        content = _Loader(text).get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise MappingError(f"The mapping is not readable YAML. {where}{error.problem}.") from None
    except yaml.YAMLError as error:
        raise MappingError(f"The mapping is not readable YAML: {error}.") from None
    if not isinstance(content, dict):
        raise MappingError("The mapping is empty: line 1 should begin with `agency:`.")
    try:
        return Mapping.model_validate(content)
    except ValidationError as error:
        lines = [_located(node, problem["loc"], problem["msg"]) for problem in error.errors()]
        raise MappingError("The mapping cannot be used:\n" + "\n".join(lines)) from None


def _located(node: yaml.Node | None, path: tuple[int | str, ...], message: str) -> str:
    """`line 4, column 3: columns.booked_at: ...` for the deepest part of the path that the text has."""
    at = node.start_mark if node else None
    path = tuple(step for step in path if step != "[key]")
    for step in path:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    at, node = key.start_mark, value
                    break
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            at = node.start_mark
    where = f"line {at.line + 1}, column {at.column + 1}: " if at else ""
    name = ".".join(str(step) for step in path)
    return f"  {where}{name}: {message.removeprefix('Value error, ')}"
