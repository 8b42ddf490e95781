"""A cell's words, read as the canonical field that the mapping says they are.

Every reader returns the field's one canonical spelling as text (ISO dates, UTC instants, `t` and `f`, PostgreSQL
array literals), or None where the source left it unset, or raises ValueError with a reason. A reason never repeats
the cell: it may hold a name, or words about somebody's immigration status, and neither belongs in a log or a
quarantine.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from watchword.feeds.fields import FIELDS, Kind
from watchword.feeds.mapping import Column, Mapping

Reader = Callable[[str], str | None]

_CONTROL = dict.fromkeys((*range(32), 127))
_STATUS_WORDING = re.compile(
    r"""\b(
        (?:u\.?s\.?\s*)?(?:ice|i\.c\.e\.?|ins|immigration|dhs|cbp)\W+(?:\w+\W+){0,3}?(?:hold|detainer|warrant|custody|retainer|inmate|violation|status)
      | (?:hold|detainer|warrant|retainer)\W+(?:\w+\W+){0,3}?(?:ice|i\.c\.e\.?|ins|immigration|dhs|cbp)
      | i-?247\w*
      | (?:illegal|undocumented|deportable|criminal)\W+(?:alien|immigrant)s?
      | immigration(?:\W+(?:and|&)\W+customs)?
      | non-?citizen
    )\b | ^\s*(?:ice|i\.c\.e\.?|ins)\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
"""Wordings of a federal immigration hold that county rosters list among the charges. A charge of a crime is kept."""


def tidy(text: str) -> str:
    """The text without control characters, its white space folded: sources pad their values."""
    return " ".join(text.split()).translate(_CONTROL)


def says_immigration_status(charge: str) -> bool:
    """Whether an item listed among the charges speaks of an immigration hold instead of a crime."""
    return bool(_STATUS_WORDING.search(charge))


def readers(mapping: Mapping) -> dict[str, Reader]:
    """One reader per mapped field, each with its `unset` words and the mapping's own `values` applied first."""
    by_name = {field.name: field for field in FIELDS}
    made: dict[str, Reader] = {}
    for name, column in mapping.columns.items():
        field = by_name[name]
        read = _reader(field.kind, column, mapping, field.codes)
        made[name] = _with_values(read, mapping.values.get(name, {}), column, is_list=field.kind is Kind.LIST)
    return made


def _with_values(read: Reader, values: dict[str, str | None], column: Column, *, is_list: bool) -> Reader:
    unset = frozenset(word.casefold() for word in column.unset)
    said = {tidy(word).casefold(): meaning for word, meaning in values.items()}

    def read_cell(cell: str) -> str | None:
        text = tidy(cell)
        folded = text.casefold()
        if folded in said and not is_list:
            return said[folded]
        return None if folded in unset else read(text)

    # Most columns repeat few words, and the cache makes them free; it is bounded, so that keys do not fill memory.
    return lru_cache(maxsize=8192)(read_cell)


def _reader(kind: Kind, column: Column, mapping: Mapping, codes: tuple[str, ...]) -> Reader:
    match kind:
        case Kind.TEXT:
            return lambda text: text
        case Kind.INTEGER:
            return _integer
        case Kind.DATE:
            return lambda text: _moment(text, column.formats).date().isoformat()
        case Kind.INSTANT:
            return _instant_reader(column.formats, ZoneInfo(mapping.time_zone))
        case Kind.YES_NO:
            return _yes_no_reader(column)
        case Kind.LIST:
            return _list_reader(column.separator)
        case Kind.CODE:
            return _code_reader(codes)


def _integer(text: str) -> str:
    number = float(text) if re.fullmatch(r"\d{1,3}(\.0*)?", text) else None
    if number is None:
        raise ValueError("not a whole number of years")
    return str(int(number))


def _moment(text: str, formats: tuple[str, ...]) -> datetime:
    if not formats:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise ValueError("not a date or time in ISO form; give the column's `formats`") from None
    for pattern in formats:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 - the source's zone is put on by the caller
        except ValueError:
            continue
    raise ValueError("not a date or time in any of the column's `formats`")


def _instant_reader(formats: tuple[str, ...], zone: ZoneInfo) -> Reader:
    def read(text: str) -> str:
        moment = _moment(text, formats)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        try:
            return aware.astimezone(UTC).isoformat()
        except OverflowError:
            raise ValueError("a time outside the calendar") from None

    return read


def _yes_no_reader(column: Column) -> Reader:
    meanings = {word.casefold(): "t" for word in column.yes} | {word.casefold(): "f" for word in column.no}

    def read(text: str) -> str:
        try:
            return meanings[text.casefold()]
        except KeyError:
            raise ValueError("neither one of the column's `yes` words nor of its `no` words") from None

    return read


def _list_reader(separator: str | None) -> Reader:
    def read(text: str) -> str | None:
        items = text.split(separator) if separator else [text]
        kept = sorted(item for item in map(tidy, items) if item and not says_immigration_status(item))
        return array_literal(kept) if kept else None

    return read


def array_literal(items: list[str]) -> str:
    """A PostgreSQL text[] literal."""
    return "{" + ",".join('"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' for item in items) + "}"


def _code_reader(codes: tuple[str, ...]) -> Reader:
    def read(text: str) -> str:
        code = text.casefold().replace(" ", "_")
        if code not in codes:
            raise ValueError("a word that the mapping's `values` do not name")
        return code

    return read
