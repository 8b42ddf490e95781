"""What a mapping makes of a file is shown before anything is saved, and a mapping can be drafted from a file alone."""

import json
import tarfile
from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.unit.feeds.rosters import RECEIVED, in_chunks, mapped
from tests.unit.feeds.test_formats import workbook
from watchword.feeds import mapping
from watchword.feeds.drafting import draft
from watchword.feeds.formats import UnreadableRosterError
from watchword.feeds.guessing import guess
from watchword.feeds.trial import Trial
from watchword.feeds.trying import try_mapping

SPECTRUM = sorted((SHARED / "data/torture/csv-spectrum/csvs").glob("*.csv"))

HEADER = "Inmate No;Booking No;Surname;First Name;DOB;Jail;Status;Booked;Exp Release;Charges;Held Back;Race\n"
ROWS = (
    "20417;B-1;Reyes;Ana;02/23/1990;N1;IN;03/01/2026 14:30;09/01/2026;ASSAULT 2ND|THEFT;N;W\n"
    "20418;B-7;Okafor;Ben;11/30/1988;S1;OUT;02/11/2026 09:05;TBD;THEFT;P;B\n"
    "20419;B-8;Muñoz;Eva;07/14/1975;S1;WKR;02/19/2026 22:10;TBD;FRAUD;N;W\n"
)
MAPPED = mapped(
    "{person_key: Inmate No, last_name: Surname, facility: Jail, status: Status, age: Age,"
    " booked_at: {column: Booked, formats: ['%m/%d/%Y %H:%M']}}",
    "{kind: csv, delimiter: ';'}",
    "values: {status: {IN: in_custody, OUT: released}}\n",
)


def tried(data: bytes, form: mapping.Mapping = MAPPED, people: int = 0) -> Trial:
    return try_mapping(form, lambda: in_chunks(data, 1 << 20), RECEIVED, people=people)


def drafted(data: bytes) -> str:
    return draft(lambda: in_chunks(data, 1000))


def test_a_trial_says_what_would_come_of_the_file() -> None:
    trial = tried((HEADER + ROWS).encode())
    assert trial.is_usable
    assert trial.verdict == "It can be used; of 3 rows, 1 would go to quarantine."
    assert (trial.rows, trial.readable, trial.bad, trial.people, trial.in_custody) == (3, 2, 1, 2, 1)
    assert [(row.number, row.column, row.person_key) for row in trial.bad_rows] == [(3, "Status", "20419")]
    columns = {column.field: column for column in trial.columns}
    assert columns["status"].without_meaning == {"WKR": 1}
    assert columns["status"].words == {"in_custody": 1, "released": 1}
    assert columns["facility"].words == {"N1": 1, "S1": 1}
    assert columns["booked_at"].looks_like == "date and time, %m/%d/%Y %H:%M"
    assert columns["booked_at"].greatest == "2026-03-01T19:30:00+00:00"
    assert columns["age"].column == ""
    assert "age: the file has no column Age." in trial.notes
    unread = ["Booking No", "First Name", "DOB", "Exp Release", "Charges", "Held Back", "Race"]
    assert [one.column for one in trial.unmapped] == unread


def test_nobody_is_named_unless_it_is_asked_for() -> None:
    data = (HEADER + ROWS).encode()
    assert "Okafor" not in str(tried(data))
    assert [one["last_name"] for one in tried(data, people=1).first_people] == ["Reyes"]


NOTES: dict[str, tuple[str, str, str]] = {
    "a column that says nothing": ("id,name\n1,\n2,\n", "", "last_name: no row says anything in name"),
    "a header that says a name twice": ("id,name,name\n1,a,b\n", "", "says 'name' more than once"),
    "a person on two rows": ("id,name\n1,a\n1,b\n", "", "1 row more of somebody who stands there already"),
    "a future birthday": ("id,born\n1,2027-01-01\n", ", birth_date: born", "the latest lies in the future"),
    "nobody in custody": ("id,out\n1,2026-01-01\n", ", released_at: out", "Nobody in it is in custody"),
}


