"""Charge codes as they are written, and what the list says of them."""

import csv
from datetime import date

import pytest

from tests.conftest import SHARED
from watchword.law import as_line, listed, parse, rulebook

TODAY = date(2026, 1, 29)
CODES = SHARED / "data/rosters/nyc-doc/top-charge-codes.csv"


@pytest.mark.parametrize(
    ("code", "law", "section", "subdivision", "inchoate", "is_listed"),
    [
        ("125.25", "PL", "125.25", None, None, True),
        ("110-125.25", "PL", "125.25", None, "attempt", True),
        ("110-120.05", "PL", "120.05", None, "attempt", True),
        ("110-215.51", "PL", "215.51", None, "attempt", False),
        ("110-155.30", "PL", "155.30", None, "attempt", False),
        ("220.16", "PL", "220.16", None, None, False),
        ("240.20", "PL", "240.20", None, None, False),
        ("160.15SM", "PL", "160.15", None, None, None),
        ("140.20SM", "PL", "140.20", None, None, False),
        ("125.25H", "PL", "125.25", None, None, True),
        ("120.00H", "PL", "120.00", None, None, True),
        ("110-145.00H", "PL", "145.00", None, "attempt", False),
        ("265.01", "PL", "265.01", None, None, False),
        ("265.01A", "PL", "265.01-a", None, None, True),
        ("265.01B", "PL", "265.01-b", None, None, True),
        ("265.01-B", "PL", "265.01-b", None, None, True),
        ("110-130.65A", "PL", "130.65-a", None, "attempt", False),
        ("265.02", "PL", "265.02", None, None, None),
        ("265.02(1)", "PL", "265.02", "(1)", None, False),
        ("265.02(3)", "PL", "265.02", "(3)", None, True),
        ("135.65(2)(B)", "PL", "135.65", "(2)(b)", None, True),
        ("250.45(2)", "PL", "250.45", "(2)", None, False),
        ("265.35M", "PL", "265.35", None, None, None),
        ("105.15", "PL", "105.15", None, "conspiracy", None),
        ("105.05", "PL", "105.05", None, "conspiracy", False),
        ("115.00", "PL", "115.00", None, "facilitation", False),
        ("100.10", "PL", "100.10", None, "solicitation", None),
        ("110-105.15", "PL", "105.15", None, "attempt", False),
        ("485.05", "PL", "485.05", None, None, None),
        ("230.34-A", "PL", "230.34-a", None, None, True),
        ("230.11", "PL", "230.11", None, None, None),
        ("VTL 1192.2", "VTL", "1192", "(2)", None, False),
        ("1192(2)", "VTL", "1192", "(2)", None, False),
        ("1192(2)-A(B)", "VTL", "1192", "(2-a)(b)", None, False),
        ("VTL 1192.2A", "VTL", "1192", "(2-a)", None, False),
        ("511", "VTL", "511", None, None, False),
        ("511(1)(A)", "VTL", "511", "(1)(a)", None, False),
        ("511-A(3)", "VTL", "511-a", "(3)", None, False),
        ("600(2)(A)", "VTL", "600", "(2)(a)", None, None),
        ("VTL 600F", "VTL", "600", None, None, None),
        ("10-131(I)(3)", "AC", "10-131", "(i)(3)", None, False),
        ("20-453", "AC", "20-453", None, None, False),
        ("168-T(2)", "COR", "168-t", "(2)", None, False),
        ("353-A(1)", "AGM", "353-a", "(1)", None, False),
        ("AC 999.99", "AC", None, None, None, False),
        ("VTL 999.99", "VTL", None, None, None, None),
        ("FOA 900.00", None, None, None, None, None),
        ("VOP", None, None, None, None, None),
        ("0", None, None, None, None, None),
        ("", None, None, None, None, None),
        ("PL 160.15", "PL", "160.15", None, None, True),
        ("pl 160.15", "PL", "160.15", None, None, True),
    ],
)
def test_a_code_says_its_law_section_subdivision_and_whether_it_is_listed(
    code: str, law: str, section: str, subdivision: str, inchoate: str, is_listed: bool | None
) -> None:
    assert as_line(parse(code), rulebook("nyc").offences, TODAY) == {
        "code": code,
        "law": law,
        "section": section,
        "subdivision": subdivision,
        "inchoate": inchoate,
        "listed": is_listed,
        "as_of": "2026-01-29",
    }


@pytest.mark.parametrize(
    ("code", "on", "is_listed"),
    [
        ("125.25", date(2014, 12, 13), False),
        ("125.25", date(2014, 12, 14), True),
        ("VOP", date(2014, 12, 13), False),
        ("230.34-A", date(2018, 10, 1), False),
        ("230.34-A", date(2018, 12, 1), True),
        ("130.50", date(2025, 1, 1), True),
        ("230.11", date(2019, 12, 31), False),
    ],
)
def test_the_list_is_that_of_the_day(code: str, on: date, is_listed: bool) -> None:
    assert listed(parse(code), rulebook("nyc").offences, on) is is_listed


@pytest.mark.shared
def test_nearly_all_real_custody_days_have_a_top_charge_that_is_understood() -> None:
    with CODES.open(newline="") as file:
        days = {row["top_charge"]: int(row["person_days"]) for row in csv.DictReader(file)}
    understood = sum(count for code, count in days.items() if parse(code).understood)
    written = sum(count for code, count in days.items() if code.strip())
    assert understood / written > 0.97
    assert understood / sum(days.values()) > 0.88
    left = {code for code in days if not parse(code).understood and days[code] > 100}
    assert left == {"", "FOA 900.00", "CO", "AC 000.00", "VOP", "AC 999.99", "0", "C-COM"}
