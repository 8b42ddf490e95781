"""Reading single changes that a source pushes at data entry: a JSON object, a list of them, or one a line; or a file in
the source's own format. Each row says of one person what is in it, and nothing else: a column that is missing (or, in
JSON, null) is not spoken of, an empty one is unset.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from xxhash import xxh3_128_digest

from watchword.feeds.fields import FIELD_NAMES
from watchword.feeds.formats import NdjsonReader, RowReader, open_rows
from watchword.feeds.lines import UnreadableRosterError
from watchword.feeds.mapping import Format, Mapping
from watchword.feeds.reading import DEPARTED, BadRow, Reading, ReadRow
from watchword.feeds.signatures import checked

LARGEST_DOCUMENT = 16 << 20
"""Bytes of a JSON document of changes, which is read whole; one object a line may be any number."""

MOST_TOGETHER = 5_000
"""Changes that are compared at once."""

_OF_STATUS = ("status", "released_at", "release_kind")
"""What `settle_status` makes say one thing: spoken of together."""

_KEY = FIELD_NAMES.index("person_key")
_STATUS = FIELD_NAMES.index("status")


class Change(NamedTuple):
    """One row, read, and the canonical fields that it does not speak of."""

    row: ReadRow
    unsaid: tuple[str, ...]


class JsonChangesReader(NdjsonReader):
    """JSON objects: one, a list of them, or one a line."""

    def __init__(self, mapping: Mapping, chunks: Iterable[bytes]) -> None:
        as_json = mapping.model_copy(update={"format": Format(kind="ndjson")})
        rest = checked(as_json.format, chunks)
        head = next(rest, b"")
        is_document = not _begins_with_an_object_a_line(head)
        super().__init__(as_json, _of_document(chain([head], rest)) if is_document else chain([head], rest))


def open_changes(mapping: Mapping, chunks: Iterable[bytes], *, as_json: bool) -> RowReader:
    """The reader of pushed rows; UnreadableRosterError where they have no readable beginning."""
    return JsonChangesReader(mapping, chunks) if as_json else open_rows(mapping, chunks)


def _begins_with_an_object_a_line(head: bytes) -> bool:
    first = head.removeprefix(BOM_UTF8).lstrip().partition(b"\n")[0]
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _of_document(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The objects of a JSON document, one a line."""
    document = b""
    for chunk in chunks:
        document += chunk
        if len(document) > LARGEST_DOCUMENT:
            raise UnreadableRosterError(
                f"The changes are a JSON document of more than {LARGEST_DOCUMENT >> 20} MiB, which is read whole: "
                "send one object a line."
            )
    if not document.strip():
        return
    try:
        value = json.loads(document.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise UnreadableRosterError(
            "The changes are not readable as JSON: send an object, a list of objects, or one object a line."
        ) from None
    for row in value if isinstance(value, list) else [value]:
        yield json.dumps(row).encode() + b"\n"


class ChangesReading(Reading):
    """What pushed rows say, in their order. `salt` keeps them apart from any row of a list and any other push."""

    def __init__(self, mapping: Mapping, file: RowReader, received_at: datetime, salt: bytes) -> None:
        super().__init__(mapping, file, received_at)
        self._salt = salt
        self._mapped = list(mapping.columns)

    def groups(self) -> Iterator[list[Change]]:
        """The changes, MOST_TOGETHER at most and each person once in a group: what a person's second row says comes
        after the first has been told.
        """
        group: dict[str | None, Change] = {}
        for change in self._changes():
            key = change.row.values[_KEY]
            if key in group or len(group) == MOST_TOGETHER:
                yield list(group.values())
                group = {}
            group[key] = change
        yield list(group.values())

    def refuse(self, change: Change, reason: str) -> None:
        """Quarantine a row that was read, and of which it cannot be told what it is about."""
        row = change.row
        self.bad.append(
            BadRow(
                number=row.number,
                column="",
                reason=reason,
                person_key=row.values[_KEY],
                fingerprint=row.fingerprint,
            )
        )

    def _changes(self) -> Iterator[Change]:
        for lines in self._unknown_lines():
            for line in lines:
                row = self._read_alone(line)
                if row is not None:
                    salt = self._salt + b"%d\0" % line.number
                    yield Change(
                        row._replace(
                            fingerprint=xxh3_128_digest(salt + row.fingerprint),
                            digest=xxh3_128_digest(salt + row.digest),
                        ),
                        self._unsaid(self._file.cells(line.row), row.values[_STATUS] or ""),
                    )

    def _unsaid(self, cells: list[str | None], status: str) -> tuple[str, ...]:
        said = {name for name, cell in zip(self._mapped, cells, strict=True) if cell is not None}
        if said & {"status", "released_at"}:
            said.add("status")
            if status not in DEPARTED:
                said.update(_OF_STATUS)
        else:
            said.difference_update(_OF_STATUS)
        return tuple(name for name in FIELD_NAMES if name not in said)
