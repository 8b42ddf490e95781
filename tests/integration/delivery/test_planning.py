"""Which contact points a notice goes to, in which order and when; and what one roster tells goes together."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.county import County
from tests.deliveries import happening, notices, registrants, release
from tests.integration.notices.test_writing import active
from watchword.core.clock import now
from watchword.custody.models import Event
from watchword.delivery.escalation import after_loss
from watchword.delivery.models import Delivery
from watchword.delivery.planning import plan_deliveries
from watchword.delivery.states import Move, State, move
from watchword.delivery.sweeps import give_up_unconfirmed
from watchword.notices.actions import write_notices
from watchword.notices.models import Notice, Wording
from watchword.registrants.models import ContactPoint, Registrant, SilentTime
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")


def with_rungs(event: Event, **rungs: int) -> list[Notice]:
    """Somebody with these contact points on these rungs, told of the event."""
    people = registrants(1, list(rungs))
    for channel, rung in rungs.items():
        ContactPoint.objects.filter(registrant=people[0], channel=channel).update(rung=rung)
    return notices(event, people)


def minutes_until_due() -> dict[str, int]:
    first = Delivery.objects.order_by("due_at").values_list("due_at", flat=True)[0]
    assert first is not None
    assert abs(first - now()) < timedelta(seconds=30)
    return {
        channel: round((due - first).total_seconds() / 60)
        for channel, due in Delivery.objects.values_list("channel", "due_at")
        if due is not None
    }


def test_what_is_immediate_goes_to_every_first_choice_at_once_and_to_the_next_rungs_after(
    county: County,
) -> None:
    with_rungs(release(county), email=2, text=1, voice=1)
    plan_deliveries()
    assert minutes_until_due() == {"text": 0, "voice": 0, "email": 15}
    assert set(Delivery.objects.values_list("urgent", flat=True)) == {True}


def test_what_is_routine_goes_by_one_contact_point_at_a_time(county: County) -> None:
    with_rungs(happening(county, "transferred"), email=2, text=1, voice=1)
    plan_deliveries()
    assert minutes_until_due() == {"text": 0, "voice": 60, "email": 120}
    assert set(Delivery.objects.values_list("urgent", flat=True)) == {False}


def test_a_backup_comes_after_the_last_rung(county: County) -> None:
    people = registrants(1, ["text", "voice"])
    ContactPoint.objects.filter(channel="voice").update(backup=True)
    notices(release(county), people)
    plan_deliveries()
    assert minutes_until_due() == {"text": 0, "voice": 60}


def test_a_backup_is_not_hurried_while_there_is_hope_and_is_with_the_desk_when_there_is_none(
    county: County,
) -> None:
    people = registrants(1, ["email", "text", "voice"])
    ContactPoint.objects.filter(channel="voice").update(backup=True)
    notices(release(county), people)
    plan_deliveries()
    backup = Delivery.objects.get(channel="voice")

    def lose(channel: str) -> None:
        lost = Delivery.objects.get(channel=channel).pk
        move([Move(delivery=lost, to=State.UNDELIVERABLE)])
        after_loss([lost])

    lose("email")
    before = backup.due_at
    backup.refresh_from_db()
    assert backup.due_at == before
    assert Notice.objects.get().state == Notice.State.OPEN
    lose("text")
    backup.refresh_from_db()
    assert backup.due_at is not None
    assert backup.due_at <= now()
    assert backup.state == State.QUEUED
    assert Notice.objects.get().state == Notice.State.AT_DESK
    assert Task.objects.get().kind == Task.Kind.NOT_REACHABLE


def in_silence(registrant: Registrant, **changed: Any) -> SilentTime:
    """Silent from an hour ago until in two hours, by the registrant's own clock."""
    given: dict[str, Any] = {"kind": "quiet", "days": list(range(1, 8))} | changed
    return SilentTime.objects.create(registrant=registrant, starts=wall(-60), ends=wall(120), **given)


def wall(minutes: int) -> Any:
    return (now() + timedelta(minutes=minutes)).astimezone(NEW_YORK).time().replace(second=0, microsecond=0)


def due_in_minutes() -> dict[str, float]:
    return {
        channel: (due - now()).total_seconds() / 60
        for channel, due in Delivery.objects.values_list("channel", "due_at")
        if due is not None
    }


def test_quiet_hours_keep_back_what_is_routine_one_after_the_other_still(county: County) -> None:
    people = registrants(1, ["email", "text"])
    in_silence(people[0])
    made = notices(happening(county, "transferred"), people)
    plan_deliveries()
    due = due_in_minutes()
    assert 118 < due["email"] <= 120
    assert 178 < due["text"] <= 180
    first = Delivery.objects.get(channel="email").due_at
    assert Notice.objects.get(pk=made[0].pk).tell_from == first, "the time to confirm begins with the first"


@pytest.mark.parametrize(
    ("kind", "keeps_back", "waits"),
    [
        ("released", "routine", False),
        ("died", "routine", False),
        ("released", "all_but_releases", False),
        ("furloughed", "all_but_releases", False),
        ("escaped", "all_but_releases", False),
        ("vanished", "all_but_releases", False),
        ("died", "all_but_releases", True),
        ("booked", "all_but_releases", True),
        ("transferred", "all_but_releases", True),
        ("escaped", "all", True),
    ],
)
def test_quiet_hours_yield_to_what_the_registrant_wants_to_be_woken_for(
    county: County, kind: str, keeps_back: str, waits: bool
) -> None:
    people = registrants(1, ["text"])
    in_silence(people[0], keeps_back=keeps_back)
    notices(happening(county, kind), people)
    plan_deliveries()
    assert (due_in_minutes()["text"] > 100) is waits


