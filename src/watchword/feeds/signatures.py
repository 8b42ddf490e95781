"""What a file is, by its first bytes: so that what is no roster at all is called by its name."""

import codecs
from collections.abc import Iterable, Iterator

from watchword.feeds.lines import UnreadableRosterError, is_wide
from watchword.feeds.mapping import Format

_BEGINS: dict[bytes, tuple[str, str]] = {
    b"\x1f\x8b": ("a gzip archive", "Send it unpacked"),
    b"BZh": ("a bzip2 archive", "Send it unpacked"),
    b"\xfd7zXZ\x00": ("an xz archive", "Send it unpacked"),
    b"\x28\xb5\x2f\xfd": ("a zstd archive", "Send it unpacked"),
    b"7z\xbc\xaf\x27\x1c": ("a 7-Zip archive", "Send it unpacked"),
    b"Rar!\x1a\x07": ("a RAR archive", "Send it unpacked"),
    b"%PDF": ("a PDF", "Ask the source for the data that it was printed from"),
    b"\x89PNG": ("a picture", "Ask the source for the data that it shows"),
    b"\xff\xd8\xff": ("a picture", "Ask the source for the data that it shows"),
    b"\xd0\xcf\x11\xe0": ("an old Excel or Word file (.xls, .doc)", "Save it as .xlsx or as CSV"),
    b"{\\rtf": ("a Word file (RTF)", "Ask the source for CSV"),
    b"SQLite format 3\x00": ("an SQLite database", "Ask the source for CSV"),
    b"PAR1": ("a Parquet file", "Ask the source for CSV"),
    b"-----BEGIN PGP": ("encrypted (PGP)", "Decrypt it before it is loaded"),
}
_WEB_PAGES = b"<!doctype html", b"<html"
_WEB_PAGE = (
    "a web page: the source's server seems to have answered with an error or a sign-in page",
    "Fetch the roster again",
)
_WIDE_MARKS = {  # the longer ones first: they begin as the others do
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_WORKBOOK = b"[Content_Types].xml", b"xl/", b"_rels/", b"docProps/"

BEGINNING = 512
"""Bytes that are looked at."""


def checked(form: Format, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same chunks; UnreadableRosterError where they begin as no file of this form does."""
    rest = iter(chunks)
    head = b""
    for chunk in rest:
        head += chunk
        if len(head) >= BEGINNING:
            break
    beginning = head[:BEGINNING]
    other = foreign(beginning, may_be_zip=form.kind == "xlsx")
    if other is not None:
        raise UnreadableRosterError(f"The file is {other[0]}. {other[1]}.")
    if form.kind not in ("xlsx", "xml"):  # XML says its encoding itself
        _check_encoding(form, beginning)
    yield head
    yield from rest


def _check_encoding(form: Format, head: bytes) -> None:
    if head and not head.strip(b"\0"):
        raise UnreadableRosterError(
            "The file begins with nothing but NUL bytes: it was not written to its end. Ask for it again."
        )
    wide = wide_encoding(head)
    if wide and not is_wide(form.encoding):
        raise UnreadableRosterError(
            f"The file is in {wide}, and the mapping says {form.encoding}: write `encoding: {wide}` there, or ask for "
            f"the file in {form.encoding}."
        )


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32, where a file begins as they do: with a mark, or with a NUL in every second byte."""
    for mark, name in _WIDE_MARKS.items():
        if head.startswith(mark):
            return name
    even, odd = head[::2], head[1::2]
    if len(head) < 8 or max(even.count(0), odd.count(0)) < 0.4 * len(even):
        return None
    if min(even.count(0), odd.count(0)) > 0.1 * len(even):
        return None  # NUL bytes all over: no text
    return "utf-16-le" if odd.count(0) > even.count(0) else "utf-16-be"


def foreign(head: bytes, *, may_be_zip: bool = False) -> tuple[str, str] | None:
    """What a file that begins so is instead of a roster, and what to do; None where it may be one."""
    for beginning, (what, then) in _BEGINS.items():
        if head.startswith(beginning):
            return what, then
    if head.startswith(_ZIP) and not may_be_zip:
        if is_workbook(head):
            return "a workbook (.xlsx)", "Say kind: xlsx in the mapping, or ask the source for CSV"
        return "a zip archive", "Send it unpacked"
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_WEB_PAGES):
        return _WEB_PAGE
    return None


def is_workbook(head: bytes) -> bool:
    """Whether a file that begins so is a zip archive as workbooks are: the name of its first part comes at byte 30."""
    return head.startswith(_ZIP) and head[30:].startswith(_WORKBOOK)
