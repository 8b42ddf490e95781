"""A facility that is only spelled otherwise is no transfer, and what an office calls it tells nobody anything."""

from collections.abc import Callable

import pytest

from tests.integration.custody.rosters import A, B, Feed, Row, crowd
from watchword.custody.models import Event, Record
from watchword.feeds.models import Spelling
from watchword.feeds.places.gazetteer import Facility, keep, same_as, set_facilities
from watchword.notices.facts import event_facts
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db(transaction=True)

OFFICER = {"by": "R. Officer", "reason": "I asked the jail."}


def call(said: str, name: str) -> None:
    """An officer says what a spelling means."""
    same_as(Spelling.objects.get(said=said).pk, name, **OFFICER)


def told(feed: Feed, *rows: Row) -> list[str]:
    """What a roster tells, updates (which nobody is told of) left out."""
    since = feed.last_event()
    feed.send(rows)
    feed.check_tables()
    return [line for line in feed.told(since) if not line.startswith("updated")]


@pytest.fixture
def feed() -> Feed:
    """A source of two facilities, which the office does not know yet."""
    feed = Feed()
    feed.send([A(5, facility="North Jail"), B(6, facility="South Jail")])
    return feed


def test_another_case_accent_or_abbreviation_is_no_transfer() -> None:
    feed = Feed()
    feed.send([A(5, facility="Cañón Det. Ctr."), B(6)])
    assert told(feed, A(5, facility="CANON DETENTION CENTER"), B(6)) == []
    assert Record.objects.get(person__key="A").facility == "CANON DETENTION CENTER"  # kept as said


def test_two_spellings_are_two_places_until_an_officer_says_otherwise(feed: Feed) -> None:
    set_facilities([Facility(name="North Jail"), Facility(name="South Jail")], **OFFICER)
    assert told(feed, A(5, facility="Site 4"), B(6, facility="South Jail")) == [
        "transferred A: facility North Jail -> Site 4"
    ]
    assert Task.objects.filter(kind=Task.Kind.PLACE_UNKNOWN, done=False).count() == 1
    call("Site 4", "North Jail")
    assert told(feed, A(5, facility="North Jail"), B(6, facility="South Jail")) == []
    assert told(feed, A(5, facility="SITE-4"), B(6, facility="South Jail")) == []
    assert told(feed, A(5, facility="South Jail"), B(6, facility="South Jail")) == [
        "transferred A: facility SITE-4 -> South Jail"
    ]


def test_whatever_an_office_decides_neither_tells_nor_changes_anything(feed: Feed) -> None:
    rows = [A(5, facility="North Jail"), B(6, facility="South Jail")]

    def all_records() -> list[dict[str, object]]:
        return [dict(record) for record in Record.objects.order_by("id").values()]

    before = all_records()
    decisions: list[Callable[[], object]] = [
        lambda: set_facilities([Facility(name="Harbor North", spellings=("North Jail",))], **OFFICER),
        lambda: set_facilities([Facility(name="Harbor North"), Facility(name="Lake House")], **OFFICER),
        lambda: call("North Jail", "Lake House"),
        lambda: call("South Jail", "Lake House"),  # both are one now, perhaps by mistake
        lambda: keep(Spelling.objects.get(said="South Jail").pk, **OFFICER),
        lambda: call("North Jail", "Harbor North"),
    ]
    for decide in decisions:
        decide()
        assert all_records() == before
        rows.reverse()  # another file that says the same
        assert feed.send(rows).outcome == "unchanged"
    assert not Event.objects.exists()


def test_a_source_that_spells_all_its_facilities_anew_moves_nobody() -> None:
    feed = Feed()
    feed.send(crowd(60, facility="North Jail"))
    roster = feed.send(crowd(60, facility="NORTH JAIL"))
    assert "transferred" not in roster.events.keys() | roster.held.keys()


def test_registrants_read_what_the_office_calls_a_place(feed: Feed) -> None:
    names = (Facility(name="Harbor North Jail", spellings=("North Jail",)), Facility(name="Lake House"))
    feed.send([A(5, facility="South Jail"), B(6, facility="South Jail")])
    event = Event.objects.get(kind="transferred")

    def places() -> tuple[str | None, str | None]:
        facts = event_facts([event.pk])[event.pk]
        return facts.from_facility, facts.facility

    assert places() == ("North Jail", "South Jail")
    set_facilities(names, **OFFICER)
    assert places() == ("Harbor North Jail", "South Jail")
    call("South Jail", "Lake House")
    assert places() == ("Harbor North Jail", "Lake House")
    call("South Jail", "Harbor North Jail")  # then nobody reads of a move from a place to itself
    assert places() == ("North Jail", "South Jail")


def test_a_roster_that_is_compared_again_asks_nothing_again(feed: Feed) -> None:
    set_facilities([Facility(name="North Jail")], **OFFICER)
    asked = Task.objects.filter(kind=Task.Kind.PLACE_UNKNOWN)
    assert asked.count() == 1
    for facility in ("Site 4", "Site 4", "SITE 4"):
        feed.send([A(5, facility=facility), B(6, facility="South Jail")])
    assert asked.count() == 2


def test_a_cell_too_long_for_a_place_is_compared_as_said() -> None:
    feed = Feed()
    long = "A place " + "x" * 5000
    feed.send([A(5, facility=long), B(6)])
    assert told(feed, A(5, facility=long.upper()), B(6)) == [
        f"transferred A: facility {long} -> {long.upper()}"
    ]
    assert not Spelling.objects.exists()


def test_a_move_between_two_facilities_that_go_by_one_name_is_a_transfer() -> None:
    names = "Lake County Detention Center", "Lake County Det Ctr"
    feed = Feed()
    feed.send([A(5, facility=names[0]), B(6)])
    set_facilities([Facility(name=names[0], city=city) for city in ("Eastlake", "Westlake")], **OFFICER)
    assert told(feed, A(5, facility=names[1]), B(6)) == [
        "transferred A: facility Lake County Detention Center -> Lake County Det Ctr"
    ]
