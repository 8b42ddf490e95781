"""How a source's words become ours: a YAML mapping, checked, with every error at its line and column.

The format is described in docs/reference/roster.md, with examples.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

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
from pydantic_core import ErrorDetails

from watchword.core import located_yaml
from watchword.core.located_yaml import Path
from watchword.feeds.durations import Duration
from watchword.feeds.fields import FIELDS, Kind
from watchword.feeds.ways.described import Way

_FIELD = {field.name: field for field in FIELDS}


def _share(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"\d+(\.\d+)?\s*%", value.strip()):
            raise ValueError("write a share of the rows, such as 5% or 0.05")
        return float(value.strip().removesuffix("%")) / 100
    return value


def _canonical(name: str) -> str:
    if name not in _FIELD:
        raise ValueError(f"{name!r} is no canonical field; the fields are {', '.join(_FIELD)}")
    return name


FieldName = Annotated[str, AfterValidator(_canonical)]
Share = Annotated[float, BeforeValidator(_share), Field(ge=0, le=1)]


class MappingError(located_yaml.FileError):
    """A mapping that cannot be used; the message names each line, column and remedy."""


_KINDS_OF = {"delimiter": ("csv",), "path": ("json", "xml"), "sheet": ("xlsx",), "widths": ("fixed",)}
_NO_DAY = "{!r} gives no whole date; write one such as %m/%d/%Y %H:%M"
_KINDS_WITH = {
    "formats": (Kind.DATE, Kind.INSTANT),
    "separator": (Kind.LIST,),
    "yes": (Kind.YES_NO,),
    "no": (Kind.YES_NO,),
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Absence(_Part):
    """What it means that a person is not listed any more: nothing, or `vanished` after N complete rosters of news."""

    means: Literal["ignore", "vanished"]
    after: int = Field(1, ge=1, le=100)


class Format(_Part):
    """The file as bytes: its kind, its encoding, and how it is cut into columns."""

    kind: Literal["csv", "json", "ndjson", "fixed", "xlsx", "xml"]
    encoding: str = "utf-8"
    delimiter: str = Field(",", min_length=1, max_length=1)
    path: str = Field("", description="json, xml: dotted path to the rows; '' for the document itself")
    sheet: str | None = Field(None, description="xlsx: the sheet's name; the first one if left out")
    widths: dict[str, tuple[int, int]] = Field(
        default_factory=dict, description="fixed: column -> [first, last] character, counted from 1"
    )

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            "\n".encode(value).decode(value)
        except (LookupError, ValueError):
            raise ValueError(
                f"Python knows no encoding named {value!r}; try utf-8, cp1252 or utf-16"
            ) from None
        return value


class Column(_Part):
    """Where a canonical field stands in the source: its column (first of these names that the file has), and how to
    read it.
    """

    column: tuple[str, ...] = Field(min_length=1)
    formats: tuple[str, ...] = Field((), description="of dates and times, as strptime writes them")
    separator: str | None = Field(None, min_length=1, description="of a list")
    yes: tuple[str, ...] = ("y", "yes", "true", "t", "1", "x")
    no: tuple[str, ...] = ("", "n", "no", "false", "f", "0")
    unset: tuple[str, ...] = Field(
        ("", "unknown", "none", "n/a", "null"), description="words that mean: not set"
    )

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if isinstance(value, str | int | list):
            value = {"column": str(value) if isinstance(value, int) else value}
        if isinstance(value, dict) and isinstance(value.get("column"), str):
            value = value | {"column": [value["column"]]}
        return value


class AsOf(_Part):
    """Where a list says when it was made: a column whose first row counts, and how its time is written."""

    column: str = Field(min_length=1)
    formats: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"column": value} if isinstance(value, str) else value


class Mapping(_Part):
    """One source: who sends it, how its file is read, and what its absences mean."""

    agency: str = Field(min_length=1)
    title: str = Field(min_length=1)
    time_zone: str
    rhythm: Duration
    absence: Absence
    tolerated_bad_rows: Share = 0.05
    retention: Duration = timedelta(days=90)
    tell_silence_after: Duration | None = None
    as_of: AsOf | None = None
    """Where a list says when it was made, if it does."""
    list_age: Duration | None = None
    way: Way | None = None
    """How its files reach us; by hand alone, if left out."""
    format: Format
    columns: dict[FieldName, Column]
    values: dict[FieldName, dict[str, str | None]] = Field(default_factory=dict)

    @property
    def silence_limit(self) -> timedelta:
        """How long the source may not be seen until registrants are told so: as said, else four rhythms and at least
        twelve hours."""
        return self.tell_silence_after or max(4 * self.rhythm, timedelta(hours=12))

    @property
    def oldest_list(self) -> timedelta:
        """How old a list may be when it reaches us, where it does not say when it was made: as said, else a rhythm."""
        return self.list_age if self.list_age is not None else self.rhythm

    def way_of_reading(self) -> str:
        """All that decides what a row says: where two mappings agree in it, they read every row alike."""
        return self.model_dump_json(include={"time_zone", "format", "columns", "values"})

    def tolerates(self, bad: int, rows: int) -> bool:
        """Whether a roster with so many bad rows is used all the same. A single bad row always is."""
        return bad <= max(1, self.tolerated_bad_rows * rows)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):  # a folder of zones, such as America, is an OSError
            raise ValueError(f"no time zone is named {value!r}; write one such as America/New_York") from None
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


@lru_cache(maxsize=4096)
def load(text: str) -> Mapping:
    """The mapping that this YAML says; MappingError with the line and column of everything that is wrong."""
    node, content = located_yaml.parse(text, "The mapping", MappingError)
    if not isinstance(content, dict):
        raise MappingError("The mapping is empty: line 1 should begin with `agency:`.")
    try:
        mapping = Mapping.model_validate(content)
    except ValidationError as error:
        problems = [(_path(problem["loc"]), _in_words(problem)) for problem in error.errors()]
    else:
        problems = list(_contradictions(mapping))
        if not problems:
            return mapping
    lines = [located_yaml.located(node, path, message) for path, message in problems]
    raise MappingError("The mapping cannot be used:\n" + "\n".join(lines))


def _path(location: Path) -> Path:
    """Where a problem stands: pydantic puts the kind of a way between `way` and what is wrong in it."""
    return (location[0], *location[2:]) if location[0] == "way" and len(location) > 1 else location


def _contradictions(mapping: Mapping) -> Iterator[tuple[Path, str]]:
    """What each part allows by itself and the whole does not: where it stands, and what is wrong."""
    form = mapping.format
    for option in form.model_fields_set:
        kinds = _KINDS_OF.get(option, (form.kind,))
        if form.kind not in kinds:
            yield ("format", option), f"only kind: {' or '.join(kinds)} takes {option}; take it out"
    if form.kind == "fixed" and not form.widths:
        yield ("format",), "kind: fixed needs widths: column: [first, last] character, counted from 1"
    for name, (first, last) in form.widths.items():
        if not 1 <= first <= last:
            yield ("format", "widths", name), "should be [first, last], counted from 1, such as [1, 8]"
    if form.delimiter in '"\r\n' or not _can_say(form.delimiter, form.encoding):
        yield ("format", "delimiter"), "cannot stand between cells; write another character"
    if "person_key" not in mapping.columns:
        why = "person_key is missing: name the column that holds the source's number of the person"
        yield ("columns",), why
    for name, column in mapping.columns.items():
        yield from _column_contradictions(name, column, form)
    for pattern in mapping.as_of.formats if mapping.as_of else ():
        if not _gives_a_day(pattern):
            yield ("as_of", "formats"), _NO_DAY.format(pattern)
    for name, words in mapping.values.items():
        if name not in mapping.columns:
            yield ("values", name), "no column is read as this field; add it to columns, or take this out"
        codes = _FIELD[name].codes
        for said, meant in words.items():
            if codes and meant is not None and meant not in codes:
                yield (
                    ("values", name, said),
                    f"is mapped to {meant!r}, which is none of {', '.join(codes)}",
                )


def _column_contradictions(name: str, column: Column, form: Format) -> Iterator[tuple[Path, str]]:
    path, kind = ("columns", name), _FIELD[name].kind
    for option in column.model_fields_set:
        kinds = _KINDS_WITH.get(option, (kind,))
        if kind not in kinds:
            yield (*path, option), f"{option} is not for {name}, which is read as {kind.value}; take it out"
    for pattern in column.formats if kind in _KINDS_WITH["formats"] else ():
        if not _gives_a_day(pattern):
            yield (*path, "formats"), _NO_DAY.format(pattern)
    if form.kind == "fixed" and form.widths and not any(said in form.widths for said in column.column):
        yield path, f"no place is given for {column.column[0]!r}; add it to format.widths"


def _gives_a_day(pattern: str) -> bool:
    day = datetime(2026, 11, 23, 14, 45, tzinfo=UTC)
    try:
        return datetime.strptime(day.strftime(pattern), pattern).date() == day.date()  # noqa: DTZ007 - only the day
    except ValueError:
        return False


def _can_say(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _in_words(problem: ErrorDetails) -> str:
    """What is wrong, and what to do."""
    context = problem.get("ctx", {})
    match problem["type"]:
        case "missing":
            return "missing; add it"
        case "extra_forbidden":
            return "no such key here; look for a spelling mistake, or take it out"
        case "union_tag_invalid" | "union_tag_not_found":
            return "should begin with kind: folder, sftp, http or push"
        case "literal_error":
            return f"should be one of {context['expected']}"
        case "value_error":
            return str(context["error"])
        case "model_type" | "dict_type" | "model_attributes_type":
            return "should have keys of its own, indented under it"
        case "tuple_type":
            return "should be a list, such as [one, two]"
        case "string_type":
            return "should be a word; put it in quotes"
        case "string_too_long" | "string_too_short" if problem["loc"][-1] == "delimiter":
            return 'should be one character; a tab is "\\t", in double quotes'
        case _:
            message = problem["msg"]
            return message[:1].lower() + message[1:]
