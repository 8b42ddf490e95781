"""Convictions as they are written: a charge code typed by hand, or a criminal history as a CSV file."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import Any

from watchword.core.errors import WatchwordError
from watchword.desk.counter.records import Conviction
from watchword.law import parse

MOST_BYTES = 200_000
MOST_ROWS = 100

_YES_NO = {
    "yes": True,
    "true": True,
    "y": True,
    "1": True,
    "no": False,
    "false": False,
    "n": False,
    "0": False,
}
_MARKS = (*("felony", "youthful_offender", "juvenile_delinquent", "hate_crime", "predicate_felony"),)
_DAYS = ("offence_date", "judgment_date")
_COLUMNS = {"code", "jurisdiction", "equivalent_to", *_MARKS, *_DAYS}


class HistoryError(WatchwordError):
    """A criminal history that cannot be used, said in a sentence."""


def crime_of(code: str, jurisdiction: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """A conviction as the law reads it: of New York's codes, what they mean; of others, the code itself."""
    here = jurisdiction.strip().upper() == "NY"
    crime: dict[str, Any] = {"jurisdiction": _place(jurisdiction)} | dict(facts)
    charge = parse(code) if here else None
    if charge is None or charge.section is None:
        return crime | {"law": "other" if not here else None, "section": code.strip()}
    found = {
        "law": charge.law,
        "section": charge.section,
        "subdivision": charge.subdivision,
        "inchoate": charge.inchoate,
    }
    return crime | {name: value for name, value in found.items() if value is not None}


def read_history(content: bytes, source: str, source_on: date) -> list[Conviction]:
    """The convictions of a CSV file; HistoryError names the line of what cannot be read."""
    if len(content) > MOST_BYTES:
        raise HistoryError(f"The file is larger than {MOST_BYTES // 1000} kB, so it is no criminal history.")
    try:
        lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise HistoryError("The file is no CSV in UTF-8. Save it so, and try again.") from None
    if not lines or len(lines) > MOST_ROWS:
        raise HistoryError(f"The file holds no conviction, or more than {MOST_ROWS}.")
    named = {str(name).strip().lower() for name in lines[0] if name is not None}
    if missing := {"code", "jurisdiction"} - named:
        raise HistoryError(f"The file has no column {sorted(missing)[0]}.")
    if unknown := named - _COLUMNS:
        raise HistoryError(f"The file has a column that is not read: {sorted(unknown)[0]}. Take it out.")
    return [
        Conviction(crime=_crime(number, row), source=source, source_on=source_on)
        for number, row in enumerate(lines, 2)
    ]


def _crime(number: int, row: Mapping[str | None, str | list[str] | None]) -> dict[str, Any]:
    if None in row:
        raise HistoryError(f"Line {number} has more cells than the heading.")
    told = {str(name).strip().lower(): str(value or "").strip() for name, value in row.items()}
    facts: dict[str, Any] = {name: _mark(number, name, told[name]) for name in _MARKS if told.get(name)}
    facts |= {name: _day(number, name, told[name]) for name in _DAYS if told.get(name)}
    if told.get("equivalent_to"):
        facts["equivalent_to"] = told["equivalent_to"]
    if not told["code"] or not told["jurisdiction"]:
        raise HistoryError(f"Line {number} gives no code or no jurisdiction.")
    return crime_of(told["code"], told["jurisdiction"], facts)


def _mark(number: int, name: str, text: str) -> bool:
    try:
        return _YES_NO[text.lower()]
    except KeyError:
        raise HistoryError(f"Line {number}, {name}: write yes or no.") from None


def _day(number: int, name: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise HistoryError(f"Line {number}, {name}: write the day as 2019-09-09.") from None


def _place(text: str) -> str:
    return "foreign" if text.strip().lower() == "foreign" else text.strip().upper()
