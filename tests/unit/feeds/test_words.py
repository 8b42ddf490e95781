"""A cell's words become the field's one spelling, are unset, or are refused for a reason that quotes nothing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.feeds.rosters import mapped
from watchword.feeds.fields import FIELDS
from watchword.feeds.words import LONGEST_CELL, Reader, readers, tidy

DATES = "formats: ['%m/%d/%Y', '%d.%m.%Y']"
TIMES = "formats: ['%m/%d/%Y %H:%M', '%m/%d/%Y %I:%M %p']"


def reader(field: str, options: str = "", values: str = "") -> Reader:
    """The reader of one field whose column has these options."""
    columns = f"{{person_key: id, {field}: {{column: c, {options}}}}}"
    return readers(mapped(columns, rest=f"values: {{{field}: {values}}}" if values else ""))[field].cell


READ: list[tuple[str, str, str, str, str | None]] = [
    # field, options, values, what the cell says, what is kept
    ("last_name", "", "", "  REYES \t LUNA \x00", "REYES LUNA"),
    ("last_name", "", "", "\ufeffReyes\x7f\x85", "Reyes"),
    ("last_name", "", "", "Unknown", None),
    ("last_name", "", "", " N/A ", None),
    ("last_name", "", "", "\x00", None),
    ("last_name", "unset: [DOE]", "", "Doe", None),
    ("last_name", "unset: [DOE]", "", "Null", "Null"),
    ("facility", "", "{N1: North Jail, GONE: null}", " n1 ", "North Jail"),
    ("facility", "", "{N1: North Jail, GONE: null}", "gone", None),
    ("facility", "", "{N1: North Jail}", "S1", "S1"),
    ("age", "", "", "31", "31"),
    ("age", "", "", "31.0", "31"),
    ("age", "", "", "031", "31"),
    ("age", "", "", "", None),
    ("birth_date", "", "", "1990-02-03", "1990-02-03"),
    ("birth_date", "", "", "1990-02-03T00:00:00.000", "1990-02-03"),
    ("birth_date", "", "", "1990-02-03T00:00:00Z", "1990-02-03"),
    ("birth_date", DATES, "", "02/03/1990", "1990-02-03"),
    ("birth_date", DATES, "", "3.2.1990", "1990-02-03"),
    ("birth_date", DATES, "", "1990-02-03T00:00:00", "1990-02-03"),
    ("birth_date", "formats: ['%m/%d/%y']", "", "02/03/45", "1945-02-03"),
    ("birth_date", "formats: ['%m/%d/%y']", "", "02/03/05", "2005-02-03"),
    ("expected_release_on", "formats: ['%m/%d/%y']", "", "02/03/45", "2045-02-03"),
    ("expected_release_on", "", "", "UNKNOWN", None),
    ("booked_at", TIMES, "", "03/01/2026 14:30", "2026-03-01T19:30:00+00:00"),
    ("booked_at", TIMES, "", "07/01/2026 02:30 PM", "2026-07-01T18:30:00+00:00"),
    ("booked_at", "", "", "2026-03-01T14:30:00-08:00", "2026-03-01T22:30:00+00:00"),
    ("booked_at", "", "", "2026-03-01 14:30:00.250", "2026-03-01T19:30:00.250000+00:00"),
    ("booked_at", "", "", "2026-03-01", "2026-03-01T05:00:00+00:00"),
    ("booked_at", TIMES, "", "11/01/2026 01:30", "2026-11-01T05:30:00+00:00"),  # it comes twice: the first
    ("booked_at", TIMES, "", "03/08/2026 02:30", "2026-03-08T07:30:00+00:00"),  # it is skipped: 3:30 by the new time
    ("sealed", "", "", "Y", "t"),
    ("sealed", "", "", "no", "f"),
    ("sealed", "", "", "", None),
    ("sealed", "yes: [SEALED], no: [OPEN]", "", "sealed", "t"),
    ("sealed", "", "{S: 'yes'}", "S", "t"),
    ("status", "", "{IN: in_custody, OUT: released}", "out", "released"),
    ("status", "", "{IN: in_custody}", "In Custody", "in_custody"),
    ("status", "", "{IN: in_custody, '?': null}", "?", None),
    ("charges", "separator: ';'", "", " THEFT ; ;ASSAULT;THEFT", '{"ASSAULT","THEFT","THEFT"}'),
    ("charges", "", "", "THEFT; PETTY", '{"THEFT; PETTY"}'),
    ("charges", 'separator: "\\n"', "", "THEFT\nASSAULT", '{"ASSAULT","THEFT"}'),
    ("charges", "separator: ' / '", "", "THEFT / ASSAULT", '{"ASSAULT","THEFT"}'),
    ("charges", "", "", "THEFT\x1fASSAULT; SIMPLE", '{"ASSAULT; SIMPLE","THEFT"}'),
    ("charges", "separator: ';'", "", 'A "B" \\;C', '{"A \\"B\\" \\\\","C"}'),
    ("charges", "separator: ';'", "{BW: BENCH WARRANT, X: null}", "bw;X;THEFT", '{"BENCH WARRANT","THEFT"}'),
    ("charges", "separator: ';'", "", "None;THEFT", '{"THEFT"}'),
    ("charges", "separator: ';'", "", ";;", None),
    ("booking_key", "", "", " 0012-a ", "0012-a"),
]  # fmt: skip


@pytest.mark.parametrize("case", READ, ids=lambda case: f"{case[0]} {case[3]!r}")
def test_a_cell_is_read(case: tuple[str, str, str, str, str | None]) -> None:
    field, options, values, said, kept = case
    assert reader(field, options, values)(said) == kept


REFUSED: list[tuple[str, str, str, str]] = [
    ("age", "", "ADULT", "not a whole number of years"),
    ("age", "", "31.5", "not a whole number of years"),
    ("age", "", "-3", "not a whole number of years"),
    ("age", "", "1900", "not a whole number of years"),
    ("age", "", "1e3", "not a whole number of years"),
    ("birth_date", "", "02/03/1990", "give the column's `formats`"),
    ("birth_date", DATES, "13/13/1990", "not a date or time in any"),
    ("birth_date", DATES, "20260301", "not a date or time in any"),
    ("birth_date", "formats: ['%m/%d/%y']", "02/29/00 AD", "not a date or time in any"),
    ("booked_at", TIMES, "soon", "not a date or time in any"),
    ("booked_at", "", "9999-12-31T23:59:00", "outside the calendar"),
    ("sealed", "", "maybe", "neither one of"),
    ("status", "", "ICE HOLD", "a word that the mapping's `values` do not name"),
    ("release_kind", "", "TURNED OVER TO ICE", "a word that the mapping's `values` do not name"),
    ("last_name", "", "x" * 20_001, "longer than 20000 characters"),
    ("charges", "", "x" * 20_001, "longer than 20000 characters"),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[0]} {case[2][:20]!r}")
def test_a_cell_is_refused(case: tuple[str, str, str, str]) -> None:
    field, options, said, reason = case
    with pytest.raises(ValueError, match=reason) as caught:
        reader(field, options)(said)
    assert said not in str(caught.value)


_awkward = st.text(
    st.one_of(st.characters(), st.sampled_from("0123456789-/: .TZ\x00\ufeff\ud800")), max_size=25
)
_every_field = readers(mapped(json.dumps({field.name: field.name for field in FIELDS})))


@given(_awkward)
def test_any_text_is_tidied_into_what_a_database_takes(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert once == once.strip()
    assert "\x00" not in once.encode().decode()


_REASONS = {
    f"longer than {LONGEST_CELL} characters",
    "not a whole number of years",
    "not a date or time in any of the column's `formats`",
    "not a date or time in ISO form; give the column's `formats`",
    "a day that was not in the calendar",
    "a time outside the calendar",
    "neither one of the column's `yes` words nor of its `no` words",
    "a word that the mapping's `values` do not name",
}


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
@given(said=_awkward)
def test_a_reader_gives_text_or_nothing_or_a_reason_without_the_cell(field: Any, said: str) -> None:
    kept, reason = None, None
    try:
        kept = _every_field[field.name].cell(said)
    except ValueError as error:
        reason = str(error)
    assert reason is None or reason in _REASONS, "a reason is one of these sentences, whatever the cell says"
    assert kept is None or kept.encode()
