"""Whatever comes instead of a roster: a clear error or bad rows, never another exception, and never all the memory."""

import bz2
import gzip
import io
import json
import lzma
import subprocess
import sys
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.feeds import endless
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
CSV = b"id,name\n1,Reyes\n"

FOREIGN: dict[str, tuple[bytes, str]] = {
    "a web page": (PAGE, "a web page: .* Fetch the roster again"),
    "a picture": (PNG, "a picture. Ask the source for the data"),
    "gzip": (gzip.compress(CSV), "a gzip archive. Send it unpacked"),
    "gzip of gzip": (gzip.compress(gzip.compress(CSV)), "a gzip archive. Send it unpacked"),
    "bzip2": (bz2.compress(CSV), "a bzip2 archive. Send it unpacked"),
    "xz": (lzma.compress(CSV), "an xz archive. Send it unpacked"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF. Ask the source for the data"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900), "Save it as .xlsx or as CSV"),
    "an encrypted file": (b"-----BEGIN PGP MESSAGE-----\n\nhQEM", "encrypted .PGP.. Decrypt it"),
}


@pytest.mark.parametrize("kind", [*KINDS, *DOCUMENTS])
@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_roster_at_all_is_called_by_its_name(name: str, kind: str) -> None:
    data, why = FOREIGN[name]
    with pytest.raises(UnreadableRosterError, match=why):
        read((KINDS | DOCUMENTS)[kind], data)


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


ARCHIVE = zipped(roster=CSV)
MISTAKEN: dict[str, tuple[str, bytes, str]] = {
    "a workbook for a CSV": ("csv", workbook(["id"], [1]), "a workbook .* Say kind: xlsx in the mapping"),
    "a zip archive for a CSV": ("csv", ARCHIVE, "a zip archive. Send it unpacked"),
    "a zip archive for a workbook": ("xlsx", ARCHIVE, "it is no workbook"),
    "a CSV for a workbook": ("xlsx", CSV, "it is no workbook"),
    "a workbook that was cut": ("xlsx", workbook(["id"], [1])[:-300], "it is no workbook .*or it was cut"),
    "a sheet that is not there": ("xlsx", workbook(["id"], [1], sheet="X"), "no sheet 'Inmates'; it has 'Notes', 'X'"),
    "another delimiter": ("csv", b"id;name\n1;Reyes\n", "no column for person_key: it should be one of id"),
    "UTF-16 with a mark": ("csv", CSV.decode().encode("utf-16"), "in utf-16, and the mapping says utf-8"),
    "UTF-16 without": ("csv", CSV.decode().encode("utf-16-le"), "write `encoding: utf-16-le` there"),
    "UTF-16 for NDJSON": ("ndjson", '{"id": 1}\n'.encode("utf-16-be"), "write `encoding: utf-16-be` there"),
    "UTF-32": ("csv in latin-1", CSV.decode().encode("utf-32"), "in utf-32, and the mapping says latin-1"),
    "UTF-8 for UTF-16": ("csv in utf-16", CSV, "not readable as utf-16 somewhere after byte"),
    "UTF-16 that is cut": ("csv in utf-16", CSV.decode().encode("utf-16")[:-1], "not readable as utf-16"),
    "NUL bytes alone": ("csv", bytes(5000), "nothing but NUL bytes: it was not written to its end"),
    "NUL bytes for JSON": ("json", bytes(5000), "nothing but NUL bytes"),
    "a header of other bytes": ("csv", b"id,na\xffme\n1,Reyes\n", "The header is not readable as utf-8"),
    "a million columns": ("csv", b"id" + b"," * 1_000_000 + b"\n", "1000001 columns, .*check the mapping's delimiter"),
    "a CSV for JSON": ("json", CSV, "no JSON from line 1, column 1 on"),
    "JSON that is cut": ("json", b'{"rows": [\n{"id": 1},\n{"id": ', "it ends in the middle, in line 3"),
    "JSON with a comma too many": ("json", b'{"rows": [\n{"id": 1},]}', "no JSON from line 2, column 1[01] on"),
    "JSON without the path": ("json", b'{"other": []}', "`path: rows`, and there is no 'rows' in it"),
    "JSON whose path is no list": ("json", b'{"rows": 7}', "what stands at `path: rows` is no list"),
    "JSON that is no object": ("json", b"[[]]", "there is no 'rows' in it"),
    "JSON without end": ("json", b"[" * 100_000, "nested too deeply"),
    "JSON in another encoding": ("json", b'{"rows": "\xff"}', "not readable as utf-8 from byte 11 on"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKEN)
def test_the_message_says_what_is_wrong_where_and_what_to_do_about(name: str) -> None:
    kind, data, why = MISTAKEN[name]
    with pytest.raises(UnreadableRosterError, match=why):
        read((KINDS | DOCUMENTS)[kind], data)


def test_a_workbook_without_the_column_is_unreadable() -> None:
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
    with pytest.raises(UnreadableRosterError, match=r"256 MiB|memory to read|it cannot be read"):
        open_rows(DOCUMENTS[kind], in_chunks(make(), 1 << 20))


@pytest.fixture(scope="module")
def refusals() -> dict[str, str]:
    """What a process with little memory says of each of the endless files."""
    ended = subprocess.run([sys.executable, endless.__file__], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    said: dict[str, str] = json.loads(ended.stdout)
    return said


@pytest.mark.parametrize("name", endless.FILES)
def test_a_gigabyte_is_refused_in_little_memory(name: str, refusals: dict[str, str]) -> None:
    assert endless.FILES[name].why in refusals[name]
