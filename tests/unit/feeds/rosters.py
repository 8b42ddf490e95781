"""Small rosters and mappings to read, and what comes out."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from watchword.feeds import mapping
from watchword.feeds.fields import FIELD_NAMES
from watchword.feeds.formats import open_rows
from watchword.feeds.mapping import Mapping
from watchword.feeds.reading import BadRow, Reading

RECEIVED = datetime(2026, 3, 10, 12, tzinfo=UTC)


def mapped(
    columns: str = "{person_key: id, last_name: name}", file: str = "{kind: csv}", rest: str = ""
) -> Mapping:
    """A mapping with these columns and this format, in YAML."""
    return mapping.load(
        f"agency: A\ntitle: T\ntime_zone: America/New_York\nrhythm: 24 hours\n"
        f"absence: {{means: vanished}}\nformat: {file}\ncolumns: {columns}\n{rest}"
    )


def in_chunks(data: bytes, size: int) -> Iterable[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def read(form: Mapping, data: bytes | Iterable[bytes]) -> tuple[list[dict[str, Any]], list[BadRow], int]:
    """The rows read, each as the fields it sets; the bad ones; and how many there were."""
    chunks = in_chunks(data, 1 << 20) if isinstance(data, bytes) else data
    reading = Reading(form, open_rows(form, chunks), RECEIVED)
    rows = [
        {name: value for name, value in zip(FIELD_NAMES, row.values, strict=True) if value is not None}
        for batch in reading.read()
        for row in batch
    ]
    return rows, reading.bad, reading.rows


def people(form: Mapping, data: bytes | Iterable[bytes]) -> list[tuple[str | None, ...]]:
    """Each row's key and last name; no row may be bad."""
    rows, bad, _ = read(form, data)
    assert bad == []
    return [(row["person_key"], row.get("last_name")) for row in rows]
