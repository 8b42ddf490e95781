"""Rows out of a file that must be read whole: a JSON document, XML, or a sheet of a workbook.

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


def xml_rows(document: bytes, path: str) -> list[dict[str, Any]]:
    """The elements at this dotted path from the document's own on ('' is all those inside it), by their bare names.

    Namespaces are left out: versions of NIEM differ in little else. Attributes have an @ before their names.
    """
    if not document.strip():
        return []
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(document, forbid_dtd=True)
    except DefusedXmlException:
        raise RefusedError(
            "it has a DOCTYPE, with which a few lines can ask for gigabytes or for files of this machine, so it is not "
            "read; the source must send XML without one"
        ) from None
    except ParseError as error:
        line, column = error.position
        raise RefusedError(f"it is no XML from line {line}, column {column + 1} on") from None
    first, *steps = path.split(".") if path else [_bare(root.tag)]
    if _bare(root.tag) != first:
        raise RefusedError(f"the mapping's `path` begins with {first!r}, and it is a {_bare(root.tag)!r}")
    rows = [root] if path else [*root]
    for step in steps:
        rows = [inner for row in rows for inner in row if _bare(inner.tag) == step]
    return [flat(_of_element(row)) for row in rows]


def _of_element(element: Any) -> dict[str, Any]:
    """What an element says: its attributes, its elements (those of one name as a list), and its own words."""
    said: dict[str, Any] = {f"@{_bare(name)}": value for name, value in element.attrib.items()}
    for inner in element:
        value = _of_element(inner)
        words = (
            value
            if value.keys() - {"", *(key for key in value if key.startswith("@"))}
            else value.get("", "")
        )
        if isinstance(words, str):
            said |= {f"{_bare(inner.tag)}.{key}": value[key] for key in value if key}
        said.setdefault(_bare(inner.tag), []).append(words)
    words = (element.text or "").strip()
    return {
        name: one[0] if isinstance(one, list) and len(one) == 1 else one for name, one in said.items()
    } | ({"": words} if words else {})


def _bare(name: str) -> str:
    return name.rpartition("}")[2]


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
    """`json ENCODING PATH`, `xml ENCODING PATH` or `xlsx SHEET ''`."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    memory = MOST_MEMORY if most == resource.RLIM_INFINITY else min(MOST_MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    document = sys.stdin.buffer.read(LARGEST_DOCUMENT + 1)
    if len(document) > LARGEST_DOCUMENT:
        sys.exit(TOO_LARGE)
    try:
        match kind:
            case "json":
                rows = json_rows(document, first, second)
            case "xml":
                rows = xml_rows(document, second)
            case _:
                rows = sheet_rows(document, first)
    except RefusedError as error:
        _refuse(str(error))
    except RecursionError:
        _refuse("it is nested too deeply")
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
