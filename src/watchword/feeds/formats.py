"""A roster's bytes, cut into rows and cells. One reader per kind of file, all of the same shape.

A reader cuts first and parses later: `batches` gives every row as bytes (cheap: what did not change is known by its
fingerprint and never parsed), `cells` parses one of them. Memory is bounded by one chunk, but for JSON and XLSX,
which are read whole and therefore limited in size.
"""

import codecs
import csv
import io
import json
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any

import python_calamine

from watchword.core.errors import WatchwordError
from watchword.feeds.mapping import Mapping

Cells = list[str | None]

LONGEST_LINE = 1 << 20
"""Bytes. The widest real roster rows are a few kilobytes; a line longer than this is no roster's."""

LONGEST_RECORD_LINES = 50
"""Lines of one quoted CSV record. A stray quote must not swallow the rest of the file."""

LARGEST_DOCUMENT = 256 << 20
"""Bytes of a JSON or unpacked XLSX file, which are read whole. Larger ones should come as NDJSON or CSV."""


class UnreadableRosterError(WatchwordError):
    """The file as a whole cannot be read as its mapping says."""


class BadRowError(Exception):
    """A row that cannot be cut into its cells. `cells` holds what could be had, to find whose row it is."""

    def __init__(self, reason: str, cells: Cells) -> None:
        super().__init__(reason)
        self.cells = cells


class RowReader(ABC):
    """One file being read. `header` (bytes) is what gives cells their meaning, and so belongs in every fingerprint."""

    header: bytes = b""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._wanted = [
            tuple(name.strip().casefold() for name in column.column) for column in mapping.columns.values()
        ]
        self._key_at = list(mapping.columns).index("person_key")

    @abstractmethod
    def batches(self) -> Iterator[list[bytes]]:
        """The rows after the header, as bytes, many at a time; UnreadableRosterError where the file ends all sense."""

    @abstractmethod
    def cells(self, row: bytes) -> list[Cells]:
        """The row's cells, one per mapped column in the mapping's order, None for a column that the file has not.

        A list, because a stray quote can glue rows together that are apart in truth. BadRowError if it cannot be cut.
        """

    def _choose(self, named: dict[str, Any]) -> Cells:
        """The wanted cells out of a row of named values."""
        found: Cells = []
        for names in self._wanted:
            value = next((named[name] for name in names if name in named), None)
            found.append(None if value is None else as_text(value))
        return found

    def _decode(self, raw: bytes) -> str:
        try:
            return raw.decode(self._mapping.format.encoding)
        except UnicodeDecodeError:
            raise BadRowError(
                f"not readable as {self._mapping.format.encoding}",
                [None] * len(self._wanted),
            ) from None


class _LineReader(RowReader):
    """What CSV, NDJSON and fixed width have in common: lines."""

    def __init__(self, mapping: Mapping, chunks: Iterable[bytes]) -> None:
        super().__init__(mapping)
        self._batches = _lines(_as_ascii_superset(chunks, mapping.format.encoding))
        if _is_wide(mapping.format.encoding):
            self._mapping = mapping.model_copy(
                update={"format": mapping.format.model_copy(update={"encoding": "utf-8"})}
            )

    def batches(self) -> Iterator[list[bytes]]:
        for batch in self._batches:
            yield _filled(batch)


