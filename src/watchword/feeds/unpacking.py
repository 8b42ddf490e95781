"""Rows out of a file that must be read whole: a JSON document, or a sheet of a workbook.

It runs as a program of its own, with bounded memory and time and none of our environment, because a few bytes of such
a file can ask for gigabytes: two cells at the far corners of a sheet are enough. What it cannot take costs one
roster, not the process that reads it. The document comes on standard input; standard output gets the names that its
rows have, then each row, as lines of JSON.
"""

import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, NoReturn

LARGEST_DOCUMENT = 256 << 20
"""Bytes of a JSON document, or of an unpacked workbook. Larger ones should come as NDJSON or CSV."""

MOST_MEMORY = 3 << 30
"""Bytes; a 256 MiB document of real rows takes about half of it."""

MOST_SECONDS = 300
"""Of processor time."""

TOO_LARGE, REFUSED = 3, 4
"""Exit status. With the second, standard error says why, in words of ours that hold nothing of the document."""

_MOST_SHEETS_NAMED = 10


class RefusedError(Exception):
    """The document is not what the mapping describes; the message says how."""


def flat(value: dict[str, Any]) -> dict[str, Any]:
    """An object's values by their names: `{"court": {"at": 1}}` has `court.at`, and a list of objects has a list of
    each of their values. Of two like names the first counts.
    """
    named: dict[str, Any] = {}
    for said, item in value.items():
        name = " ".join(said.split()).casefold()
        if isinstance(item, dict):
            for inner, one in flat(item).items():
                named.setdefault(f"{name}.{inner}", one)
        elif isinstance(item, list) and any(isinstance(one, dict) for one in item):
            gathered: dict[str, list[Any]] = {}
            for part in (flat(one) for one in item if isinstance(one, dict)):
                for inner, one in part.items():
                    gathered.setdefault(f"{name}.{inner}", []).append(one)
            named = gathered | named
        else:
            named.setdefault(name, item)
    return named


def json_rows(document: bytes, encoding: str, path: str) -> list[dict[str, Any]]:
    """The objects of the list that stands at this dotted path; what is no object is a row without values."""
    value = _parsed(document, encoding)
    for step in filter(None, path.split(".")):
        if not isinstance(value, dict) or step not in value:
            raise RefusedError(
                f"the mapping looks for its rows at `path: {path}`, and there is no {step!r} in it"
            )
        value = value[step]
    if not isinstance(value, list):
        where = f"at `path: {path}`" if path else "in the document itself (the mapping gives no `path`)"
        raise RefusedError(f"what stands {where} is no list of rows")
    return [flat(row) if isinstance(row, dict) else {} for row in value]


def _parsed(document: bytes, encoding: str) -> Any:
    try:
        text = document.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise RefusedError(f"it is not readable as {encoding} from byte {error.start + 1} on") from None
    if not text.strip():
        return []
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()):
            raise RefusedError(
                f"it ends in the middle, in line {error.lineno}: it was cut on its way"
            ) from None
        raise RefusedError(f"it is no JSON from line {error.lineno}, column {error.colno} on") from None
    except RecursionError:
        raise RefusedError("it is nested too deeply") from None


def sheet_rows(workbook: bytes, sheet: str) -> list[dict[str, Any]]:
    """The rows of this sheet ('' is the first) under its first row; empty cells and empty rows are left out."""
    if not workbook:
        return []
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_DOCUMENT:
                sys.exit(TOO_LARGE)
        book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    except (zipfile.BadZipFile, CalamineError):
        raise RefusedError("it is no workbook (.xlsx), or it was cut on its way") from None
    if sheet and sheet not in book.sheet_names:
        there = ", ".join(map(repr, book.sheet_names[:_MOST_SHEETS_NAMED]))
        raise RefusedError(f"it has no sheet {sheet!r}; it has {there}")
    header, *rows = book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python() or [[]]
    names = [" ".join(str(name).split()).casefold() for name in header]
    named = [
        {name: cell for name, cell in reversed([*zip(names, row, strict=False)]) if cell != ""}
        for row in rows
    ]
    return [row for row in named if row]


def main(kind: str, first: str, second: str) -> None:
    """`json ENCODING PATH` or `xlsx SHEET ''`."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    memory = MOST_MEMORY if most == resource.RLIM_INFINITY else min(MOST_MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    document = sys.stdin.buffer.read(LARGEST_DOCUMENT + 1)
    if len(document) > LARGEST_DOCUMENT:
        sys.exit(TOO_LARGE)
    try:
        rows = json_rows(document, first, second) if kind == "json" else sheet_rows(document, first)
    except RefusedError as error:
        _refuse(str(error))
    except MemoryError:
        _refuse(f"it would take more than {memory >> 20} MiB of memory to read")
    except Exception:  # noqa: BLE001 - the libraries' errors are many, quote cells, and all mean the same
        _refuse("it cannot be read")
    del document
    _write([sorted({name for row in rows for name in row})])
    _write(rows)
    sys.stdout.buffer.flush()


def _refuse(why: str) -> NoReturn:
    sys.stderr.buffer.write(why.encode(errors="replace"))
    sys.exit(REFUSED)


def _write(values: Iterable[Any]) -> None:
    for value in values:
        line = json.dumps(value, sort_keys=True, default=_plain)
        sys.stdout.buffer.write(line.encode() + b"\n")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date | time) else str(value)


if __name__ == "__main__":
    main(*sys.argv[1:])
