"""Reading a roster: which of its rows are not known yet, what they say, and which cannot be read.

Every row has a fingerprint (xxh3, 128 bit) of its bytes under its header and mapping. Rows whose fingerprint is known
are not parsed at all: that is what makes two million rows with one in a hundred changed no dearer than copying the
file.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from typing import NamedTuple

from xxhash import xxh3_64_intdigest, xxh3_128_digest

from watchword.feeds.fields import FIELD_NAMES
from watchword.feeds.formats import BadRowError, Cells, RowReader, UnreadableRosterError
from watchword.feeds.mapping import Mapping
from watchword.feeds.words import readers

VERSION = 1
"""Raise it whenever words.py or formats.py would read a row otherwise than before: then every row is read again."""

MOST_BAD_ROWS = 100_000
"""A roster with more is nobody's; it also bounds what is kept of them."""

GROUP = 1_000
"""Rows that are read before they are given on."""

BYTES = 16
"""Of a fingerprint."""

_MOST_KEPT = 32 << 20
"""Bytes of rows that are kept from the first time through to the second; a larger file is read again."""

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
    """A roster's rows, gone through twice: once for their fingerprints, and once to read those that are not known.

    `open_file` opens the file from its beginning, each time it is called.
    """

    def __init__(self, mapping: Mapping, open_file: Callable[[], RowReader], received_at: datetime) -> None:
        self.rows = 0
        self.bad: list[BadRow] = []
        self.planned: list[bytes] = []
        """Fingerprints of the rows whose release is still to come: they are read every time, known or not."""
        self._mapping = mapping
        self._open = open_file
        self._received = received_at
        self._columns = [
            (_AT[name], column.column[0], reader)
            for (name, column), reader in zip(mapping.columns.items(), readers(mapping).values(), strict=True)
        ]
        self._key_place = list(mapping.columns).index("person_key")
        self._file = open_file()
        self._seed = xxh3_64_intdigest(
            b"%d\0%b\0%b" % (VERSION, self._file.header, mapping.model_dump_json().encode())
        )
        self._kept: list[list[bytes]] | None = None

    def fingerprints(self) -> bytearray:
        """Those of all rows, 16 bytes each, in the order of the file."""
        packed = bytearray()
        self._kept, kept_bytes = [], 0
        for batch in self._file.batches():
            packed += b"".join(map(xxh3_128_digest, batch, repeat(self._seed)))
            if self._kept is not None:
                self._kept.append(batch)
                kept_bytes += sum(map(len, batch))
                if kept_bytes > _MOST_KEPT:
                    self._kept = None
        if self._kept is None:
            self._file = self._open()
        self.rows = len(packed) // BYTES
        return packed

    def read(self, places: Sequence[int] | None = None) -> Iterator[list[ReadRow]]:
        """The readable ones of the rows at these places (all of them, if None), GROUP at a time at most; each row once.

        Places count from 0 and ascend. Rows that cannot be read gather in `bad`.
        """
        if places is not None and not places:
            return  # all are known: the file is not gone through again
        self.rows = 0
        seen: set[bytes] = set()
        lines: list[_Line] = []
        for batch in self._file.batches() if self._kept is None else self._kept:
            first, self.rows = self.rows, self.rows + len(batch)
            for at in range(len(batch)) if places is None else _within(places, first, self.rows):
                row = batch[at]
                lines.append(_Line(first + at + 1, row, xxh3_128_digest(row, self._seed)))
                if len(lines) == GROUP:
                    yield list(self._once(lines, seen))
                    lines = []
        yield list(self._once(lines, seen))

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
            self.planned.append(fingerprint)
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


def _within(places: Sequence[int], first: int, end: int) -> list[int]:
    """Those of the ascending places that lie in [first, end), counted from `first`."""
    return [place - first for place in places[bisect_left(places, first) : bisect_left(places, end)]]


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
