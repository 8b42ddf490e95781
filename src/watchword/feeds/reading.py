"""Reading a roster: which of its rows are not known yet, what they say, and which cannot be read.

Every row has a fingerprint (xxh3, 128 bit) of its bytes, under its header and what the mapping says of reading it.
Rows whose fingerprint is known are not parsed at all, and most are not even looked at, because the stretch of lines
that they stand in is known: that is what makes two million rows with one in a hundred changed no dearer than copying
the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from xxhash import xxh3_64_intdigest, xxh3_128_digest

from watchword.feeds.fields import FIELD_NAMES
from watchword.feeds.formats import BadRowError, Cells, RowReader, UnreadableRosterError
from watchword.feeds.mapping import Mapping
from watchword.feeds.rows import folded, nothing
from watchword.feeds.words import moment_reader, readers

if TYPE_CHECKING:  # its library takes a while to load, and few processes compare
    from watchword.feeds.fingerprints import Known

VERSION = 1
"""Raise it whenever words.py or formats.py would read a row otherwise than before: then every row is read again."""

MOST_BAD_ROWS = 100_000
"""A roster with more is nobody's; it also bounds what is kept of them."""

GROUP = 1_000
"""Rows that are read before they are given on."""

_MOST_BATCHES = 20
"""Of lines, a MiB each, that wait to be a group: a thousand of the longest lines would be a gigabyte."""

BYTES = 16
"""Of a fingerprint."""

DEPARTED = ("released", "removed", "escaped", "died")

_AT = {name: place for place, name in enumerate(FIELD_NAMES)}