def test_never_safe_hours_of_one_contact_point_turn_to_the_next_rung(county: County) -> None:
    made = with_rungs(release(county), text=1, email=2)
    point = ContactPoint.objects.get(channel="text")
    in_silence(point.registrant, contact_point=point, kind="never_safe", keeps_back="all")
    plan_deliveries()
    due = due_in_minutes()
    assert due["email"] <= 0
    assert 118 < due["text"] <= 120
    assert Notice.objects.get(pk=made[0].pk).tell_from <= now()


def test_whoever_asked_for_days_without_messages_is_not_late_before_they_are_over(county: County) -> None:
    people = registrants(1, ["text"])
    today = now().astimezone(NEW_YORK).date()
    SilentTime.objects.create(
        registrant=people[0],
        kind="blackout",
        first_day=today,
        last_day=today + timedelta(3),
    )
    notices(happening(county, "transferred"), people)
    Notice.objects.update(created_at=now() - timedelta(days=2), tell_from=now() - timedelta(days=2))
    plan_deliveries()
    assert give_up_unconfirmed() == 0
    assert Notice.objects.get().tell_from > now() + timedelta(days=2)


def stay_ends_and_begins(county: County) -> Event:
    """Somebody left and came back between two rosters: two events of one roster, of which the first is returned."""
    person = county.person()
    active(phone=None)
    roster = county.roster()
    gone = county.event(person, "vanished", roster=roster, after={"status": "vanished"})
    county.event(person, "booked", roster=roster, after={"status": "in_custody"})
    return gone


def test_what_one_roster_tells_one_registration_is_one_message_and_presses_as_the_most_urgent(
    county: County,
) -> None:
    person = county.person()
    county.person("1002")
    active(phone=None)
    alone = active(person_key="1002", phone=None, email="cal@example.org")
    roster = county.roster()
    moved = county.event(person, "transferred", roster=roster)
    county.event(person, "updated", roster=roster)
    left = county.event(person, "released", roster=roster, after={"status": "released"})
    other = county.event(alone.person, "transferred", roster=roster)
    assert write_notices(roster.pk) == 3
    assert write_notices(roster.pk) == 0
    told = {notice.event_id: notice for notice in Notice.objects.all()}
    assert told[left.pk].told_with_id == told[moved.pk].pk
    assert told[moved.pk].told_with_id is None
    assert told[moved.pk].urgency == told[left.pk].urgency == "immediate"
    assert (told[other.pk].told_with_id, told[other.pk].urgency) == (None, "routine")

    plan_deliveries()
    assert set(Delivery.objects.values_list("notice_id", flat=True)) == {told[moved.pk].pk, told[other.pk].pk}
    assert not Notice.objects.filter(planned=False).exists()
    assert Wording.objects.count() == 3, "the words of each are frozen"


def test_one_message_wakes_if_one_of_its_notices_does(county: County) -> None:
    gone = stay_ends_and_begins(county)
    in_silence(Registrant.objects.get(), keeps_back="all_but_releases")
    write_notices(gone.roster_id)
    assert list(Notice.objects.values_list("kind", "wakes")) == [("vanished", True), ("booked", True)]
    plan_deliveries()
    assert due_in_minutes()["email"] <= 0


def test_what_comes_later_is_not_told_with_what_is_on_its_way(county: County) -> None:
    gone = stay_ends_and_begins(county)
    assert write_notices(gone.roster_id) == 2
    plan_deliveries()
    later = county.event(
        gone.person, "escaped", roster=gone.roster
    )  # an incident was released: the same roster again
    assert write_notices(gone.roster_id) == 1
    assert Notice.objects.get(event=later).told_with_id is None


def test_a_message_nobody_confirms_comes_to_the_desk_once_with_all_its_notices(county: County) -> None:
    gone = stay_ends_and_begins(county)
    write_notices(gone.roster_id)
    plan_deliveries()
    Notice.objects.update(tell_from=datetime.fromisoformat("2026-01-01T00:00:00Z"))
    assert give_up_unconfirmed() == 2
    assert set(Notice.objects.values_list("state", flat=True)) == {"at_desk"}
    assert Task.objects.get().subject == f"notice:{Notice.objects.get(told_with=None).pk}"


def test_one_message_without_any_way_comes_to_the_desk_once(county: County) -> None:
    gone = stay_ends_and_begins(county)
    write_notices(gone.roster_id)
    ContactPoint.objects.update(stopped_at=now())
    plan_deliveries()
    assert set(Notice.objects.values_list("state", "planned")) == {("at_desk", True)}
    assert Task.objects.count() == 1


def test_planning_takes_as_many_statements_for_forty_people_as_for_one(county: County) -> None:
    def statements(people: int, key: str) -> int:
        made = registrants(people, ["text", "email"])
        for registrant in made:
            in_silence(registrant)
        notices(release(county, key), made)
        with CaptureQueriesContext(connection) as captured:
            plan_deliveries()
        return len(captured)

    assert statements(1, "1") == statements(40, "2")
