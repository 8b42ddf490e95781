"""Files of every kind come apart into rows and cells; what is broken in one row is broken in that row only."""

import io
import json
from datetime import date, datetime, time
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.feeds.rosters import in_chunks, mapped, people, read
from watchword.feeds.lines import LONGEST_RECORD_LINES
from watchword.feeds.mapping import Mapping
from watchword.feeds.unpacking import flat

BOM = "\ufeff"
TWO = [("1", "Reyes"), ("2", "Okafor")]

CSV_FILES: dict[str, tuple[str, bytes]] = {
    "lines that end with LF": ("", b"id,name\n1,Reyes\n2,Okafor\n"),
    "lines that end with CR LF": ("", b"id,name\r\n1,Reyes\r\n2,Okafor\r\n"),
    "lines that end with a bare CR": ("", b"id,name\r1,Reyes\r2,Okafor\r"),
    "no end of the last line": ("", b"id,name\n1,Reyes\n2,Okafor"),
    "a byte order mark": ("", f"{BOM}id,name\n1,Reyes\n2,Okafor\n".encode()),
    "a byte order mark before quotes": ("", f'{BOM}"id","name"\n1,Reyes\n2,Okafor\n'.encode()),
    "quotes around everything": ("", b'"id","name"\n"1","Reyes"\n"2","Okafor"\n'),
    "blank lines": ("", b"\n\nid,name\n\n1,Reyes\n   \n2,Okafor\n\n\n"),
    "rows of bare delimiters, as spreadsheets leave them": ("", b'id,name\n1,Reyes\n,\n" ",\n2,Okafor\n,\n'),
    "padded cells and header": ("", b" ID , Name \n 1 , Reyes \n2  ,Okafor\n"),
    "other columns in any order": ("", b"x,name,y,id\n9,Reyes,9,1\n9,Okafor,9,2\n"),
    "a header said twice: the first counts": ("", b"id,name,name,id\n1,Reyes,x,9\n2,Okafor,x,8\n"),
    "a header with a line break": ("", b'id,"na\nme"\n1,Reyes\n2,Okafor\n'.replace(b"na\nme", b"\nname\n")),
    "semicolons": (", delimiter: ';'", b"id;name\n1;Reyes\n2;Okafor\n"),
    "tabs": (', delimiter: "\\t"', b"id\tname\n1\tReyes\n\t\n2\tOkafor\n"),
    "bars": (", delimiter: '|'", b"id|name\n1|Reyes\n2|Okafor\n"),
    "UTF-16 with its mark": (", encoding: utf-16", "id,name\r\n1,Reyes\r\n2,Okafor\r\n".encode("utf-16")),
    "UTF-16 with bytes that look like line breaks": (
        ", encoding: utf-16-le",
        f"{BOM}id,name,\u0a0a\u0d0d\n1,Reyes,\u0a22\n2,Okafor,\n".encode("utf-16-le"),
    ),
}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1 << 20], ids="in chunks of {}".format)
@pytest.mark.parametrize("name", CSV_FILES)
def test_the_same_two_people_come_out_of(name: str, size: int) -> None:
    options, data = CSV_FILES[name]
    assert people(mapped(file=f"{{kind: csv{options}}}"), in_chunks(data, size)) == TWO


@pytest.mark.parametrize(
    "encoding", ["utf-8", "cp1252", "latin-1", "utf-16", "utf-16-be", "utf-32", "mac-roman"]
)
def test_accents_are_read_in(encoding: str) -> None:
    data = "id,name\n1,Muñoz\n2,Lefèvre\n".encode(encoding)
    form = mapped(file=f"{{kind: csv, encoding: {encoding}}}")
    assert people(form, data) == [("1", "Muñoz"), ("2", "Lefèvre")]