class CsvReader(_LineReader):
    """Comma-separated values with a header; quoted cells may hold line breaks."""

    def __init__(self, mapping: Mapping, chunks: Iterable[bytes]) -> None:
        super().__init__(mapping, chunks)
        self._batches = _whole_records(self._batches)
        self._first = next((filled for batch in self._batches if (filled := _filled(batch))), [])
        if not self._first:
            return
        self.header = self._first.pop(0)
        try:
            names = [name.strip().casefold() for name in self._split(self.header)]
        except BadRowError:
            raise UnreadableRosterError(
                f"The header is not readable as {mapping.format.encoding}: check the mapping's encoding, "
                "or ask for the file again."
            ) from None
        self._width = len(names)
        self._places = [
            next((names.index(name) for name in wanted if name in names), None) for wanted in self._wanted
        ]
        if self._places[self._key_at] is None:
            raise UnreadableRosterError(
                "The header has no column for person_key: it should be one of "
                f"{', '.join(mapping.columns['person_key'].column)}. Was the file cut, or has the source changed it?"
            )

    def batches(self) -> Iterator[list[bytes]]:
        yield self._first
        yield from super().batches()

    def cells(self, row: bytes) -> list[Cells]:
        split = self._split(row)
        if len(split) == self._width:
            return [[None if place is None else split[place] for place in self._places]]
        if b"\n" in row:  # a stray quote glued lines together that are whole rows by themselves
            apart = [self._split(line) for line in row.split(b"\n")]
            if all(len(one) == self._width for one in apart):
                return [[None if place is None else one[place] for place in self._places] for one in apart]
        at_hand = [None if place is None or place >= len(split) else split[place] for place in self._places]
        raise BadRowError(f"{len(split)} cells where the header has {self._width}", at_hand)

    def _split(self, row: bytes) -> list[str]:
        try:
            return next(csv.reader([self._decode(row)], delimiter=self._mapping.format.delimiter), [])
        except csv.Error:
            raise BadRowError("not readable as CSV", [None] * len(self._wanted)) from None


class NdjsonReader(_LineReader):
    """One JSON object a line."""

    def cells(self, row: bytes) -> list[Cells]:
        try:
            value = json.loads(self._decode(row))
        except ValueError:
            raise BadRowError("not readable as JSON", [None] * len(self._wanted)) from None
        return [self._choose(_named(value, len(self._wanted)))]


class FixedReader(_LineReader):
    """Columns at fixed places of a line; no header."""

    def cells(self, row: bytes) -> list[Cells]:
        text = self._decode(row)
        widths = self._mapping.format.widths
        return [
            self._choose({name.casefold(): text[first - 1 : last] for name, (first, last) in widths.items()})
        ]


class DocumentReader(RowReader):
    """Rows that come as one document: a JSON list of objects, or a sheet of a workbook."""

    def __init__(self, mapping: Mapping, rows: list[dict[str, Any]]) -> None:
        super().__init__(mapping)
        self._rows = rows
        key_names = self._wanted[self._key_at]
        if rows and not any(name in row for row in rows for name in key_names):
            raise UnreadableRosterError(
                "No row has a value for person_key: it should be named one of "
                f"{', '.join(mapping.columns['person_key'].column)}. Has the source changed the file?"
            )

    def batches(self) -> Iterator[list[bytes]]:
        yield [json.dumps(row, sort_keys=True, default=as_text).encode() for row in self._rows]

    def cells(self, row: bytes) -> list[Cells]:
        return [self._choose(json.loads(row))]


def open_rows(mapping: Mapping, chunks: Iterable[bytes]) -> RowReader:
    """The reader for the mapping's kind of file; UnreadableRosterError where the file has no readable beginning."""
    match mapping.format.kind:
        case "csv":
            return CsvReader(mapping, chunks)
        case "ndjson":
            return NdjsonReader(mapping, chunks)
        case "fixed":
            return FixedReader(mapping, chunks)
        case "json":
            return DocumentReader(mapping, _json_rows(mapping, _whole(chunks)))
        case "xlsx":
            return DocumentReader(mapping, _sheet_rows(mapping, _whole(chunks)))


