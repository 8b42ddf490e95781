"""What people decide about what was held, entered or told wrongly; two of them where much hangs on it."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from tests.deliveries import registrants
from tests.integration.custody.rosters import (
    A,
    B,
    C,
    Feed,
    Row,
    crowd,
    day,
    held_person,
)
from watchword import pipeline
from watchword.audit.models import Entry
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.custody import incidents
from watchword.custody.entries import Departure
from watchword.custody.models import Event, Person, Record
from watchword.decisions import (
    Action,
    confirm_departure,
    correct_events,
    decide_incident,
    enter_departure,
)
from watchword.delivery.models import Delivery
from watchword.feeds.models import Roster
from watchword.notices.models import Notice
from watchword.registrants.models import Registration
from watchword.worklist.models import Proposal

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = {"by": "Officer Example", "reason": "Asked the jail."}


def send(feed: Feed, *rows: Row | list[Row], at: int | None = None) -> Roster:
    """A roster arrives, and whoever must be told is told."""
    return pipeline.advance(
        feed.send([row for one in rows for row in (one if isinstance(one, list) else [one])], at)
    )


def watchers(feed: Feed, people: Iterable[str]) -> list[Registration]:
    """Somebody registered for each of these people, since an hour ago."""
    keys = list(people)
    since = Multirange([Range(now() - timedelta(hours=1), None)])
    persons = {person.key: person for person in Person.objects.filter(source=feed.source, key__in=keys)}
    return [
        Registration.objects.create(
            registrant=registrant, person=persons[key], state="active", entitled=since
        )
        for registrant, key in zip(registrants(len(keys)), keys, strict=True)
    ]


def standing(feed: Feed) -> list[tuple[str, str, str | None]]:
    """Where everybody stands."""
    found = Record.objects.filter(source=feed.source).order_by("person__key")
    return list(found.values_list("person__key", "status", "facility"))


def told() -> list[tuple[str, str]]:
    """Every notice: of whom, and what."""
    return list(Notice.objects.order_by("id").values_list("registration__person__key", "kind"))


def test_a_database_edit_that_releases_1891_people_at_once_tells_nobody_and_a_lone_escape_is_told() -> None:
    feed = Feed()
    everybody = crowd(2600)
    send(feed, everybody, A(5))
    watchers(feed, ["A", *(row["id"] for row in everybody[:40])])
    edited = [row | {"status": "released", "discharged": day(9)} for row in everybody[:1891]]
    roster = send(feed, edited, everybody[1891:], A(5, status="escaped"))
    assert (roster.events, roster.held) == ({"escaped": 1}, {"released": 1891})
    assert told() == [("A", "escaped")]
    send(feed, everybody, A(5, status="escaped"))
    assert incidents.show(roster.incident_id or 0).state == "cleared"
    assert told() == [("A", "escaped")]


def test_a_storm_moves_3000_in_a_night_and_one_action_tells_all_of_it_the_urgent_first() -> None:
    feed = Feed()
    everybody = crowd(3300, facility="Coast")
    send(feed, everybody, A(5))
    watchers(feed, ["A", *(row["id"] for row in everybody[:60])])
    moved = [row | {"facility": "Inland"} for row in everybody[:3000]]
    roster = send(feed, moved, everybody[3000:], A(5, status="escaped"))
    assert (roster.events, roster.held) == ({"escaped": 1}, {"transferred": 3000})
    decided = decide_incident(roster.incident_id or 0, Action.RELEASE, **FIRST)
    assert (decided.done, decided.notices) == (True, 60)
    escaped, *transferred = told()
    assert escaped == ("A", "escaped")
    assert sorted(transferred) == [(row["id"], "transferred") for row in everybody[:60]]
    queue = Delivery.objects.filter(notice__registration__person__source=feed.source).order_by(
        "-urgent", "due_at"
    )
    assert list(queue.values_list("urgent", flat=True)) == [True] + [False] * 60


def two_kinds(feed: Feed) -> int:
    """Of 60 people 20 are said to be released and 20 to have moved: both wait, in one incident."""
    everybody = crowd(60, facility="Coast")
    send(feed, everybody)
    watchers(feed, ["P001", "P021"])
    released = [row | {"status": "released"} for row in everybody[:20]]
    moved = [row | {"facility": "Inland"} for row in everybody[20:40]]
    roster = send(feed, released, moved, everybody[40:])
    assert roster.held == {"released": 20, "transferred": 20}
    return roster.incident_id or 0


def test_of_several_kinds_each_can_be_decided_apart() -> None:
    feed = Feed()
    incident = two_kinds(feed)
    decided = decide_incident(incident, Action.RELEASE, only=["transferred"], **FIRST)
    assert (decided.notices, told()) == (1, [("P021", "transferred")])
    assert (incidents.show(incident).state, incidents.show(incident).held) == ("open", {"released": 20})
    feed.check_tables()
    decide_incident(incident, Action.DISCARD, only=["released"], **FIRST)
    assert (incidents.show(incident).state, incidents.show(incident).held) == ("discarded", {})
    assert told() == [("P021", "transferred")]
    assert Record.objects.filter(status="released").count() == 0


def test_a_second_person_confirms_one_kind_alone(settings: pytest.FixtureRequest) -> None:
    feed = Feed()
    incident = two_kinds(feed)
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"second_person_above": 0})  # type: ignore[attr-defined]
    assert not decide_incident(incident, Action.RELEASE, only=["transferred"], **FIRST).done
    with pytest.raises(WatchwordError, match="has changed since"):
        decide_incident(incident, Action.RELEASE, second="Second Example")
    assert decide_incident(incident, Action.RELEASE, only=["transferred"], second="Second Example").done
    assert told() == [("P021", "transferred")]


def test_a_kind_that_an_incident_does_not_hold_cannot_be_decided() -> None:
    feed = Feed()
    incident = two_kinds(feed)
    with pytest.raises(WatchwordError, match="holds nothing that is escaped"):
        decide_incident(incident, Action.RELEASE, only=["escaped"], **FIRST)


def test_what_would_tell_many_waits_for_a_second_person(settings: pytest.FixtureRequest) -> None:
    feed = Feed()
    send(feed, crowd(60))
    watchers(feed, [row["id"] for row in crowd(60)[30:40]])
    incident = send(feed, crowd(30)).incident_id or 0
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"second_person_above": 9})  # type: ignore[attr-defined]
    decided = decide_incident(incident, Action.RELEASE, **FIRST)
    assert (decided.done, decided.notices, told()) == (False, 10, [])
    with pytest.raises(WatchwordError, match="waits for a second person already"):
        decide_incident(incident, Action.RELEASE, **FIRST)
    with pytest.raises(WatchwordError, match="another than the first"):
        decide_incident(incident, Action.RELEASE, second="officer example")
    assert decide_incident(incident, Action.RELEASE, second="Second Example").done
    assert len(told()) == 10
    assert incidents.show(incident).closed_by == "Officer Example, Second Example"
    acts = Entry.objects.filter(subject=f"incident:{incident}").order_by("id").values_list("actor", "action")
    assert list(acts) == [
        ("Officer Example", "incident.release.propose"),
        ("Second Example", "incident.release.confirm"),
        ("Officer Example", "incident.released"),
    ]


def test_a_second_person_confirms_only_what_the_first_one_saw(settings: pytest.FixtureRequest) -> None:
    feed = Feed()
    send(feed, crowd(60))
    watchers(feed, ["P040"])
    incident = send(feed, crowd(30)).incident_id or 0
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"second_person_above": 0})  # type: ignore[attr-defined]
    decide_incident(incident, Action.RELEASE, **FIRST)
    send(feed, crowd(35))
    with pytest.raises(WatchwordError, match="has changed since"):
        decide_incident(incident, Action.RELEASE, second="Second Example")
    assert told() == []
    assert Proposal.objects.get().closed_at is None


def test_the_first_cannot_name_the_second() -> None:
    feed = Feed()
    send(feed, crowd(60))
    incident = send(feed, crowd(30)).incident_id or 0
    with pytest.raises(WatchwordError, match="one after the other"):
        decide_incident(incident, Action.RELEASE, **FIRST, second="Second Example")


def named(number: int, key: str, admitted: int = 2) -> Row:
    """One of many people with a name and a birthday of their own, under this number."""
    return held_person(key, admitted, booking=f"B{number}", name=f"Name{number}", born=number % 27 + 1)


def test_people_under_new_numbers_wait_and_who_watched_for_one_goes_on_watching() -> None:
    feed = Feed()
    before = [named(number, f"OLD{number}") for number in range(60)]
    after = [named(number, f"NEW{number}") for number in range(1, 60)]  # one of them has left meanwhile
    send(feed, before)
    watchers(feed, ["OLD0", "OLD7"])
    roster = send(feed, after, B(9))
    assert (roster.events, roster.held) == (
        {"vanished": 1, "booked": 1},
        {"vanished": 59, "booked": 59},
    )
    incident = roster.incident_id or 0
    assert incidents.show(incident).kind == "keys_renumbered"
    assert decide_incident(incident, Action.CORRECT, **FIRST).done
    assert told() == [("OLD0", "vanished")]
    feed.check_tables()
    send(feed, [row for row in after if row["id"] != "NEW7"], B(9))
    assert told() == [("OLD0", "vanished"), ("NEW7", "vanished")]


def test_a_new_name_of_a_jail_is_taken_over_and_told_to_nobody() -> None:
    feed = Feed()
    send(feed, crowd(60, facility="Old Jail"), A(5))
    watchers(feed, ["P001"])
    roster = send(feed, crowd(60, facility="New Jail"), A(5))
    assert roster.held == {"transferred": 60}
    assert decide_incident(roster.incident_id or 0, Action.CORRECT, **FIRST).done
    assert told() == []
    assert Record.objects.filter(facility="New Jail").count() == 60
    assert incidents.show(roster.incident_id or 0).state == "corrected"
    assert send(feed, crowd(60, facility="New Jail"), A(5), C(9)).events == {"booked": 1}


def test_who_left_cannot_be_taken_over_without_telling() -> None:
    feed = Feed()
    send(feed, crowd(60))
    incident = send(feed, crowd(30)).incident_id or 0
    with pytest.raises(WatchwordError, match="Release it if it is true"):
        decide_incident(incident, Action.CORRECT, **FIRST)


def test_a_release_that_was_wrong_is_taken_back_in_one_action_to_everybody_who_was_told() -> None:
    feed = Feed()
    send(feed, crowd(60), A(5))
    before = standing(feed)
    watchers(feed, ["P030", "P031", "A"])
    incident = (
        send(feed, [row | {"status": "died"} for row in crowd(30, 2)], crowd(60)[30:], A(5)).incident_id or 0
    )
    watchers(feed, ["P003"])
    decide_incident(incident, Action.RELEASE, **FIRST)
    assert told() == [("P003", "died")]
    assert Registration.objects.get(person__key="P003").state == "ended"
    decided = decide_incident(incident, Action.CORRECT, **FIRST)
    assert (decided.done, decided.events) == (True, {"corrected": 30})
    assert told() == [("P003", "died"), ("P003", "corrected")]
    assert Notice.objects.get(kind="died").state == "withdrawn", "nothing of it was sent yet, and it never is"
    assert Registration.objects.get(person__key="P003").state == "active"
    assert standing(feed) == before


def test_one_wrong_event_is_taken_back_and_only_while_it_stands() -> None:
    feed = Feed()
    send(feed, A(5), B(5))
    watchers(feed, ["A", "B"])
    send(feed, A(5, status="escaped"), B(5))
    wrong = Event.objects.get(kind="escaped")
    assert correct_events([wrong.pk], **FIRST).events == {"corrected": 1}
    assert told() == [("A", "escaped"), ("A", "corrected")]
    record = Record.objects.get(person__key="A")
    assert (record.status, record.status_at) == ("in_custody", None)
    for events in ([wrong.pk], [Event.objects.get(kind="corrected").pk], [999_999]):
        with pytest.raises(WatchwordError):
            correct_events(events, **FIRST)
    assert len(told()) == 2


def test_a_booking_that_never_was_is_taken_back() -> None:
    feed = Feed()
    send(feed, A(5))
    send(feed, A(5), B(6))
    watchers(feed, ["B"])
    correct_events([Event.objects.get(kind="booked").pk], **FIRST)
    assert told() == [("B", "corrected")]
    assert Record.objects.get(person__key="B").status == "vanished"


def departure(feed: Feed, person: str, status: str = "released") -> Departure:
    return Departure(source=feed.source.name, person=person, status=status, at=now() - timedelta(hours=2))


def enter(feed: Feed, person: str, status: str = "released") -> None:
    """Two persons enter a departure."""
    enter_departure(departure(feed, person, status), **FIRST)
    confirm_departure(feed.source.name, person, second="Second Example")


def test_a_departure_is_told_when_a_second_person_confirms_it() -> None:
    feed = Feed()
    send(feed, A(5), B(5))
    watchers(feed, ["A"])
    enter_departure(departure(feed, "A"), **FIRST)
    assert told() == []
    with pytest.raises(WatchwordError, match="another than the first"):
        confirm_departure(feed.source.name, "A", second=FIRST["by"])
    assert confirm_departure(feed.source.name, "A", second="Second Example").events == {"released": 1}
    assert told() == [("A", "released")]
    feed.check_tables()
    with pytest.raises(WatchwordError, match="Nothing waits"):
        confirm_departure(feed.source.name, "A", second="Third Example")


@pytest.mark.parametrize(
    "later",
    [
        [B(5)],
        [A(5, status="released", discharged=9, release_kind="bail"), B(5)],
        [A(5, discharged=8), B(5)],
    ],
    ids=["not listed any more", "released, with more about it", "released, by the discharge"],
)
def test_what_the_feed_says_later_of_the_same_departure_tells_nobody_again(later: list[Row]) -> None:
    feed = Feed()
    send(feed, A(5), B(5))
    watchers(feed, ["A"])
    enter(feed, "A")
    assert send(feed, later, C(6)).incident_id is None
    assert told() == [("A", "released")]
    feed.check_tables()
    assert send(feed, later, C(6), held_person("D", 6)).events == {"booked": 1}
    assert told() == [("A", "released")]


def test_a_feed_that_says_the_person_is_held_after_all_waits_for_somebody() -> None:
    feed = Feed()
    send(feed, A(5), B(5))
    watchers(feed, ["A"])
    enter(feed, "A")
    roster = send(feed, A(5), B(5), C(6))
    assert (roster.events, roster.held) == ({"booked": 1}, {"corrected": 1})
    incident = incidents.show(roster.incident_id or 0)
    assert incident.kind == "entry_contradicted"
    feed.check_tables()
    decide_incident(incident.id, Action.RELEASE, **FIRST)
    assert told() == [("A", "released"), ("A", "corrected")]
    feed.check_tables()


def test_a_feed_that_agrees_in_the_end_ends_the_contradiction() -> None:
    feed = Feed()
    send(feed, A(5), B(5))
    watchers(feed, ["A"])
    enter(feed, "A")
    incident = send(feed, A(5), B(5), C(6)).incident_id or 0
    send(feed, B(5), C(6), held_person("D", 7))
    assert incidents.show(incident).state == "cleared"
    assert told() == [("A", "released")]


def test_whoever_comes_back_under_a_later_admission_is_booked() -> None:
    feed = Feed()
    send(feed, A(5), B(6))
    watchers(feed, ["A"])
    enter(feed, "A", "escaped")
    send(feed, A(8), B(6))
    assert told() == [("A", "escaped"), ("A", "booked")]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"status": "vanished"}, "Give one of these"),
        ({"person": "Z"}, "holds nobody"),
        ({"at": now() + timedelta(days=2)}, "before it has happened"),
        ({"release_kind": "magic"}, "A release is one of these"),
    ],
)
def test_what_cannot_be_entered_is_refused(said: dict[str, str], why: str) -> None:
    feed = Feed()
    send(feed, A(5))
    facts = {"source": feed.source.name, "person": "A", "status": "released", "at": now()}
    with pytest.raises(WatchwordError, match=why):
        enter_departure(Departure(**(facts | said)), **FIRST)  # type: ignore[arg-type]
    assert not Proposal.objects.exists()
