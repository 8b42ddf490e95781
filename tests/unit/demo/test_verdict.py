"""The demo's verdict: it can fail."""

from typing import Any

import pytest

from watchword.demo.expected import Told
from watchword.demo.verdict import differences

REGISTRATIONS = {1: "Ines", 2: "Jonas"}
EXPECTED = [Told("Ines", "booked"), Told("Jonas", "released")]
EMPTY_FILE = [{"kind": "empty_roster"}]


def notice(registration: int, kind: str, state: str = "confirmed") -> dict[str, Any]:
    return {"registration": registration, "kind": kind, "state": state}


RIGHT = [notice(1, "booked"), notice(2, "released")]


def test_exactly_the_expected_notices_and_one_incident_are_right() -> None:
    assert differences(EXPECTED, RIGHT, REGISTRATIONS, EMPTY_FILE) == []


@pytest.mark.parametrize(
    ("notices", "incidents", "said"),
    [
        (RIGHT[:1], EMPTY_FILE, ["Jonas was not told: released."]),
        ([*RIGHT, notice(1, "booked")], EMPTY_FILE, ["Ines was told too much: booked."]),
        ([*RIGHT, notice(3, "died")], EMPTY_FILE, ["unknown registration 3 was told too much: died."]),
        (
            [RIGHT[0], notice(2, "released", "open")],
            EMPTY_FILE,
            ["Jonas was not told: released.", "The notice to Jonas is open: released."],
        ),
        ([*RIGHT, notice(2, "vanished", "open")], EMPTY_FILE, ["The notice to Jonas is open: vanished."]),
        (RIGHT, [], ["One incident must be open, empty_roster; open are: none."]),
        (
            RIGHT,
            EMPTY_FILE * 2,
            ["One incident must be open, empty_roster; open are: empty_roster, empty_roster."],
        ),
    ],
)
def test_anything_else_is_said(
    notices: list[dict[str, Any]], incidents: list[dict[str, Any]], said: list[str]
) -> None:
    assert differences(EXPECTED, notices, REGISTRATIONS, incidents) == said
