"""A cell's words, read as the canonical field that the mapping says they are.

Every reader returns the field's one canonical spelling as text (ISO dates, UTC instants, `t` and `f`, PostgreSQL
array literals), or None where the source left it unset, or raises ValueError with a reason. A reason never repeats
the cell: it may hold a name, or words about somebody's immigration status, and neither belongs in a log or a
quarantine.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from watchword.core.clock import now
from watchword.feeds.fields import FIELDS, Field, Kind
from watchword.feeds.immigration import is_hold, says_status
from watchword.feeds.mapping import Column, Mapping
from watchword.feeds.rows import BETWEEN_ITEMS

Reader = Callable[[str], str | None]

LONGEST_CELL = 20_000
"""Characters. Charges are the longest real cells, of a few thousand."""

_KEYS = ("person_key", "booking_key")
"""Never the same on two rows, so that a cache only costs; and never changed, whatever they say."""

_CACHED_CELL, _CACHED_CELLS = 64, 8192
"""Characters of a cell that is remembered (longer ones rarely repeat, and would fill memory), and how many are."""

_UNPRINTABLE = (
    {
        code: None for code in (*range(32), *range(127, 160), 0xFEFF) if not chr(code).isspace()
    }  # control characters
    | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # halves of characters, which no database takes
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ].*)?")
_TWO_DIGIT_YEAR = re.compile(r"%[yDx]")


def tidy(text: str) -> str:
    """The text without control characters, its white space folded: sources pad their values."""
    if text.isprintable() and "  " not in text and not text.startswith(" ") and not text.endswith(" "):
        return text  # nearly always, and a fifth of the time
    return " ".join(text.translate(_UNPRINTABLE).split())


class ColumnReader:
    """Reads the cells of one column. Most columns repeat few words, which are read once and remembered."""

    def __init__(self, read: Reader, *, remembers: bool) -> None:
        self._read, self._remembers = read, remembers
        self._known: dict[str | None, str | None] = {None: None}

    def cell(self, cell: str | None) -> str | None:
        """What one cell says; ValueError with the reason where it cannot be read. No cell says nothing."""
        return self._known[cell] if cell in self._known else self._learn(cell)

    def cells(self, cells: Iterable[str | None]) -> list[str | None]:
        """What many cells say; ValueError if one of them cannot be read."""
        known, learn = self._known, self._learn
        return [known[cell] if cell in known else learn(cell) for cell in cells]

    def _learn(self, cell: str | None) -> str | None:
        if cell is None:
            return None
        said = self._read(cell)
        if self._remembers and len(cell) <= _CACHED_CELL:
            if len(self._known) >= _CACHED_CELLS:
                self._known = {None: None}
            self._known[cell] = said
        return said


def readers(mapping: Mapping) -> dict[str, ColumnReader]:
    """One reader per mapped field, each with its `unset` words and the mapping's own `values` applied first."""
    by_name = {field.name: field for field in FIELDS}
    return {
        name: ColumnReader(_cell_reader(by_name[name], column, mapping), remembers=name not in _KEYS)
        for name, column in mapping.columns.items()
    }


def moment_reader(formats: tuple[str, ...], time_zone: str) -> Reader:
    """Reads moments that no canonical field holds, such as when a list was made."""
    read = _instant_reader(formats, ZoneInfo(time_zone))
    return lambda cell: read(tidy(cell))


def _cell_reader(field: Field, column: Column, mapping: Mapping) -> Reader:
    unset = frozenset(word.casefold() for word in column.unset)
    said = {tidy(word).casefold(): meant for word, meant in mapping.values.get(field.name, {}).items()}
    read = _reader(field, column, mapping)

    def read_words(text: str) -> str | None:
        folded = text.casefold()
        if folded in said:
            meant = said[folded]
            return None if meant is None else read(tidy(meant))
        return None if folded in unset else read(text)

    def read_cell(cell: str) -> str | None:
        if len(cell) > LONGEST_CELL:
            raise ValueError(f"longer than {LONGEST_CELL} characters")
        return read_words(tidy(cell))

    items = ColumnReader(lambda item: read_words(tidy(item)), remembers=True)

    def read_list(cell: str) -> str | None:
        if len(cell) > LONGEST_CELL:
            raise ValueError(f"longer than {LONGEST_CELL} characters")
        parts = cell.split(BETWEEN_ITEMS)
        if column.separator:
            parts = [item for part in parts for item in part.split(column.separator)]
        kept = sorted(filter(None, items.cells(parts)))
        return array_literal(kept) if kept else None

    return read_list if field.kind is Kind.LIST else read_cell


def _reader(field: Field, column: Column, mapping: Mapping) -> Reader:
    match field.kind:
        case Kind.TEXT:
            return _verbatim if field.name in _KEYS else _without_hold
        case Kind.INTEGER:
            return _integer
        case Kind.DATE:
            return _date_reader(column.formats, is_past=field.name == "birth_date")
        case Kind.INSTANT:
            return _instant_reader(column.formats, ZoneInfo(mapping.time_zone))
        case Kind.YES_NO:
            return _yes_no_reader(column)
        case Kind.LIST:
            return _without_status if field.name == "charges" else _without_hold
        case Kind.CODE:
            return _code_reader(field.codes)


def _verbatim(text: str) -> str:
    return text


def _without_hold(text: str) -> str | None:
    return None if is_hold(text) else text


def _without_status(text: str) -> str | None:
    return None if says_status(text) else text


def _integer(text: str) -> str:
    if not re.fullmatch(r"\d{1,3}(\.0*)?", text):
        raise ValueError("not a whole number of years")
    return str(int(float(text)))


def _moment(text: str, formats: tuple[str, ...]) -> datetime:
    """In one of the column's formats; or in ISO form, as date cells of a workbook come out, whatever the formats."""
    for pattern in formats:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 - the source's zone is put on by the caller
        except ValueError:
            continue
    try:
        if not formats or _ISO.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    if formats:
        raise ValueError("not a date or time in any of the column's `formats`")
    raise ValueError("not a date or time in ISO form; give the column's `formats`")


def _date_reader(formats: tuple[str, ...], *, is_past: bool) -> Reader:
    """Days as they are written, whatever zone stands beside them.

    A day that is past for certain and was written with two digits of its year may be a century too late: 45 is 1945.
    """
    may_be_late = is_past and any(map(_TWO_DIGIT_YEAR.search, formats))

    def read(text: str) -> str:
        day = _moment(text, formats).date()
        if may_be_late and day > now().date():
            day = _a_century_before(day)
        return day.isoformat()

    return read


def _a_century_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 100)
    except ValueError:
        raise ValueError("a day that was not in the calendar") from None


def _instant_reader(formats: tuple[str, ...], zone: ZoneInfo) -> Reader:
    """Times of the source's zone unless they name their own. An hour that comes twice is the first; one that is
    skipped counts from before.
    """

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


def array_literal(items: list[str]) -> str:
    """A PostgreSQL text[] literal."""
    return '{"' + '","'.join(map(_escaped, items)) + '"}'


def _escaped(item: str) -> str:
    return item.replace("\\", "\\\\").replace('"', '\\"')


def _code_reader(codes: tuple[str, ...]) -> Reader:
    def read(text: str) -> str:
        code = text.casefold().replace(" ", "_")
        if code not in codes:
            raise ValueError("a word that the mapping's `values` do not name")
        return code

    return read
