"""A roster's rows and cells: one reader per kind of file, all of the same shape.

A reader cuts first and parses later: `batches` gives every row as bytes (cheap: what did not change is known by its
fingerprint and never parsed), `cells` parses one of them. Memory is bounded by one chunk; JSON, XML and XLSX, which
must be read whole, are read by a process of their own (unpacking.py).
"""

import csv
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from itertools import chain, repeat

from watchword.feeds import signatures
from watchword.feeds.documents import DocumentReader
from watchword.feeds.lines import (
    LONGEST_RECORD_LINES,
    UnreadableRosterError,
    filled,
    have_open_quotes,
    is_wide,
    lines,
    records,
    texts,
)
from watchword.feeds.mapping import Mapping
from watchword.feeds.rows import BadRowError, Batch, Cells, PassOver, RowReader, nothing

__all__ = ["BadRowError", "Cells", "RowReader", "UnreadableRosterError", "open_rows", "reader_of"]

MOST_COLUMNS = 4_096
"""Of a file. The widest real rosters have a few hundred."""


class _LineReader(RowReader):
    """What CSV, NDJSON and fixed width have in common: lines of text."""

    _blank = b" \t"

    def __init__(self, mapping: Mapping, chunks: Iterable[bytes]) -> None:
        super().__init__(mapping)
        self._texts = texts(chunks, mapping.format.encoding)
        self._encoding = "utf-8" if is_wide(mapping.format.encoding) else mapping.format.encoding

    def batches(self, pass_over: PassOver = nothing) -> Iterator[Batch]:
        for batch, _, _ in self._passed_over(pass_over):
            yield batch

    def _passed_over(self, pass_over: PassOver) -> Iterator[tuple[Batch, bytes, int]]:
        """What is to be looked at, of which text, and how far into it."""
        rest = b""
        for text in chain(self._texts, repeat(b"")):  # at last what is left
            rest += text
            if not rest:
                return
            batch, end = pass_over(rest, self._rows_in)
            yield batch, rest, end
            rest = rest[end:]

    def _rows_in(self, text: bytes) -> list[bytes]:
        return filled(lines(text), self._blank)

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

    def everything(self, row: bytes) -> dict[str, str]:
        """All that the row says, by the file's own names for it."""
        return self._words(row.decode(self._encoding, "replace"))

    @abstractmethod
    def _cut(self, text: str) -> Cells:
        """The cells of a row of text."""

    @abstractmethod
    def _words(self, text: str) -> dict[str, str]:
        """All that a row of text says."""


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
        if len(names) > MOST_COLUMNS:
            raise UnreadableRosterError(
                f"The header has {len(names)} columns, and no roster has more than {MOST_COLUMNS}: check the mapping's "
                "delimiter, or ask for the file again."
            )
        self.names = names
        self._width, self._at = len(names), self._places(names)

    def batches(self, pass_over: PassOver = nothing) -> Iterator[Batch]:
        waiting: list[bytes] = []
        for batch, text, end in self._passed_over(pass_over):
            if waiting or have_open_quotes(batch.rows):  # which may reach into what was passed over
                rows, waiting = records(waiting + lines(text[:end]), self._is_record)
                yield Batch.of(filled(rows, self._blank))
            else:
                yield batch
        if waiting:
            yield Batch.of(filled(records(waiting, self._is_record, at_end=True)[0], self._blank))

    def _rows_in(self, text: bytes) -> list[bytes]:
        """Its lines as they are, where a quote opens in one: another that seems blank may end it."""
        cut = lines(text)
        return cut if b'"' in text and have_open_quotes(cut) else filled(cut, self._blank)

    def _take_header(self) -> bytes:
        """The first record; `_texts` goes on after it."""
        parts: list[bytes] = []
        for text in self._texts:
            end = 0
            for line in lines(text):
                end += len(line) + 1
                if parts or line.strip(self._blank):
                    parts.append(line)
                whole = b"\n".join(parts)
                if parts and (whole.count(b'"') % 2 == 0 or len(parts) == LONGEST_RECORD_LINES):
                    self._texts = chain([text[end:]] if text[end:] else [], self._texts)
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

    def _words(self, text: str) -> dict[str, str]:
        try:
            return dict(reversed([*zip(self.names, self._split(text), strict=False)]))
        except csv.Error:
            return {}

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

    def _words(self, text: str) -> dict[str, str]:
        return self._object_words(text)


class FixedReader(_LineReader):
    """Columns at fixed places of a line; no header."""

    def __init__(self, mapping: Mapping, chunks: Iterable[bytes]) -> None:
        super().__init__(mapping, chunks)
        widths = list(mapping.format.widths.values())
        self.names = list(mapping.format.widths)
        places = self._places(self.names)
        self._spans = [None if place is None else widths[place] for place in places]
        ends = [span[1] if span else 0 for span in self._spans]
        self._key_ends = ends[self._key_at]
        self._key_is_last = self._key_ends == max(ends)

    def _cut(self, text: str) -> Cells:
        if len(text) < self._key_ends and not self._key_is_last:
            raise BadRowError("the line ends before the person's number does", [None] * len(self._spans))
        return [None if span is None else text[span[0] - 1 : span[1]] for span in self._spans]

    def _words(self, text: str) -> dict[str, str]:
        return {name: text[first - 1 : last] for name, (first, last) in self._mapping.format.widths.items()}


def open_rows(mapping: Mapping, chunks: Iterable[bytes]) -> RowReader:
    """The reader for the mapping's kind of file; UnreadableRosterError where the file has no readable beginning, or no
    column for the person's number.
    """
    rows = reader_of(mapping, chunks)
    rows.check()
    return rows


def reader_of(mapping: Mapping, chunks: Iterable[bytes]) -> RowReader:
    """The reader for the mapping's kind of file, whatever columns the file has."""
    chunks = signatures.checked(mapping.format, chunks)
    match mapping.format.kind:
        case "csv":
            return CsvReader(mapping, chunks)
        case "ndjson":
            return NdjsonReader(mapping, chunks)
        case "fixed":
            return FixedReader(mapping, chunks)
        case "json" | "xlsx" | "xml":
            return DocumentReader(mapping, chunks)