def as_text(value: Any) -> str:
    """A JSON value or a sheet's cell as the text that a CSV would have held."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return ";".join(as_text(item) for item in value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _named(value: Any, wanted: int) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadRowError("not a JSON object", [None] * wanted)
    return {str(name).strip().casefold(): item for name, item in value.items()}


def _json_rows(mapping: Mapping, document: bytes) -> list[dict[str, Any]]:
    try:
        value: Any = json.loads(document.decode(mapping.format.encoding)) if document.strip() else []
        for step in filter(None, mapping.format.path.split(".")):
            value = value[step]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UnreadableRosterError(
            "The file is not the JSON that the mapping describes: check its path and encoding, "
            "or ask for the file again."
        ) from None
    if not isinstance(value, list):
        raise UnreadableRosterError("The JSON holds no list of rows where the mapping's path says.")
    return [_named(row, 0) if isinstance(row, dict) else {} for row in value]


def _sheet_rows(mapping: Mapping, workbook: bytes) -> list[dict[str, Any]]:
    if not workbook:
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_DOCUMENT:
                raise UnreadableRosterError(
                    "The workbook unpacks to more than 256 MiB; ask the source for CSV."
                )
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook))
        rows = book.get_sheet_by_name(mapping.format.sheet or book.sheet_names[0]).to_python()
    except (zipfile.BadZipFile, python_calamine.CalamineError, IndexError):
        raise UnreadableRosterError(
            "The file is not a workbook with the sheet that the mapping names."
        ) from None
    if not rows:
        return []
    header = [str(name).strip().casefold() for name in rows[0]]
    return [dict(zip(header, row, strict=False)) for row in rows[1:] if any(cell != "" for cell in row)]


def _whole(chunks: Iterable[bytes]) -> bytes:
    parts, size = [], 0
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST_DOCUMENT:
            raise UnreadableRosterError(
                "The file is over 256 MiB, and its kind is read whole; ask for NDJSON or CSV."
            )
        parts.append(chunk)
    return b"".join(parts)


def _is_wide(encoding: str) -> bool:
    """Whether a line break is more than one byte in this encoding."""
    return "\n".encode(encoding) != b"\n"


def _as_ascii_superset(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The same text in chunks in which a line break is the byte 10; a byte order mark is taken off."""
    if _is_wide(encoding):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for chunk in chunks:
                yield decoder.decode(chunk).removeprefix("\ufeff").encode()
            yield decoder.decode(b"", final=True).encode()
        except UnicodeDecodeError:
            raise UnreadableRosterError(
                f"The file is not readable as {encoding}; check the mapping's encoding."
            ) from None
        return
    for number, chunk in enumerate(chunks):
        yield chunk.removeprefix(codecs.BOM_UTF8) if number == 0 else chunk


def _lines(chunks: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Whole lines without their ends, a chunk's worth at a time; a record whose quotes are open stays with what
    follows.
    """
    tail = b""
    for chunk in chunks:
        text = tail + chunk
        if b"\r" in text:
            held = b"\r" if text.endswith(b"\r") else b""  # its line feed may come with the next chunk
            text = text.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n") + held
        lines = text.split(b"\n")
        tail = lines.pop()
        if max(len(tail), len(lines[0]) if lines else 0) > LONGEST_LINE:
            raise UnreadableRosterError(
                "The file has a line of more than 1 MiB: it is not the roster that the mapping describes."
            )
        yield lines
    if tail.strip(b"\r"):
        yield [tail.strip(b"\r")]


def _filled(lines: list[bytes]) -> list[bytes]:
    return [line for line in lines if line and not line.isspace()]


def _whole_records(batches: Iterable[list[bytes]]) -> Iterator[list[bytes]]:
    """Lines joined where a quoted cell holds the line break (an odd number of quotes so far)."""
    open_lines: list[bytes] = []
    for lines in batches:
        if not open_lines and not any(line.count(b'"') % 2 for line in lines):
            yield lines
            continue
        records: list[bytes] = []
        for line in lines:
            odd = line.count(b'"') % 2
            if not open_lines and not odd:
                records.append(line)
                continue
            open_lines.append(line)
            if odd and len(open_lines) > 1:
                records.append(b"\n".join(open_lines))
                open_lines = []
            elif len(open_lines) == LONGEST_RECORD_LINES:
                records.extend(open_lines)
                open_lines = []
        yield records
    if open_lines:
        yield open_lines