QUOTED: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "a delimiter in quotes": ('1,"Reyes, Jr"\n', [("1", "Reyes, Jr")]),
    "doubled quotes": ('1,"Al ""Ace"" Reyes"\n', [("1", 'Al "Ace" Reyes')]),
    "a line break in quotes": ('1,"Reyes\nJr"\n2,Okafor\n', [("1", "Reyes Jr"), ("2", "Okafor")]),
    "blank lines in quotes": ('1,"Reyes\n\n\nJr"\n2,Okafor\n', [("1", "Reyes Jr"), ("2", "Okafor")]),
    "doubled quotes beside a line break": ('1,"a""\n""b"\n2,c\n', [("1", 'a" "b'), ("2", "c")]),
    "a quote inside a bare cell": ('1,5" tall\n2,Okafor\n', [("1", '5" tall'), ("2", "Okafor")]),
    "two such rows apart": (
        '1,5" a\n2,b\n3,6" c\n4,d\n',
        [("1", '5" a'), ("2", "b"), ("3", '6" c'), ("4", "d")],
    ),
    "such a row before a cell with a line break": (
        '1,5" a\n2,b\n3,"c\nd"\n4,e\n',
        [("1", '5" a'), ("2", "b"), ("3", "c d"), ("4", "e")],
    ),
    "such a row at the end": ('1,a\n2,5" b', [("1", "a"), ("2", '5" b')]),
    "an opened cell that never closes": (
        '1,"Reyes\n' + "".join(f"{n},x\n" for n in range(2, 90)),
        [("1", "Reyes"), *((str(n), "x") for n in range(2, 90))],
    ),
    "two cells opened and never closed do not swallow whom they stand around": (
        '1,"Reyes\n2,Okafor\n3,Abadi"\n4,Lund\n',
        [("1", "Reyes"), ("2", "Okafor"), ("3", 'Abadi"'), ("4", "Lund")],
    ),
}


@pytest.mark.parametrize("size", [1, 5, 1 << 20], ids="in chunks of {}".format)
@pytest.mark.parametrize("name", QUOTED)
def test_quotes_are_read(name: str, size: int) -> None:
    text, expected = QUOTED[name]
    assert people(mapped(), in_chunks(f"id,name\n{text}".encode(), size)) == expected


def test_a_quoted_cell_may_have_many_lines_but_not_any_number() -> None:
    most = "\n".join(["x"] * (LONGEST_RECORD_LINES - 1))
    assert people(mapped(), f'id,name\n1,"{most}\n"\n'.encode()) == [("1", " ".join(most.split()))]
    _, bad, rows = read(mapped(), f'id,name\n1,"{most}\nx\n"\n2,b\n'.encode())
    assert (rows, len(bad)) == (LONGEST_RECORD_LINES + 1, LONGEST_RECORD_LINES - 1)  # two of them are whole


WIDE = mapped("{person_key: id, last_name: name, facility: where}")

