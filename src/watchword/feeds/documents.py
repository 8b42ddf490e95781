"""Rows that come as one document, a JSON list of objects or a sheet of a workbook, unpacked by a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from watchword.feeds import unpacking
from watchword.feeds.lines import UnreadableRosterError
from watchword.feeds.mapping import Format, Mapping
from watchword.feeds.rows import Cells, RowReader

_PIPE_BYTES = 1 << 20


class DocumentReader(RowReader):
    """Rows that come as one document: a JSON list of objects, or a sheet of a workbook."""

    def __init__(self, mapping: Mapping, chunks: Iterable[bytes]) -> None:
        super().__init__(mapping)
        self._batches = _unpacked(mapping.format, chunks)
        first = next((batch for batch in self._batches if batch), [b"[]"])
        self._first = first[1:]
        self.names = json.loads(first[0])

    def batches(self) -> Iterator[list[bytes]]:
        yield self._first
        yield from self._batches

    def cells(self, row: bytes) -> Cells:
        return self._object_cells(row.decode())

    def everything(self, row: bytes) -> dict[str, str]:
        """All that the row says, by the file's own names for it."""
        return self._object_words(row.decode())


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
