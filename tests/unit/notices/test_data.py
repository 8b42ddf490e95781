"""Facts for another office's system: what is known, in the source's own time, and nothing of a contact."""

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from watchword.notices.data import as_json
from watchword.notices.records import Facts

ZONE = ZoneInfo("America/New_York")
NOON = datetime(2026, 3, 1, 17, tzinfo=UTC)


def test_only_what_is_known_is_there() -> None:
    facts = Facts(
        kind="released", zone=ZONE, number="1001", first_name="José", when=NOON, release_date=date(2026, 3, 1)
    )
    told = as_json(facts)
    assert "José" in told
    assert json.loads(told) == {
        "kind": "released",
        "number": "1001",
        "first_name": "José",
        "when": "2026-03-01T12:00:00-05:00",
        "release_date": "2026-03-01",
    }


def test_it_is_one_line_whatever_stands_in_it() -> None:
    assert "\n" not in as_json(Facts(kind="booked", zone=ZONE, number="1\n\n2", facility="North\nJail"))


def test_a_contact_that_was_stopped_is_not_told() -> None:
    facts = Facts(kind="contact_stopped", zone=ZONE, number="1001", stopped=("email", "i***@example.org"))
    assert json.loads(as_json(facts)) == {"kind": "contact_stopped", "number": "1001"}


def test_a_summary_tells_its_events_in_order_and_since_when_it_was_quiet() -> None:
    events = tuple(Facts(kind=kind, zone=ZONE, number="1001") for kind in ("released", "booked"))
    facts = Facts(
        kind="summary", zone=ZONE, number="1001", quiet_from=NOON, quiet_until=NOON, happenings=events
    )
    told = json.loads(as_json(facts))
    assert [each["kind"] for each in told["happenings"]] == ["released", "booked"]
    assert told["quiet_from"] == "2026-03-01T12:00:00-05:00"


def test_the_occasion_of_a_notice_is_taken_for_no_quiet_and_no_watch() -> None:
    facts = Facts(kind="current_status", zone=ZONE, number="1", quiet_until=NOON, watched_until=NOON)
    assert json.loads(as_json(facts)) == {"kind": "current_status", "number": "1"}