BAD_ROWS: dict[str, tuple[bytes, str | None, str]] = {
    # the row, the person it is surely about, and the reason
    "cut after the key": (b"77,Rey", "77", "2 cells where the header has 3"),
    "cut in the key: nobody's, for it may be another's": (b"7", None, "1 cells where the header has 3"),
    "with a delimiter too many": (b"77,Reyes,Jr,North", "77", "4 cells where the header has 3"),
    "two rows on one line: nobody's, for the second person must not pass for absent": (
        b"77,Reyes,North78,Okafor,South",
        None,
        "5 cells where the header has 3",
    ),
    "not UTF-8": (b"77,Mu\xf1oz,North", "77", "not readable as utf-8"),
    "not UTF-8 in the key": (b"7\xff7,Munoz,North", None, "not readable as utf-8"),
    "a key of nothing": (b",Reyes,North", None, "the person's number is missing"),
    "a key of control characters": (b"\x00\x01 \x02,Reyes,North", None, "the person's number is missing"),
    "a cell that is a book": (b"77," + b"a" * 200_000 + b",North", None, "not readable as CSV"),
    "a cell that is a page": (b"77," + b"a" * 30_000 + b",North", "77", "longer than 20000 characters"),
    "a footer": (b"End of report", None, "1 cells where the header has 3"),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_only_this_row_is_bad(name: str) -> None:
    row, key, reason = BAD_ROWS[name]
    rows, bad, number = read(WIDE, b"id,name,where\n1,a,b\n" + row + b"\n2,c,d\n")
    assert [one["person_key"] for one in rows] == ["1", "2"]
    assert [(one.number, one.person_key, one.reason) for one in bad] == [(2, key, reason)]
    assert number == 3


def test_bad_rows_of_the_same_words_each_count() -> None:
    _, bad, rows = read(WIDE, b"id,name,where\n" + b"oops\n" * 5)
    assert (len(bad), rows) == (5, 5)


def test_nul_bytes_are_left_out() -> None:
    assert people(mapped(), b"id,name\n1\x00,Re\x00yes\n2,Okafor\n") == TWO


NDJSON = {
    "objects": b'{"id": "1", "name": "Reyes"}\n{"name": "Okafor", "id": "2"}\n',
    "numbers as keys": b'{"id": 1, "name": "Reyes"}\r\n\r\n{"id": 2.0, "name": "Okafor"}',
    "names in any case": b'{"ID": "1", " Name": "Reyes"}\n{"Id": "2", "NAME": "Okafor"}\n',
}


@pytest.mark.parametrize("name", NDJSON)
def test_ndjson_is_read_with(name: str) -> None:
    assert people(mapped(file="{kind: ndjson}"), NDJSON[name]) == TWO


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"[1]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'{"id": "7"', "not readable as JSON"),
        (b'{"id": ' + b"7" * 5000 + b"}", "not readable as JSON"),
        (b"[" * 100_000, "not readable as JSON"),
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "not readable as JSON"),
        (b'{"id": null}', "the person's number is missing"),
        (b'{"name": "x"}', "the person's number is missing"),
        (b'{"id": {"a": 1}}', "the person's number is missing"),
    ],
    ids=lambda value: value[:20].decode() if isinstance(value, bytes) else "",
)
def test_an_ndjson_line_that_is_no_row_is_bad_alone(line: bytes, reason: str) -> None:
    rows, bad, _ = read(mapped(file="{kind: ndjson}"), b'{"id": 1}\n' + line + b'\n{"id": 2}\n')
    assert [row["person_key"] for row in rows] == ["1", "2"]
    assert [(one.number, one.reason) for one in bad] == [(2, reason)]


def test_half_a_character_does_not_reach_the_database() -> None:
    rows, bad, _ = read(mapped(file="{kind: ndjson}"), b'{"id": 1, "name": "a\\ud800b"}')
    assert (rows[0]["last_name"], bad) == ("a\ufffdb", [])


