"""A roster's rows and cells: one reader per kind of file, all of the same shape.

A reader cuts first and parses later: `batches` gives every row as bytes (cheap: what did not change is known by its
fingerprint and never parsed), `cells` parses one of them. Memory is bounded by one chunk; JSON and XLSX, which must be
read whole, are read by a process of their own (unpacking.py).
"""

import csv
import json
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

from watchword.feeds import unpacking
from watchword.feeds.lines import (
    LONGEST_RECORD_LINES,
    UnreadableRosterError,
    filled,
    is_wide,
    lines,
    records,
)
from watchword.feeds.mapping import Format, Mapping

__all__ = ["BadRowError", "Cells", "RowReader", "UnreadableRosterError", "as_text", "open_rows"]

Cells = list[str | None]

BETWEEN_ITEMS = "\x1f"
"""What stands between the items of a list that a JSON file gives as a list (ASCII's unit separator)."""

_PIPE_BYTES = 1 << 20


class BadRowError(Exception):
    """A row that cannot be cut into its cells. `cells` holds what is sure all the same, to find whose row it is."""

    def __init__(self, reason: str, cells: Cells) -> None:
        super().__init__(reason)
        self.cells = cells


class RowReader(ABC):
    """One file being read. `header` (bytes) is what gives cells their meaning, and so belongs in every fingerprint."""

    header: bytes = b""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._wanted = [
            tuple(" ".join(name.split()).casefold() for name in column.column)
            for column in mapping.columns.values()
        ]
        self._key_at = list(mapping.columns).index("person_key")

    @abstractmethod
    def batches(self) -> Iterator[list[bytes]]:
        """The rows after the header, as bytes, many at a time; UnreadableRosterError where the file ends all sense."""

    @abstractmethod
    def cells(self, row: bytes) -> Cells:
        """The row's cells, one per mapped column in the mapping's order, None for a column that the file has not.

        BadRowError if the row cannot be cut.
        """

    def _places(self, names: list[str]) -> list[int | None]:
        """Where the wanted columns stand among these; the first of two like names counts."""
        said = [" ".join(name.split()).casefold() for name in names]
        places = [
            next((said.index(name) for name in wanted if name in said), None) for wanted in self._wanted
        ]
        if places[self._key_at] is None:
            raise UnreadableRosterError(
                "The file has no column for person_key: it should be one of "
                f"{', '.join(self._mapping.columns['person_key'].column)}. "
                "Was the file cut, or has the source changed it?"
            )
        return places

    def _object_cells(self, text: str) -> Cells:
        """The wanted cells of a row that is a JSON object."""
        nothing: Cells = [None] * len(self._wanted)
        try:
            value = json.loads(text)
            if not isinstance(value, dict):
                raise BadRowError("not a JSON object", nothing)
            named = unpacking.flat(value)
        except (ValueError, RecursionError):
            raise BadRowError("not readable as JSON", nothing) from None
        found = (next((named[name] for name in names if name in named), None) for names in self._wanted)
        return [None if value is None else as_text(value) for value in found]


class _LineReader(RowReader):
    """What CSV, NDJSON and fixed width have in common: lines of text."""

    _blank = b" \t"

    def __init__(self, mapping: Mapping, chunks: Iterable[bytes]) -> None:
        super().__init__(mapping)
        self._lines = lines(chunks, mapping.format.encoding)
        self._encoding = "utf-8" if is_wide(mapping.format.encoding) else mapping.format.encoding

    def batches(self) -> Iterator[list[bytes]]:
        for batch in self._lines:
            yield filled(batch, self._blank)

    def cells(self, row: bytes) -> Cells:
        try:
            text = row.decode(self._encoding)
        except UnicodeDecodeError:
            sure = [
                None if cell and "\ufffd" in cell else cell
                for cell in self._cut(row.decode(self._encoding, "replace"))
            ]
            raise BadRowError(f"not readable as {self._encoding}", sure) from None
        return self._cut(text)

    @abstractmethod
    def _cut(self, text: str) -> Cells:
        """The cells of a row of text."""


