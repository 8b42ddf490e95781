"""A roster's bytes, cut into lines and records: the same ones wherever the chunks they come in end."""

import codecs
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat

from watchword.core.errors import WatchwordError

LONGEST_LINE = 1 << 20
"""Bytes; as long as a chunk. The widest real roster rows are a few kilobytes; a longer line is no roster's."""

_MUCH_TEXT, _SHORTEST_LINES = 1 << 18, 3
"""Bytes of text whose lines may not be shorter than so many bytes on average, with their ends: a gigabyte of bare line
breaks would be a milliard of lines.
"""

LONGEST_RECORD_LINES = 50
"""Lines of one quoted CSV record. A stray quote must not swallow the rest of the file."""


class UnreadableRosterError(WatchwordError):
    """The file as a whole cannot be read as its mapping says."""


def is_wide(encoding: str) -> bool:
    """Whether a line break is more than the byte 10 in this encoding; then the text is read as UTF-8 instead."""
    return "\n".encode(encoding) != b"\n"


def texts(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Whole lines, each with its line feed, a chunk's worth at a time; a byte order mark is taken off.

    Lines end with LF, CR LF or CR. UnreadableRosterError for a line longer than LONGEST_LINE, and for line breaks with
    next to nothing between them.
    """
    tail = b""
    read = 0
    for chunk in _without_mark(_as_utf8(chunks, encoding) if is_wide(encoding) else chunks):
        text = tail + chunk
        if b"\r" in text:
            held = b"\r" if text.endswith(b"\r") else b""  # its line feed may come with the next chunk
            text = text.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n") + held
        end = text.rfind(b"\n") + 1
        first, tail = text.find(b"\n"), text[end:]
        if max(first, len(tail)) > LONGEST_LINE:
            at = read if first > LONGEST_LINE else read + end
            raise UnreadableRosterError(
                f"The line at byte {at + 1:,} of the file is longer than 1 MiB: it is not the roster that the mapping "
                "describes, or its line breaks were lost. Ask for the file again."
            )
        is_short = (
            first < _SHORTEST_LINES
        )  # the first line is; nearly never, so that the others are seldom counted
        if is_short and len(text) >= _MUCH_TEXT and text.count(b"\n") * _SHORTEST_LINES > len(text):
            raise UnreadableRosterError(
                f"From byte {read + 1:,} on, the file is little more than line breaks: it is not the roster that the "
                "mapping describes. Ask for the file again."
            )
        read += end
        if end:
            yield text[:end]
    if tail.strip(b"\r"):
        yield tail.strip(b"\r") + b"\n"


def lines(text: bytes) -> list[bytes]:
    """The lines of a text, without their ends."""
    cut = text.split(b"\n")
    cut.pop()
    return cut


def filled(cut: list[bytes], blank: bytes) -> list[bytes]:
    """The lines that hold more than these bytes: spreadsheets end in rows of bare delimiters."""
    if all(map(bytes.strip, cut, repeat(blank))):  # half the time of looking at each, and nearly always true
        return cut
    return [line for line in cut if line.strip(blank)]


def records(
    cut: list[bytes], is_record: Callable[[list[bytes]], bool], *, at_end: bool = False
) -> tuple[list[bytes], list[bytes]]:
    """Lines joined where a quoted cell holds the line break, and those from an open quote on that has not ended yet.

    A line with an odd number of quotes opens one, the next such line ends it; `is_record` says whether the lines are
    one record in truth. Where they are not, a stray quote stood in the first, and each is a row by itself.
    """
    odd = [count & 1 for count in map(bytes.count, cut, repeat(b'"'))]
    joined: list[bytes] = []
    at = 0
    while at < len(cut):
        if odd[at]:
            limit = min(at + LONGEST_RECORD_LINES, len(cut))
            end = next((place for place in range(at + 1, limit) if odd[place]), None)
            if end is None and limit == len(cut) and not at_end:
                return joined, cut[at:]
            if end is not None and is_record(cut[at : end + 1]):
                joined.append(b"\n".join(cut[at : end + 1]))
                at = end + 1
                continue
        joined.append(cut[at])
        at += 1
    return joined, []


def have_open_quotes(batch: list[bytes]) -> bool:
    """Whether a quote opens in one of these lines that does not end in it."""
    if b'"' not in b"".join(batch):  # a quarter of the time of counting in each
        return False
    return any(count & 1 for count in map(bytes.count, batch, repeat(b'"')))


def _as_utf8(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    read = 0
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
            read += len(chunk)
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError:
        raise UnreadableRosterError(
            f"The file is not readable as {encoding} somewhere after byte {read}: check the mapping's encoding, or ask "
            "for the file again."
        ) from None


def _without_mark(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks without a byte order mark."""
    rest = iter(chunks)
    head = b""
    for chunk in rest:
        head += chunk
        if len(head) >= len(codecs.BOM_UTF8):
            break
    yield head.removeprefix(codecs.BOM_UTF8)
    yield from rest