@pytest.mark.parametrize("name", NOTES)
def test_a_trial_points_out(name: str) -> None:
    text, columns, note = NOTES[name]
    trial = tried(text.encode(), mapped(f"{{person_key: id, last_name: name{columns}}}"))
    assert any(note in one for one in trial.notes), trial.notes


UNUSABLE: dict[str, tuple[bytes, str]] = {
    "no rows": (b"id,name\n", "It has no rows"),
    "no readable row": (b"id,name\n1\n2\n", "None of its rows can be read"),
    "too many bad rows": (b"id,name\n1,a\n2\n3\n", "2 of 3 rows cannot be read"),
    "another header": (b"number,name\n1,a\n", "no column for person_key"),
    "a web page": (b"<!doctype html><p>Sign in", "a web page"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_trial_refuses(name: str) -> None:
    data, why = UNUSABLE[name]
    trial = tried(data, mapped())
    assert not trial.is_usable
    assert why in trial.verdict


def test_a_draft_proposes_a_field_for_each_column_that_has_one() -> None:
    proposed = mapping.load(drafted((HEADER.replace("Held Back", "Protected") + ROWS).encode()))
    assert proposed.format.delimiter == ";"
    assert {name: column.column[0] for name, column in proposed.columns.items()} == {
        "person_key": "Inmate No",
        "booking_key": "Booking No",
        "last_name": "Surname",
        "first_name": "First Name",
        "birth_date": "DOB",
        "facility": "Jail",
        "status": "Status",
        "booked_at": "Booked",
        "expected_release_on": "Exp Release",
        "charges": "Charges",
        "protected": "Protected",
    }
    assert proposed.columns["birth_date"].formats == ("%m/%d/%Y",)
    assert proposed.columns["booked_at"].formats == ("%m/%d/%Y %H:%M",)
    assert proposed.columns["expected_release_on"].unset == ("", "TBD")
    assert proposed.columns["charges"].separator == "|"
    assert (proposed.columns["protected"].yes, proposed.columns["protected"].no) == (("P",), ("", "N"))
    assert proposed.values == {"status": {"IN": "in_custody", "OUT": "released"}}


def test_a_draft_leaves_unread_what_is_never_needed_and_asks_about_the_words_it_does_not_know() -> None:
    text = drafted((HEADER + ROWS).encode())
    assert "# Never needed, so better left unread: Race" in text
    assert "#   Held Back (text)" in text
    assert "# WKR: CHANGE" in text


FILES: dict[str, bytes] = {
    "semicolons, UTF-8": (HEADER + ROWS).encode(),
    "with a byte order mark": ("\ufeff" + HEADER + ROWS).encode(),
    "cp1252": (HEADER + ROWS).encode("cp1252"),
    "UTF-16 with its mark": (HEADER + ROWS).encode("utf-16"),
    "UTF-16 without a mark": (HEADER + ROWS).encode("utf-16-le"),
    "big-endian UTF-16 without a mark": (HEADER + ROWS).encode("utf-16-be"),
    "tabs and CR LF": (HEADER + ROWS).replace(";", "\t").replace("\n", "\r\n").encode(),
    "NDJSON": b'{"id": 1, "name": "Reyes"}\n{"id": 2, "name": "Okafor"}\n{"id": 3}\n',
    "JSON": json.dumps({"n": 3, "data": {"rows": [{"person": {"id": n}} for n in range(3)]}}).encode(),
    "a JSON list": json.dumps([{"jacket": n} for n in range(3)], indent=1).encode(),
    "fixed places": b"0001 REYES    19900203\n0002 ST JOHN  19881130\n0003 OKAFOR   19750714\n",
    "one column": b"inmate\nA\nB\nC\n",
    "odd names": '"id","yes: #1","[x","\t- y","é\u200b"\n1,2,3,4,5\n2,2,3,4,5\n3,2,3,4,5\n'.encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_a_draft_can_be_tried_as_it_stands_on(name: str) -> None:
    trial = tried(FILES[name], mapping.load(drafted(FILES[name])))
    assert trial.is_usable, trial.verdict
    assert trial.rows == 3


def test_a_workbook_is_drafted_from_the_sheet_that_is_named() -> None:
    data = workbook(["Inmate No", "Surname"], [1, "Reyes"], [2, "Okafor"], sheet="Inmates")
    with pytest.raises(UnreadableRosterError, match="Name the one that holds the roster"):
        drafted(data)  # its first sheet is another
    proposed = mapping.load(draft(lambda: in_chunks(data, 1000), "Inmates"))
    assert tried(data, proposed).people == 2


NO_ROSTERS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"\n \n", "The file is empty"),
    "a gzip archive": (b"\x1f\x8b\x08\x00" + bytes(60), "a gzip archive. Send it unpacked"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60), "Save it as .xlsx or as CSV"),
    "a web page": (b"\n<html><body>Sign in</body></html>", "a web page"),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 9, "no text"),
    "no header": (b"20417,Reyes,1990-02-03\n20418,Okafor,1988-11-30\n", "The first line is no header"),
    "fixed places without blanks": (b"20417REYES19900203\n20418ABADI19881130\n", "no header"),
    "a document without rows": (b'{"data": {"rows": [1, 2]}}', "no list of objects"),
    "a broken document": (b'{"data": [{"id": 1}, {"id": ', "broken"),
}


