"""What a file is, by its first bytes: so that what is no roster at all is called by its name."""

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
_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_WORKBOOK = b"[Content_Types].xml", b"xl/", b"_rels/", b"docProps/"

BYTES = 512
"""Of the beginning that is looked at."""


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
