"""Whatever comes instead of a roster: a clear error or bad rows, never another exception, and never all the memory."""

import io
import json
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.feeds.rosters import in_chunks, mapped, read
from tests.unit.feeds.test_formats import workbook
from watchword.feeds.formats import UnreadableRosterError, open_rows
from watchword.feeds.mapping import Mapping

COLUMNS = "{person_key: id, last_name: name, birth_date: born, booked_at: in, charges: c, status: s, age: a}"
WIDTHS = "{id: [1, 4], name: [5, 9], born: [10, 19], in: [20, 29], c: [30, 40], s: [41, 50], a: [51, 53]}"
KINDS = {
    "csv": mapped(COLUMNS),
    "csv in utf-16": mapped(COLUMNS, "{kind: csv, encoding: utf-16}"),
    "csv in latin-1": mapped(COLUMNS, "{kind: csv, encoding: latin-1}"),
    "ndjson": mapped(COLUMNS, "{kind: ndjson}"),
    "fixed": mapped(COLUMNS, f"{{kind: fixed, widths: {WIDTHS}}}"),
}
DOCUMENTS = {
    "json": mapped(COLUMNS, "{kind: json, path: rows}"),
    "xlsx": mapped(COLUMNS, "{kind: xlsx, sheet: Inmates}"),
}

PAGE = b"\n <!DOCTYPE HTML><html><head><title>502 Bad Gateway</title></head>\n<body>nginx</body></html>\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 40


@pytest.mark.parametrize("kind", ["csv", "csv in latin-1", "ndjson", "fixed"])
def test_a_web_page_is_told_as_one(kind: str) -> None:
    with pytest.raises(UnreadableRosterError, match="a web page"):
        read(KINDS[kind], PAGE)


@pytest.mark.parametrize("kind", ["csv", "csv in utf-16", "csv in latin-1"])
@pytest.mark.parametrize(
    "data", [PNG, PAGE[1:], b"id;name\n1;Reyes\n", b"\x00" * 5000], ids=["png", "page", "other", "nul"]
)
def test_what_is_no_csv_of_this_source_is_unreadable(kind: str, data: bytes) -> None:
    with pytest.raises(UnreadableRosterError):
        read(KINDS[kind], data)


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize(
    "data", [PNG, PAGE, b"{", b"[" * 100_000, b'{"rows": 7}', b'{"other": []}', b"PK\x03\x04", b'"\xff"'], ids=repr
)  # fmt: skip
def test_what_is_no_document_of_this_source_is_unreadable(kind: str, data: bytes) -> None:
    with pytest.raises(UnreadableRosterError, match="not what the mapping describes"):
        read(DOCUMENTS[kind], data)


def test_a_workbook_without_the_sheet_or_the_column_is_unreadable() -> None:
    with pytest.raises(UnreadableRosterError, match="not what the mapping describes"):
        read(DOCUMENTS["xlsx"], workbook(["id"], [1], sheet="Other"))
    with pytest.raises(UnreadableRosterError, match="no column for person_key: it should be one of id"):
        read(DOCUMENTS["xlsx"], workbook(["number"], [1]))


@pytest.mark.parametrize(
    ("form", "data"),
    [
        *((form, b"") for form in [*KINDS.values(), DOCUMENTS["xlsx"], mapped(file="{kind: json}")]),
        (KINDS["csv"], b"\n\n \n"),
        (KINDS["csv"], b"id,name\n"),
        (KINDS["csv"], b"id,name\r\n\r\n,\r\n"),
        (DOCUMENTS["json"], b'{"rows": []}'),
        (DOCUMENTS["xlsx"], workbook(["id", "name"])),
        (DOCUMENTS["xlsx"], workbook()),
    ],
    ids=lambda value: value.format.kind if isinstance(value, Mapping) else "",
)
def test_nothing_or_a_header_alone_is_a_roster_without_rows(form: Mapping, data: bytes) -> None:
    assert read(form, data) == ([], [], 0)


_lines = st.lists(st.binary(max_size=60), max_size=8).map(b"\n".join)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None)
@given(data=st.one_of(_lines, _lines.map(lambda data: b"id,name,born,in,c,s,a\n" + data)))
@example(data=b'{"id": 1, "name": {"a": [[null, {"b": NaN}]]}, "age": Infinity}')
def test_random_bytes_are_unreadable_or_come_in_rows(kind: str, data: bytes) -> None:
    try:
        rows, bad, number = read(KINDS[kind], data)
    except UnreadableRosterError:
        return
    assert len(rows) + len(bad) <= number  # a good row may stand there twice
    for row in rows:
        json.dumps(row).encode()
        assert "\x00" not in "".join(row.values())


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "c", "in"]), inner),
    max_leaves=8,
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_values, max_size=4))
def test_any_json_values_come_in_rows(values: list[object]) -> None:
    data = "\n".join(map(json.dumps, values)).encode()
    rows, bad, number = read(KINDS["ndjson"], data)
    assert len(rows) + len(bad) <= number == len(values)


def bomb(*, lies: bool) -> bytes:
    """A workbook of some hundred kilobytes whose sheet unpacks to 300 MiB."""
    source = zipfile.ZipFile(io.BytesIO(workbook(["id"], [1])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in source.infolist():
            if part.filename == "xl/worksheets/sheet2.xml":
                with packed.open(part.filename, "w", force_zip64=True) as sheet:
                    for _ in range(300):
                        sheet.write(b" " * (1 << 20))
            else:
                packed.writestr(part, source.read(part))
    data = out.getvalue()
    return data.replace((300 << 20).to_bytes(4, "little"), (9).to_bytes(4, "little")) if lies else data


def far_corner() -> bytes:
    """Two cells, at the ends of a sheet of 17 thousand million."""
    book = io.BytesIO(workbook(["id"], [1]))
    out = io.BytesIO()
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(out, "w") as packed:
        for part in source.infolist():
            data = source.read(part)
            if part.filename == "xl/worksheets/sheet2.xml":
                data = data.replace(b'r="A2"', b'r="XFD1048576"').replace(b'r="2"', b'r="1048576"')
            packed.writestr(part, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("xlsx", lambda: bomb(lies=False)),
        ("xlsx", lambda: bomb(lies=True)),
        ("xlsx", far_corner),
    ],
    ids=["a bomb", "a bomb that lies about its size", "a sheet of two far cells"],
)
def test_a_few_bytes_cannot_ask_for_gigabytes(kind: str, make: Callable[[], bytes]) -> None:
    with pytest.raises(UnreadableRosterError, match=r"256 MiB|too much memory"):
        open_rows(DOCUMENTS[kind], in_chunks(make(), 1 << 20))


MEASURE = """
    import resource, sys
    from tests.unit.feeds.rosters import mapped, read
    from watchword.feeds.formats import UnreadableRosterError
    form = mapped(file=sys.argv[1])
    read(form, b"id,name\\n1,a\\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        read(form, (b"id,name\\n" if not number else b"a" * (1 << 20) for number in range(101)))
    except UnreadableRosterError as error:
        print(error)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


@pytest.mark.parametrize(
    "file", ["{kind: csv}", "{kind: ndjson}", "{kind: fixed, widths: {id: [1, 2], name: [3, 9]}}"]
)
def test_a_line_of_100_mb_is_refused_in_little_memory(file: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MEASURE), file], capture_output=True, text=True, check=True
    )
    said, grown = ended.stdout.splitlines()
    assert "a line of more than 1 MiB" in said
    assert int(grown) < 30  # MiB