@pytest.mark.parametrize("name", NO_ROSTERS)
def test_nothing_is_drafted_from(name: str) -> None:
    data, why = NO_ROSTERS[name]
    with pytest.raises(UnreadableRosterError, match=why):
        drafted(data)


GUESSES: dict[str, tuple[list[str], str, tuple[str, ...]]] = {
    "american dates": (["02/23/1990", "11/05/1988"], "date", ("%m/%d/%Y",)),
    "european dates": (["23/02/1990", "05/11/1988"], "date", ("%d/%m/%Y",)),
    "ISO": (["1990-02-23", "1988-11-05"], "date", ()),
    "ISO with a zone": (["1990-02-23T10:00:00Z"], "date and time", ()),
    "months by name": (["23-Feb-1990", "05-Nov-1988"], "date", ("%d-%b-%Y",)),
    "a clock of twelve hours": (["02/23/2026 01:05 PM"], "date and time", ("%m/%d/%Y %I:%M %p",)),
    "days with nothing between": (["19900223", "19881105", "00000000"], "date", ("%Y%m%d",)),
    "numbers that are no days": (["20419923", "20418812", "20411177"], "number", ()),
    "numbers of a workbook": (["20419923.0", "7"], "number", ()),
    "yes and no": (["Y", "N", "Y", ""], "yes or no", ()),
    "codes": (["BOND", "TIME", "BOND", "TIME"], "code", ()),
    "names": (["Reyes", "Okafor", "Abadi"], "text", ()),
    "nothing": (["", " "], "nothing", ()),
}


@pytest.mark.parametrize("name", GUESSES)
def test_a_column_looks_like(name: str) -> None:
    cells, kind, formats = GUESSES[name]
    found = guess(cells)
    assert (found.kind, found.formats) == (kind, formats)


@pytest.mark.shared
@pytest.mark.parametrize("window", ["w1-foil-2018-02-20..2018-03-31", "w4-recent-2026-07-01..2026-08-21"])
def test_a_draft_of_a_real_roster_reads_all_of_it(window: str) -> None:
    with tarfile.open(SHARED / f"data/rosters/nyc-doc/{window}.tar.xz") as archive:
        member = next(one for one in archive if one.isfile())
        file = archive.extractfile(member)
        assert file is not None
        data = file.read()
    trial = tried(data, mapping.load(drafted(data)))
    assert (trial.is_usable, trial.bad) == (True, 0)
    assert trial.rows > 5000


@pytest.mark.shared
@pytest.mark.parametrize("path", SPECTRUM, ids=lambda path: path.stem)
def test_a_draft_of_an_awkward_file_reads_it(path: Path) -> None:
    data = path.read_bytes()
    assert tried(data, mapping.load(drafted(data))).is_usable