class CsvReader(_LineReader):
    """Comma-separated values with a header; quoted cells may hold line breaks."""

    def __init__(self, mapping: Mapping, chunks: Iterable[bytes]) -> None:
        super().__init__(mapping, chunks)
        self._delimiter = mapping.format.delimiter
        self._blank = b' \t"' + self._delimiter.encode(self._encoding)
        self.header = self._take_header()
        if not self.header:
            return
        try:
            names = self._split(self.header.decode(self._encoding))
        except (UnicodeDecodeError, csv.Error):
            raise UnreadableRosterError(
                f"The header is not readable as {mapping.format.encoding}: check the mapping's encoding, "
                "or ask for the file again."
            ) from None
        self._width, self._at = len(names), self._places(names)
        self._lines = records(self._lines, self._is_record)

    def _take_header(self) -> bytes:
        """The first record; `_lines` goes on after it."""
        parts: list[bytes] = []
        for batch in self._lines:
            for place, line in enumerate(batch, 1):
                if parts or line.strip(self._blank):
                    parts.append(line)
                whole = b"\n".join(parts)
                if parts and (whole.count(b'"') % 2 == 0 or len(parts) == LONGEST_RECORD_LINES):
                    self._lines = chain([batch[place:]], self._lines)
                    return whole
        return b"\n".join(parts)

    def _cut(self, text: str) -> Cells:
        try:
            split = self._split(text)
        except csv.Error:
            raise BadRowError("not readable as CSV", [None] * len(self._at)) from None
        if len(split) == self._width:
            return [None if place is None else split[place] for place in self._at]
        sure = self._surely_in_place(len(split))
        at_hand = [None if place is None or place >= sure else split[place] for place in self._at]
        raise BadRowError(f"{len(split)} cells where the header has {self._width}", at_hand)

    def _surely_in_place(self, cells: int) -> int:
        """How many cells of a row of the wrong width stand, whole, where they belong.

        The last of a cut row may be cut itself; in a row with a delimiter too many, only the first is sure; and one
        twice as wide may be two rows, whose second person must not pass for absent.
        """
        if cells < self._width:
            return cells - 1
        return 1 if cells < 2 * self._width - 1 else 0

    def _split(self, text: str, *, strict: bool = False) -> list[str]:
        if '"' not in text and len(text) <= csv.field_size_limit():  # a tenth of the time for the same answer
            return text.split(self._delimiter)
        return next(csv.reader([text], delimiter=self._delimiter, strict=strict), [])

    def _is_record(self, parts: list[bytes]) -> bool:
        """Whether these lines are one record: as wide as the header, and with no line inside that is a row itself."""
        try:
            width = len(self._split(b"\n".join(parts).decode(self._encoding, "replace"), strict=True))
        except csv.Error:
            return False
        # Where rows are of one cell, every line could be one.
        return width == self._width and (width == 1 or not any(map(self._is_row, parts[1:-1])))

    def _is_row(self, line: bytes) -> bool:
        try:
            return len(self._split(line.decode(self._encoding, "replace"))) == self._width
        except csv.Error:
            return False


class NdjsonReader(_LineReader):
    """One JSON object a line."""

    def _cut(self, text: str) -> Cells:
        return self._object_cells(text)


class FixedReader(_LineReader):
    """Columns at fixed places of a line; no header."""

    def __init__(self, mapping: Mapping, chunks: Iterable[bytes]) -> None:
        super().__init__(mapping, chunks)
        widths = list(mapping.format.widths.values())
        places = self._places(list(mapping.format.widths))
        self._spans = [None if place is None else widths[place] for place in places]
        ends = [span[1] if span else 0 for span in self._spans]
        self._key_ends = ends[self._key_at]
        self._key_is_last = self._key_ends == max(ends)

    def _cut(self, text: str) -> Cells:
        if len(text) < self._key_ends and not self._key_is_last:
            raise BadRowError("the line ends before the person's number does", [None] * len(self._spans))
        return [None if span is None else text[span[0] - 1 : span[1]] for span in self._spans]


class DocumentReader(RowReader):
    """Rows that come as one document: a JSON list of objects, or a sheet of a workbook."""

    def __init__(self, mapping: Mapping, chunks: Iterable[bytes]) -> None:
        super().__init__(mapping)
        self._batches = _unpacked(mapping.format, chunks)
        first = next((batch for batch in self._batches if batch), [b"[]"])
        self._first = first[1:]
        names = json.loads(first[0])
        if names:
            self._places(names)

    def batches(self) -> Iterator[list[bytes]]:
        yield self._first
        yield from self._batches

    def cells(self, row: bytes) -> Cells:
        return self._object_cells(row.decode())


def open_rows(mapping: Mapping, chunks: Iterable[bytes]) -> RowReader:
    """The reader for the mapping's kind of file; UnreadableRosterError where the file has no readable beginning."""
    match mapping.format.kind:
        case "csv":
            return CsvReader(mapping, chunks)
        case "ndjson":
            return NdjsonReader(mapping, chunks)
        case "fixed":
            return FixedReader(mapping, chunks)
        case "json" | "xlsx":
            return DocumentReader(mapping, chunks)


def as_text(value: Any) -> str:
    """A JSON value as the text that a CSV would have held; the items of a list stand apart by BETWEEN_ITEMS."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case list():
            return BETWEEN_ITEMS.join(as_text(item) for item in value if item is not None)
        case _:
            return str(value)


def _unpacked(form: Format, chunks: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines that the unpacking of a document gives: its names, then its rows."""
    asked = [form.encoding, form.path] if form.kind == "json" else [form.sheet or "", ""]
    program = [sys.executable, "-I", str(Path(unpacking.__file__)), form.kind, *asked]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
    ) as child:
        try:
            if child.stdin is None or child.stdout is None:
                raise AssertionError("both are pipes")
            with (
                suppress(BrokenPipeError),
                child.stdin as pipe,
            ):  # a child that ends early says why by its status
                for chunk in chunks:
                    pipe.write(chunk)
            rows: list[bytes] = child.stdout.readlines(_PIPE_BYTES)
            while rows:
                yield [row.removesuffix(b"\n") for row in rows]
                rows = child.stdout.readlines(_PIPE_BYTES)
            status = child.wait()
        finally:
            child.kill()
    if status == unpacking.TOO_LARGE:
        raise UnreadableRosterError(
            f"The file holds more than {unpacking.LARGEST_DOCUMENT >> 20} MiB, and its kind is read whole: "
            "ask the source for NDJSON or CSV."
        )
    if status != 0:
        raise UnreadableRosterError(
            "The file is not what the mapping describes (a JSON document with its rows at `path`, or a workbook with "
            "this `sheet`), or it would take too much memory: check the mapping, or ask for the file again."
        )
