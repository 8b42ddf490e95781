"""Single changes that a source pushes at data entry, and lists that were made before them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest

from tests.integration.custody.rosters import (
    DATELESS,
    NUMBERED,
    UNNUMBERED,
    A,
    B,
    C,
    D,
    Feed,
    Kind,
    Row,
    crowd,
    day,
)
from watchword.custody import incidents
from watchword.custody.models import HeldChange, Record
from watchword.feeds import retention
from watchword.feeds.models import QuarantinedRow, Roster
from watchword.worklist.models import Incident

pytestmark = pytest.mark.django_db(transaction=True)

NEVER = Kind(name="whose lists mean no absence", after=None)
HELD = [A(5, facility="North", name="Reyes"), B(6, facility="North"), C(4)]


def pushes(feed: Feed, *rows: dict[str, Any], at: datetime | None = None) -> list[str]:
    """What is told of these changes."""
    since = feed.last_event()
    feed.push(*rows, at=at)
    feed.check_tables()
    return feed.told(since)


def lists(feed: Feed, rows: Iterable[Row], at: int | None = None) -> list[str]:
    """What is told of this list."""
    since = feed.last_event()
    feed.send(rows, at)
    feed.check_tables()
    return feed.told(since)


SAID: dict[str, tuple[Kind, list[dict[str, Any]], list[str]]] = {
    "a status alone, and the rest stays": (
        NUMBERED,
        [{"id": "A", "status": "escaped"}],
        ["escaped A"],
    ),
    "a status with its time and kind": (
        NUMBERED,
        [{"id": "A", "status": "released", "status_at": day(9), "release_kind": "bail"}],
        ["released A: release_kind unset -> bail, status_at unset -> 9"],
    ),
    "a discharge": (
        NUMBERED,
        [{"id": "A", "discharged": day(9)}],
        ["released A: released_at unset -> 9"],
    ),
    "a move": (NUMBERED, [{"id": "A", "facility": "South"}], ["transferred A: facility North -> South"]),
    "a date that is set": (
        NUMBERED,
        [{"id": "B", "out_on": "2026-03-28"}],
        ["release_date_changed B: expected_release_on unset -> 28"],
    ),
    "an empty word, which unsets": (
        NUMBERED,
        [{"id": "A", "name": ""}],
        ["updated A: last_name Reyes -> unset"],
    ),
    "a null, which says nothing": (NUMBERED, [{"id": "A", "name": None, "facility": None}], []),
    "what is known already": (NUMBERED, [{"id": "A", "status": "in_custody", "facility": "North"}], []),
    "somebody new": (NUMBERED, [{"id": "D", "booking": "D-9", "admitted": day(9)}], ["booked D"]),
    "a second booking, beside which the first goes on": (
        NUMBERED,
        [{"id": "A", "booking": "A-9", "admitted": day(9)}],
        ["booked A"],
    ),
    "one booking ended and the next begun": (
        NUMBERED,
        [{"id": "A", "status": "released"}, {"id": "A", "booking": "A-9", "admitted": day(9)}],
        ["released A", "booked A"],
    ),
    "a later admission, without numbers": (
        UNNUMBERED,
        [{"id": "A", "admitted": day(9)}],
        ["vanished A", "booked A"],
    ),
    "a later admission of which no list gave any": (
        Kind(name="dates by push", numbered=False),
        [{"id": "A", "admitted": day(9)}],
        ["vanished A", "booked A"],
    ),
    "another number, without admissions": (DATELESS, [{"id": "A", "booking": "A-9"}], ["booked A"]),
    "two words on one person, one after the other": (
        NUMBERED,
        [{"id": "A", "status": "escaped"}, {"id": "A", "status": "in_custody"}],
        ["escaped A", "recaptured A"],
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_a_pushed_change_says_what_is_in_it_and_nothing_else(name: str) -> None:
    kind, rows, told = SAID[name]
    feed = Feed(kind)
    feed.send(HELD)
    assert pushes(feed, *rows) == told
    assert pushes(feed, *rows[-1:]) == [], "said again, it is no news"


def test_a_new_booking_of_somebody_known_keeps_who_they_are() -> None:
    feed = Feed(UNNUMBERED)
    feed.send(HELD)
    pushes(feed, {"id": "A", "admitted": day(9)})
    assert Record.objects.get(person__key="A", status="in_custody").last_name == "Reyes"


def test_nobody_is_absent_from_pushed_changes() -> None:
    feed = Feed()
    feed.send(HELD)
    pushes(feed, {"id": "A", "facility": "South"})
    assert lists(feed, [A(5, facility="South", name="Reyes"), B(6, facility="North"), C(4)]) == []
    assert Record.objects.filter(listed=True, missed=0).count() == 3


OLDER: dict[str, tuple[dict[str, Any], list[Row], list[str]]] = {
    "a release, and the list still has them": (
        {"id": "A", "status": "released"},
        HELD,
        ["corrected A"],
    ),
    "a move, and the list has the old place": (
        {"id": "A", "facility": "South"},
        HELD,
        ["transferred A: facility South -> North"],
    ),
    "a booking, and the list has it not yet": (
        {"id": "D", "booking": "D-9", "admitted": day(9)},
        HELD,
        ["vanished D"],
    ),
    "a changed date, and the list has the old one": (
        {"id": "B", "out_on": "2026-03-28"},
        HELD,
        ["release_date_changed B: expected_release_on 28 -> unset"],
    ),
    "another admission, and the list has the old one": (
        {"id": "A", "booking": "A-5", "admitted": day(4)},
        HELD,
        ["updated A: booked_at 4 -> 5"],
    ),
}


@pytest.mark.parametrize("name", OLDER)
def test_a_list_made_before_a_pushed_change_does_not_undo_it_and_a_later_one_does(name: str) -> None:
    change, rows, undone = OLDER[name]
    feed = Feed()
    feed.send(HELD)  # on the 11th, at 20:00
    assert pushes(feed, change)  # on the 12th, at noon; the source sends a list a day
    assert lists(feed, rows) == [], "of the same evening: it may be as old as a rhythm"
    assert lists(feed, rows) == undone, "of the next evening: it was made after the change"
    assert lists(feed, rows) == []


def test_an_older_list_tells_all_else_that_is_new() -> None:
    feed = Feed()
    feed.send(HELD)
    pushes(feed, {"id": "A", "facility": "South"}, {"id": "B", "status": "released"})
    rows = [A(5, facility="North", name="Reyes", status="escaped"), B(6, facility="North"), D(10)]
    assert lists(feed, rows) == ["escaped A", "vanished C", "booked D"]
    assert Record.objects.get(person__key="A").facility == "South"


def test_a_row_with_a_later_status_is_newer_than_the_pushed_change_whatever_the_list() -> None:
    feed = Feed()
    feed.send(HELD)
    pushes(feed, {"id": "A", "status": "furloughed", "status_at": day(10)})
    assert lists(feed, [A(5, facility="North", name="Reyes", status_at=11), *HELD[1:]]) == [
        "returned A: status_at 10 -> 11"
    ]


def test_a_list_that_says_when_it_was_made_is_judged_by_that() -> None:
    feed = Feed()
    feed.source.mapping += "\nas_of: race"  # a column that is mapped to no field
    feed.source.save()
    feed.send(HELD)
    pushes(feed, {"id": "A", "status": "released"})  # on the 12th, at noon
    for made_at, told in (
        ("2026-03-12T11:59:00", []),
        ("2026-03-12T12:03:00", []),  # clocks differ
        ("nonsense", []),
        ("2026-03-12T12:30:00", ["corrected A"]),
    ):
        assert lists(feed, [row | {"race": made_at} for row in HELD], 12) == told


def test_how_old_a_list_may_be_is_the_mappings_to_say() -> None:
    feed = Feed()
    feed.source.mapping += "\nlist_age: 1 hour"
    feed.source.save()
    feed.send(HELD)
    pushes(feed, {"id": "A", "status": "released"})
    assert lists(feed, HELD) == ["corrected A"]


def test_a_list_that_agrees_with_what_was_pushed_tells_nobody_again() -> None:
    feed = Feed()
    feed.send(HELD)
    pushes(feed, {"id": "A", "status": "released"}, {"id": "D", "booking": "D-9", "admitted": day(9)})
    agreeing = [B(6, facility="North"), C(4), D(9)]
    assert lists(feed, agreeing) == []
    assert lists(feed, agreeing) == []


def test_what_is_pushed_before_the_first_list_is_told_and_the_list_is_the_baseline_of_all_others() -> None:
    feed = Feed()
    assert pushes(feed, {"id": "A", "booking": "A-5", "admitted": day(5)}) == ["booked A"]
    roster = feed.send([A(5, status="escaped"), B(6), C(7)], 14)
    assert (roster.outcome, roster.events) == ("baseline", {"escaped": 1})
    assert feed.told(0) == ["booked A", "escaped A"]
    feed.check_tables()
    assert lists(feed, [A(5, status="escaped"), C(7)]) == ["vanished B"]


def test_many_pushed_one_by_one_are_held_as_if_they_had_come_in_one_list_and_released_in_one_action() -> None:
    feed = Feed()
    everybody = crowd(60)
    feed.send([*everybody, A(5)])
    told = [pushes(feed, {"id": row["id"], "status": "released"}) for row in everybody[:30]]
    passed = len([one for one in told if one])
    assert 4 <= passed < 15
    assert told[passed:] == [[]] * (30 - passed)
    assert pushes(feed, {"id": "A", "status": "escaped"}) == ["escaped A"], "one alone never waits for others"
    incident = feed.incident()
    assert incidents.show(incident.pk).held == {"released": 30 - passed}
    assert Incident.objects.filter(source=feed.source.name).count() == 1
    since = feed.last_event()
    incidents.release(incident.pk, by="Officer Example", reason="An amnesty.")
    assert feed.told(since) == [f"released {row['id']}" for row in everybody[passed:30]]
    feed.check_tables()
    incidents.correct(incident.pk, by="Officer Example", reason="It was no amnesty.")
    assert Record.objects.filter(status="released").count() == passed


def held_release(feed: Feed) -> Incident:
    """Of 60 people half are released in one push: it waits."""
    feed.send(crowd(60))
    feed.push(*({"id": row["id"], "status": "released"} for row in crowd(30)))
    assert incidents.show(feed.incident().pk).held == {"released": 30}
    return feed.incident()


def test_what_was_pushed_otherwise_since_waits_no_longer_and_is_not_released() -> None:
    feed = Feed()
    incident = held_release(feed)
    pushes(feed, {"id": "P000", "status": "in_custody"}, {"id": "P001", "facility": "South"})
    assert incidents.show(incident.pk).held == {"released": 29}
    incidents.release(incident.pk, by="Officer Example", reason="An amnesty.")
    assert Record.objects.get(person__key="P000").status == "in_custody"
    moved = Record.objects.get(person__key="P001")
    assert (moved.status, moved.facility) == ("released", "South")


def test_a_list_made_before_it_does_not_clear_what_waits_and_a_later_one_does() -> None:
    feed = Feed()
    incident = held_release(feed)
    lists(feed, crowd(60))
    assert incidents.show(incident.pk).held == {"released": 30}
    lists(feed, crowd(60))
    assert incidents.show(incident.pk).state == "cleared"


def test_what_waits_of_a_list_and_of_pushes_is_released_together() -> None:
    feed = Feed()
    everybody = crowd(60, facility="North")
    feed.send(everybody)
    feed.send([*(row | {"facility": "South"} for row in everybody[:20]), *everybody[20:]])
    feed.push(*({"id": row["id"], "status": "released"} for row in everybody[20:40]))
    incident = feed.incident()
    assert incidents.show(incident.pk).held == {"released": 20, "transferred": 20}
    incidents.release(incident.pk, by="Officer Example", reason="Both are true.")
    assert Record.objects.filter(facility="South").count() == 20
    assert Record.objects.filter(status="released").count() == 20
    feed.check_tables()


def test_the_bytes_of_what_waits_are_kept_as_long_as_it_waits() -> None:
    feed = Feed()
    held_release(feed)
    retention.purge_raw()
    waiting = HeldChange.objects.values_list("roster", flat=True)
    assert not Roster.objects.filter(pk__in=waiting, purged_at__isnull=False).exists()


def test_rows_that_cannot_be_read_are_put_before_a_person_and_the_others_go_on() -> None:
    feed = Feed()
    feed.send([*HELD, A(8)])  # A stands there twice
    rows = [
        {"id": "A", "status": "released"},
        {"id": "B", "status": "lost"},
        {"id": "C", "status": "released"},
    ]
    assert pushes(feed, *rows, {"status": "escaped"}) == ["released C"]
    assert feed.incident().kind == "too_many_bad_rows"
    assert sorted(QuarantinedRow.objects.values_list("row_number", "reason")) == [
        (1, "several bookings of this person are open, and the row names none"),
        (2, "a word that the mapping's `values` do not name"),
        (4, "the person's number is missing"),
    ]
    assert pushes(feed, {"id": "A", "booking": "A-8", "status": "released"}) == ["released A"]


def test_changes_of_which_no_row_can_be_read_are_an_incident() -> None:
    feed = Feed()
    feed.send(HELD)
    roster = feed.push({"status": "escaped"})
    assert (roster.outcome, feed.incident().kind) == ("unreadable", "unreadable_roster")


def test_no_changes_are_no_news() -> None:
    feed = Feed(NEVER)
    feed.send(HELD)
    assert feed.push().outcome == "unchanged"