JSON_ROWS: dict[str, tuple[str, Any]] = {
    "a list": ("", [{"id": 1, "name": "Reyes"}, {"id": 2, "name": "Okafor"}]),
    "a list inside": (
        ", path: data.inmates",
        {"data": {"inmates": [{"id": 1, "name": "Reyes"}, {"id": 2, "name": "Okafor"}]}},
    ),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", JSON_ROWS)
def test_json_is_read_as(name: str, encoding: str) -> None:
    path, document = JSON_ROWS[name]
    read_as = "utf-8" if encoding == "utf-8-sig" else encoding  # a byte order mark is no matter
    form = mapped(file=f"{{kind: json, encoding: {read_as}{path}}}")
    assert people(form, json.dumps(document).encode(encoding)) == TWO


def test_nested_values_have_dotted_names() -> None:
    form = mapped(
        "{person_key: person.id, last_name: person.name.last, charges: charges.text, facility: housing}",
        "{kind: json}",
    )
    row = {
        "person": {"id": 20251296.0, "name": {"last": "Reyes"}},
        "charges": [{"text": "THEFT; PETTY", "count": 1}, {"text": "ASSAULT"}, {"count": 2}],
        "housing": {"block": "B"},
    }
    assert read(form, json.dumps([row]).encode())[0] == [
        {
            "person_key": "20251296",
            "last_name": "Reyes",
            "charges": '{"ASSAULT","THEFT; PETTY"}',
            "status": "in_custody",
        }
    ]


def test_of_two_like_names_the_first_counts() -> None:
    assert flat({"A": 1, "a ": 2, "b": {"c": 3}, "b.c": 4}) == {"a": 1, "b.c": 3}


def test_what_is_no_object_in_a_json_list_is_a_bad_row() -> None:
    rows, bad, number = read(mapped(file="{kind: json}"), b'[{"id": 1}, 7, null, [], {"id": 2}]')
    assert ([row["person_key"] for row in rows], len(bad), number) == (["1", "2"], 3, 5)


FIXED = mapped(
    "{person_key: id, last_name: name, facility: where}",
    "{kind: fixed, encoding: cp1252, widths: {id: [1, 4], name: [5, 12], where: [15, 19]}}",
)


def test_fixed_width_is_cut_by_characters() -> None:
    data = "   1Muñoz   xxNorth\r\n   2Okafor\r\n\r\n".encode("cp1252")
    rows, bad, _ = read(FIXED, data)
    assert [(row["person_key"], row["last_name"], row.get("facility")) for row in rows] == [
        ("1", "Muñoz", "North"),
        ("2", "Okafor", None),  # sources cut the spaces at the end
    ]
    assert bad == []


def test_a_fixed_line_cut_in_the_key_is_bad() -> None:
    rows, bad, _ = read(FIXED, b"   1Reyes\n  2")
    assert ([row["person_key"] for row in rows], [one.person_key for one in bad]) == (["1"], [None])


def workbook(*rows: list[Any], sheet: str = "Inmates") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_gives_the_words_that_a_csv_would_have() -> None:
    form = mapped(
        "{person_key: Inmate No, last_name: name, age: age, sealed: sealed, facility: where,"
        " booked_at: {column: booked, formats: ['%m/%d/%Y']}, birth_date: {column: born, formats: ['%m/%d/%y']}}",
        "{kind: xlsx, sheet: Inmates}",
    )
    data = workbook(
        ["Inmate  No", "name", "age", "sealed", "booked", "born", "where", "name"],
        [20251296.0, "Muñoz", 31, True, datetime.fromisoformat("2026-03-01T14:30"), date(1990, 2, 3), 7, "x"],
        [],
        [20251297, "Okafor", 31.0, False, "03/01/2026", "02/03/90", 7.5, "x"],
        [None, None, None, None, None, None, None, None],
    )
    rows, bad, number = read(form, data)
    assert bad == []
    assert number == 2
    same = {"age": "31", "status": "in_custody", "birth_date": "1990-02-03"}
    assert rows == [
        same
        | {"person_key": "20251296", "last_name": "Muñoz", "sealed": "t", "facility": "7"}
        | {"booked_at": "2026-03-01T19:30:00+00:00"},
        same
        | {"person_key": "20251297", "last_name": "Okafor", "sealed": "f", "facility": "7.5"}
        | {"booked_at": "2026-03-01T05:00:00+00:00"},
    ]


def test_the_first_sheet_is_read_where_none_is_named() -> None:
    book = openpyxl.Workbook()
    for row in (["id", "name"], [1, "Reyes"], [2, time(9, 30)]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    assert people(mapped(file="{kind: xlsx}"), out.getvalue()) == [("1", "Reyes"), ("2", "09:30:00")]


_cells = st.text(st.sampled_from('ab1 ,"\n\r;\t\x00é€\ufeff'), max_size=6)
_files = st.lists(st.lists(_cells, min_size=1, max_size=4), max_size=6).map(
    lambda rows: "\n".join(",".join(row) for row in rows)
)


@given(text=_files, header=st.sampled_from(["id,name", '"id","na""me",id', "id"]), data=st.data())
def test_chunks_may_end_anywhere(text: str, header: str, data: st.DataObject) -> None:
    raw = f"{header}\n{text}".encode()
    ends = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=6)))
    chunks = [raw[start:end] for start, end in zip([0, *ends], [*ends, len(raw)], strict=True)]
    form = mapped("{person_key: id}")
    assert everything(form, chunks) == everything(form, [raw])


def everything(form: Mapping, chunks: list[bytes]) -> tuple[Any, ...]:
    rows, bad, number = read(form, chunks)
    return rows, [(one.number, one.person_key, one.reason, one.fingerprint) for one in bad], number
