"""Files of a gigabyte that are no rosters. Run as a program, it reads each of them in little memory.

It prints, as JSON, why each was refused.
"""

import json
import resource
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import NamedTuple

from watchword.feeds import mapping
from watchword.feeds.formats import UnreadableRosterError, open_rows

MOST_MEMORY = 64 << 20
"""Bytes of address space beyond those in use before the first of them is read."""


class Endless(NamedTuple):
    """How a file begins, what comes again until it is a gigabyte, and why it is refused."""

    kind: str
    beginning: bytes
    again: bytes
    why: str


FILES = {
    "a line": Endless(
        "csv", b"id,name\n1,a\n", b"a" * (1 << 20), "The line at byte 13 of the file is longer than 1 MiB"
    ),
    "a header": Endless(
        "csv", b"", b"id," * (1 << 18), "The line at byte 1 of the file is longer than 1 MiB"
    ),
    "a line of UTF-16": Endless("utf-16", b"", b"i\0", "The line at byte 1 of the file is longer than 1 MiB"),
    "NUL bytes": Endless("csv", b"", bytes(1 << 20), "nothing but NUL bytes"),
    "NUL bytes from the second line on": Endless(
        "csv", b"id,name\n", bytes(1 << 20), "The line at byte 9 of the file is longer"
    ),
    "NDJSON without line breaks": Endless(
        "ndjson", b"", b'{"id":1}' * (1 << 17), "The line at byte 1 of the file is longer"
    ),
    "a document": Endless("json", b'{"rows": [', b'{"id": 1},' * (1 << 17), "holds more than 256 MiB"),
    "a workbook": Endless("xlsx", b"PK\x03\x04", bytes(1 << 20), "holds more than 256 MiB"),
    "line breaks": Endless("csv", b"id,name\n", b"\n" * (1 << 20), "little more than line breaks"),
    "line breaks of two": Endless("ndjson", b"", b"\r\n" * (1 << 19), "little more than line breaks"),
    "line breaks of UTF-16": Endless("utf-16", b"", b"\n\0" * (1 << 19), "little more than line breaks"),
    "spaces": Endless("csv", b"", b" " * (1 << 20), "The line at byte 1 of the file is longer than 1 MiB"),
}
_FORMS = {"utf-16": "{kind: csv, encoding: utf-16-le}", "json": "{kind: json, path: rows}"}


def chunks(file: Endless) -> Iterator[bytes]:
    again = file.again if len(file.again) > 1000 else file.again * (1 << 18)
    return chain([file.beginning], repeat(again, (1 << 30) // len(again)))


def refusal(file: Endless) -> str:
    form = mapping.load(
        "agency: A\ntitle: T\ntime_zone: UTC\nrhythm: 24 hours\nabsence: {means: vanished}\n"
        f"format: {_FORMS.get(file.kind, f'{{kind: {file.kind}}}')}\ncolumns: {{person_key: id}}\n"
    )
    try:
        rows = open_rows(form, chunks(file))
        read = sum(len(batch.rows) for batch in rows.batches())
    except UnreadableRosterError as error:
        return str(error)
    return "no rows" if read == 0 else f"{read} rows"


if __name__ == "__main__":
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MOST_MEMORY, resource.RLIM_INFINITY))
    print(json.dumps({name: refusal(file) for name, file in FILES.items()}))
