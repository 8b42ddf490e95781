"""Rows that come as one document (JSON, XML, a sheet of a workbook), unpacked by a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from watchword.feeds import unpacking
from watchword.feeds.lines import UnreadableRosterError
from watchword.feeds.mapping import Format, Mapping
from watchword.feeds.rows import Batch, Cells, PassOver, RowReader, nothing

_PIPE_BYTES = 1 << 20
_LONGEST_REASON = 2_000


class DocumentReader(RowReader):
    """Rows that come as one document: a JSON list of objects, elements of XML, or a sheet of a workbook."""

    def __init__(self, mapping: Mapping, chunks: Iterable[bytes]) -> None:
        super().__init__(mapping)
        self._batches = _unpacked(mapping.format, chunks)
        first = next((batch for batch in self._batches if batch), [b"[]"])
        self._first = first[1:]
        self.names = json.loads(first[0])

    def batches(self, pass_over: PassOver = nothing) -> Iterator[Batch]:
        yield from map(Batch.of, chain([self._first], self._batches))

    def cells(self, row: bytes) -> Cells:
        return self._object_cells(row.decode())

    def everything(self, row: bytes) -> dict[str, str]:
        """All that the row says, by the file's own names for it."""
        return self._object_words(row.decode())


def _unpacked(form: Format, chunks: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines that the unpacking of a document gives: its names, then its rows."""
    asked = [form.sheet or "", ""] if form.kind == "xlsx" else [form.encoding, form.path]
    program = [sys.executable, "-I", str(Path(unpacking.__file__)), form.kind, *asked]
    pipe = subprocess.PIPE
    with subprocess.Popen(program, stdin=pipe, stdout=pipe, stderr=pipe, env={}) as child:
        try:
            if child.stdin is None or child.stdout is None or child.stderr is None:
                raise AssertionError("all are pipes")
            # A child that ends early says why by its status.
            with suppress(BrokenPipeError), child.stdin as document:
                for chunk in chunks:
                    document.write(chunk)
            rows: list[bytes] = child.stdout.readlines(_PIPE_BYTES)
            while rows:
                yield [row.removesuffix(b"\n") for row in rows]
                rows = child.stdout.readlines(_PIPE_BYTES)
            why = child.stderr.read(_LONGEST_REASON).decode(errors="replace")
            status = child.wait()
        finally:
            child.kill()
    if status:
        raise UnreadableRosterError(_reason(form, status, why))


def _reason(form: Format, status: int, why: str) -> str:
    """Why the unpacking gave up, and what to do."""
    if status == unpacking.TOO_LARGE:
        return (
            f"The file holds more than {unpacking.LARGEST_DOCUMENT >> 20} MiB, and its kind is read whole: "
            "ask the source for NDJSON or CSV."
        )
    if status != unpacking.REFUSED:  # a signal: it was too slow, or the machine ran out of memory
        why = f"it takes more than {unpacking.MOST_SECONDS} seconds or too much memory to read"
    return (
        f"The file is not the {form.kind} that the mapping describes: {why}. Check the mapping's `format`, or ask for "
        "the file again."
    )