class ReadRow(NamedTuple):
    """One row that was not known, read. `values` are canonical words in the order of FIELD_NAMES."""

    number: int
    fingerprint: bytes
    digest: bytes
    values: tuple[str | None, ...]
    earlier_released_at: str | None
    """A discharge before this admission: it ended the stay before this one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BadRow:
    """One row that cannot be read, and why; its words stay in the raw file."""

    number: int
    column: str
    reason: str
    person_key: str | None
    fingerprint: bytes


class _Line(NamedTuple):
    """A row that is about to be read."""

    number: int
    row: bytes
    fingerprint: bytes


class Reading:
    """A roster's rows, gone through once: those that are known are ticked off in `known`, and the others are read."""

    def __init__(
        self,
        mapping: Mapping,
        file: RowReader,
        received_at: datetime,
        known: "Known | None" = None,
    ) -> None:
        self.rows = 0
        self.bad: list[BadRow] = []
        self.as_of: datetime | None = None
        """When the list was made, by its own word, if it says so."""
        self._mapping = mapping
        self._received = received_at
        self._columns = [
            (_AT[name], column.column[0], reader)
            for (name, column), reader in zip(mapping.columns.items(), readers(mapping).values(), strict=True)
        ]
        self._key_place = list(mapping.columns).index("person_key")
        self._file = file
        self._seed = xxh3_64_intdigest(
            b"%d\0%b\0%b" % (VERSION, self._file.header, mapping.way_of_reading().encode())
        )
        self._known = known

    def read(self) -> Iterator[list[ReadRow]]:
        """The readable ones of the rows that are not known, GROUP at a time at most.

        Each row once; those that cannot be read gather in `bad`.
        """
        seen: set[bytes] = set()
        waiting: list[_Line] = []
        for number, lines in enumerate(self._unknown_lines(), 1):
            waiting += lines
            whole = len(waiting) if number % _MOST_BATCHES == 0 else len(waiting) // GROUP * GROUP
            for at in range(0, whole, GROUP):
                yield list(self._once(waiting[at : min(at + GROUP, whole)], seen))
            waiting = waiting[whole:]
        yield list(self._once(waiting, seen))

    def _unknown_lines(self) -> Iterator[list[_Line]]:
        """Of each batch of the file the lines that are not known; `rows` counts all of them."""
        self.rows, known = 0, self._known
        for batch in self._file.batches(nothing if known is None else partial(known.pass_over, self._seed)):
            if self.as_of is None and batch.rows:
                self.as_of = self._made_at(batch.rows[0])
            prints = list(map(xxh3_128_digest, batch.rows, repeat(self._seed)))
            new = range(len(prints)) if known is None else known.tick(batch, prints)
            first, self.rows = self.rows + 1, self.rows + batch.total
            yield [_Line(first + batch.places[at], batch.rows[at], prints[at]) for at in new]

    def _made_at(self, row: bytes) -> datetime | None:
        """When the list was made, as this row says it; what cannot be read, or has not come yet, says nothing."""
        where = self._mapping.as_of
        if where is None:
            return None
        said = {folded(name): cell for name, cell in self._file.everything(row).items()}
        try:
            moment = moment_reader(where.formats, self._mapping.time_zone)(said.get(folded(where.column), ""))
        except ValueError:
            return None
        made_at = datetime.fromisoformat(moment) if moment else None
        return made_at if made_at and made_at <= self._received else None

    def _once(self, lines: list[_Line], seen: set[bytes]) -> Iterator[ReadRow]:
        for row in self._read_together(lines):
            if row.fingerprint not in seen:
                seen.add(row.fingerprint)
                yield row

    def _read_together(self, lines: list[_Line]) -> list[ReadRow]:
        """What these rows say, read column by column, which takes half the time of reading one by one."""
        try:
            cut = [self._file.cells(line.row) for line in lines]
            columns: list[list[str | None]] = [[None] * len(lines)] * len(FIELD_NAMES)
            for said, (at, _, reader) in zip(zip(*cut, strict=True), self._columns, strict=False):
                columns[at] = reader.cells(said)
        except (BadRowError, ValueError):
            return [row for row in map(self._read_alone, lines) if row is not None]
        if None in columns[0]:
            return [row for row in map(self._read_alone, lines) if row is not None]
        return [
            self._row(line, list(values))
            for line, values in zip(lines, zip(*columns, strict=True), strict=True)
        ]

    def _read_alone(self, line: _Line) -> ReadRow | None:
        """What one row says; None where it cannot be read."""
        try:
            cells = self._file.cells(line.row)
        except BadRowError as error:
            self._refuse(line, "", str(error), error.cells)
            return None
        values: list[str | None] = [None] * len(FIELD_NAMES)
        for cell, (at, column, reader) in zip(cells, self._columns, strict=True):
            try:
                values[at] = reader.cell(cell)
            except ValueError as error:
                self._refuse(line, column, str(error), cells)
                return None
        if values[0] is None:
            self._refuse(line, self._columns[self._key_place][1], "the person's number is missing", cells)
            return None
        return self._row(line, values)

    def _row(self, line: _Line, values: list[str | None]) -> ReadRow:
        earlier, planned = settle_status(values, self._received)
        fingerprint = line.fingerprint
        if planned:  # the same words will mean a release once that time has come: never take them as known
            fingerprint = xxh3_128_digest(fingerprint + b"planned")
        return ReadRow(
            number=line.number,
            fingerprint=fingerprint,
            digest=xxh3_128_digest(
                "\x1f".join(["\x00" if value is None else value for value in values]).encode()
            ),
            values=tuple(values),
            earlier_released_at=earlier,
        )

    def _refuse(self, line: _Line, column: str, reason: str, cells: Cells) -> None:
        """Quarantine a row; its person is not absent, if the key at least can be read."""
        self.bad.append(
            BadRow(
                number=line.number,
                column=column,
                reason=reason,
                person_key=self._key_in(cells),
                fingerprint=line.fingerprint,
            )
        )
        if len(self.bad) > MOST_BAD_ROWS:
            raise UnreadableRosterError(
                f"More than {MOST_BAD_ROWS} of its rows cannot be read; the first: row {self.bad[0].number}, "
                f"{self.bad[0].reason}."
            )

    def _key_in(self, cells: Cells) -> str | None:
        try:
            return self._columns[self._key_place][2].cell(cells[self._key_place])
        except ValueError:
            return None


def settle_status(values: list[str | None], received_at: datetime) -> tuple[str | None, bool]:
    """Make the status, the discharge and the release kind of a row say one thing.

    The status column has the first word. Without one, a discharge says that the person has left, unless it lies after
    the receipt (then it is only planned) or before the admission (then it ended the stay before). Returns the
    discharge of an earlier stay, and whether this stay's is only planned.
    """
    status, released = values[_AT["status"]], values[_AT["released_at"]]
    kind, booked = values[_AT["release_kind"]], values[_AT["booked_at"]]
    earlier, planned = None, False
    if released is not None:
        left = datetime.fromisoformat(released)
        if booked is not None and left < datetime.fromisoformat(booked):
            earlier, released = released, None
        elif left > received_at:
            planned, released = True, None
    if status is None:
        status = "in_custody" if released is None else "released"
    if status == "released" and kind in ("removed", "escaped", "died"):
        status = kind
    if status not in DEPARTED:
        kind = released = None
    values[_AT["status"]], values[_AT["released_at"]], values[_AT["release_kind"]] = status, released, kind
    return earlier, planned
