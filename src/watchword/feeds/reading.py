"""Reading a roster: which of its rows are not known yet, what they say, and which cannot be read.

Every row has a fingerprint (xxh3, 128 bit) of its bytes under its header and mapping. Rows whose fingerprint is known
are not parsed at all: that is what makes two million rows with one in a hundred changed cheaper than copying the
file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat

from xxhash import xxh3_64_intdigest, xxh3_128_digest

from watchword.feeds.fields import FIELD_NAMES
from watchword.feeds.formats import BadRowError, Cells, RowReader, UnreadableRosterError
from watchword.feeds.mapping import Mapping
from watchword.feeds.words import readers

VERSION = 1
"""Raise it whenever words.py or formats.py would read a row otherwise than before: then every row is read again."""

MOST_BAD_ROWS = 100_000
"""A roster with more is nobody's; it also bounds what is kept of them."""

DEPARTED = ("released", "removed", "escaped", "died")

_AT = {name: place for place, name in enumerate(FIELD_NAMES)}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadRow:
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


class Reading:
    """One pass over a roster's rows.

    `known` is the set of fingerprints of the rows that the source last listed; after the pass it holds those that
    this roster does not have any more.
    """

    def __init__(self, mapping: Mapping, rows: RowReader, received_at: datetime, known: set[bytes]) -> None:
        self.known = known
        self.rows = 0
        self.bad: list[BadRow] = []
        self._rows = rows
        self._received = received_at
        self._columns = [
            (place, _AT[name], column.column[0], read)
            for place, ((name, column), read) in enumerate(
                zip(mapping.columns.items(), readers(mapping).values(), strict=True)
            )
        ]
        self._key_place = list(mapping.columns).index("person_key")
        self._seed = xxh3_64_intdigest(
            b"%d\0%b\0%b" % (VERSION, rows.header, mapping.model_dump_json().encode())
        )

    def unknown(self) -> Iterator[list[ReadRow]]:
        """The readable rows that are not known, a batch at a time; the unreadable ones gather in `bad`."""
        seen: set[bytes] = set()
        for batch in self._rows.batches():
            first = self.rows + 1
            self.rows += len(batch)
            prints = list(map(xxh3_128_digest, batch, repeat(self._seed)))
            new = [place for place, fingerprint in enumerate(prints) if fingerprint not in self.known]
            self.known.difference_update(prints)
            fresh: list[ReadRow] = []
            for place in new:
                if prints[place] not in seen:
                    read = self._read(first + place, batch[place], prints[place])
                    if read is not None:
                        seen.add(prints[place])
                        fresh.append(read)
            yield fresh

    def _read(self, number: int, row: bytes, fingerprint: bytes) -> ReadRow | None:
        """What a row says; None where it cannot be read."""
        try:
            cells = self._rows.cells(row)
        except BadRowError as error:
            self._refuse(number, "", str(error), error.cells, fingerprint)
            return None
        values: list[str | None] = [None] * len(FIELD_NAMES)
        for place, at, column, read in self._columns:
            cell = cells[place]
            if cell is not None:
                try:
                    values[at] = read(cell)
                except ValueError as error:
                    self._refuse(number, column, str(error), cells, fingerprint)
                    return None
        if values[0] is None:
            column = self._columns[self._key_place][2]
            self._refuse(number, column, "the person's number is missing", cells, fingerprint)
            return None
        earlier, planned = settle_status(values, self._received)
        if planned:  # the same words will mean a release once that time has come: never take them as known
            fingerprint = xxh3_128_digest(fingerprint + b"planned")
        return ReadRow(
            number=number,
            fingerprint=fingerprint,
            digest=xxh3_128_digest(
                "\x1f".join(["\x00" if value is None else value for value in values]).encode()
            ),
            values=tuple(values),
            earlier_released_at=earlier,
        )

    def _refuse(self, number: int, column: str, reason: str, cells: Cells, fingerprint: bytes) -> None:
        """Quarantine a row; its person is not absent, if the key at least can be read."""
        self.bad.append(
            BadRow(
                number=number,
                column=column,
                reason=reason,
                person_key=self._key_in(cells),
                fingerprint=fingerprint,
            )
        )
        if len(self.bad) > MOST_BAD_ROWS:
            raise UnreadableRosterError(
                f"More than {MOST_BAD_ROWS} of its rows cannot be read; the first: row {self.bad[0].number}, "
                f"{self.bad[0].reason}."
            )

    def _key_in(self, cells: Cells) -> str | None:
        said = cells[self._key_place]
        try:
            return None if said is None else self._columns[self._key_place][3](said)
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
