"""What kind of file this is, as far as its beginning tells: a guess for `watchword source draft`."""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from watchword.feeds import signatures
from watchword.feeds.lines import LONGEST_LINE, UnreadableRosterError
from watchword.feeds.mapping import Format

LOOKED_AT = 4 << 20
"""Bytes of the file's beginning."""

_DELIMITERS = ",;\t|^~"
_FEWEST_ALIKE = 0.8  # of the lines must have as many delimiters as most have


def sniff(head: bytes, *, is_whole: bool) -> Format:
    """The form of a file that begins so; UnreadableRosterError where it is no roster at all."""
    if not head.strip():
        raise UnreadableRosterError("The file is empty: there is nothing to draft a mapping from.")
    if signatures.is_workbook(head):
        return Format(kind="xlsx")
    other = signatures.foreign(head)
    if other is not None:
        raise UnreadableRosterError(f"The file is {other[0]}. {other[1]}.")
    encoding = _encoding(head, is_whole=is_whole)
    text = head.decode(encoding, "ignore").removeprefix("\ufeff")
    if "\x00" in text[:10_000]:
        raise UnreadableRosterError("The file is no text: ask the source for CSV.")
    cut = text.splitlines() if is_whole else text.splitlines()[:-1]
    filled = [line for line in cut[:2_000] if line.strip()]
    if text.lstrip()[:1] in ("{", "["):
        return _json(text, filled, encoding, is_whole=is_whole)
    if not filled or max(map(len, filled)) > LONGEST_LINE:
        raise UnreadableRosterError("The file does not come in lines: ask the source for CSV or NDJSON.")
    if text.lstrip().startswith("<"):
        return _xml(head, is_whole=is_whole)
    delimiter = _delimiter(filled)
    if delimiter:
        return Format(kind="csv", encoding=encoding, delimiter=delimiter)
    spans = _spans(filled)
    if len(spans) > 1:
        return Format(kind="fixed", encoding=encoding, widths=spans)
    if any(map(str.isdigit, filled[0])):
        raise UnreadableRosterError(
            "Nothing stands between the file's columns, and it has no header. If its columns are at fixed places, "
            "write `kind: fixed` and their `widths` as the source describes them (docs/reference/roster.md)."
        )
    return Format(kind="csv", encoding=encoding)


def _encoding(head: bytes, *, is_whole: bool) -> str:
    wide = signatures.wide_encoding(head[:4096])
    if wide:
        return wide
    if _reads(head, "utf-8", is_whole=is_whole):
        return "utf-8"
    return "cp1252" if _reads(head, "cp1252", is_whole=is_whole) else "latin-1"


def _reads(head: bytes, encoding: str, *, is_whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head, final=is_whole)
    except UnicodeDecodeError:
        return False
    return True


def _json(text: str, filled: list[str], encoding: str, *, is_whole: bool) -> Format:
    if len(filled) > 1 and all(isinstance(_parsed(line), dict) for line in filled[:20]):
        return Format(kind="ndjson", encoding=encoding)
    document = _parsed(text) if is_whole else None
    if document is None:
        if text.lstrip().startswith("["):
            return Format(kind="json", encoding=encoding)
        raise UnreadableRosterError(
            "The file is a JSON document that is too long, or broken: its rows' `path` cannot be found. Draft from a "
            "smaller file of the same source."
        )
    path = next(_lists(document, ()), None)
    if path is not None:
        return Format(kind="json", encoding=encoding, path=".".join(path))
    if isinstance(document, dict) and not all(isinstance(value, dict | list) for value in document.values()):
        return Format(kind="ndjson", encoding=encoding)  # one row
    raise UnreadableRosterError("The JSON document holds no list of objects, so no rows.")


def _xml(head: bytes, *, is_whole: bool) -> Format:
    """XML, its rows where the first element stands that comes again."""
    if not is_whole:
        raise UnreadableRosterError(
            "The XML is too long to find its rows' `path`: draft from a smaller file of the same source."
        )
    try:
        element = fromstring(head, forbid_dtd=True)
    except (DefusedXmlException, ParseError):
        raise UnreadableRosterError("The XML is broken, or has a DOCTYPE. Ask for it without one.") from None
    path = [element.tag.rpartition("}")[2]]
    while len(element):
        names = [inner.tag for inner in element]
        common = max(names, key=names.count)
        if len(names) > 1 and names.count(common) == 1:
            break  # an object: one row
        path.append(common.rpartition("}")[2])
        if len(names) > 1:
            break
        element = element[0]
    return Format(kind="xml", path=".".join(path))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _lists(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Where lists of objects stand in a document, the outermost first."""
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        yield path
    elif isinstance(value, dict) and len(path) < 20:
        for name, inner in value.items():
            yield from _lists(inner, (*path, name))


def _delimiter(filled: list[str]) -> str:
    """What stands equally often in most lines, quoted words apart; '' where nothing does."""
    bare = [re.sub(r'"[^"]*"', "", line) for line in filled]
    best, most = "", 0
    for delimiter in _DELIMITERS:
        counts = sorted(line.count(delimiter) for line in bare)
        usual = max(counts, key=counts.count)
        if usual > most and counts.count(usual) >= _FEWEST_ALIKE * len(counts):
            best, most = delimiter, usual
    return best


def _spans(filled: list[str]) -> dict[str, tuple[int, int]]:
    """Columns at fixed places, where places that are blank in every line stand between them."""
    width = max(map(len, filled))
    if len(filled) < 2 or width > 4_000:
        return {}
    used = [any(line[at : at + 1].strip() for line in filled) for at in range(width)]
    ends = [(is_used, len([*places])) for is_used, places in groupby(used)]
    spans: dict[str, tuple[int, int]] = {}
    at = 1
    for is_used, length in ends:
        if is_used:
            spans[f"column {len(spans) + 1}"] = (at, at + length - 1)
        at += length
    return spans


def beginning(chunks: Iterable[bytes]) -> tuple[bytes, bool]:
    """The first bytes of a file, and whether that is all of it."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) > LOOKED_AT:
            return head[:LOOKED_AT], False
    return head, True
