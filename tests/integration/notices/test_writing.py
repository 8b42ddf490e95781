"""Everyone entitled is told, once: who is told of which event, however late or often the notices are written."""

from typing import Any

import pytest

from tests.county import County, database_clock
from tests.integration.registrants.test_registering import ask
from watchword.custody.models import EventKind
from watchword.notices.actions import write_current_status, write_notices, write_summary
from watchword.notices.models import Notice
from watchword.registrants.actions import end, pause, resume, verify_contact_points
from watchword.registrants.models import Registration


def active(**changed: Any) -> Registration:
    return ask(verified=True, by="Officer Vale", **changed)


def told() -> list[tuple[int, str]]:
    return list(Notice.objects.order_by("id").values_list("registration_id", "kind"))


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_but_updated_is_told_once(county: County, kind: EventKind) -> None:
    person = county.person()
    registration = active()
    event = county.event(person, kind)
    expected = 0 if kind is EventKind.UPDATED else 1
    assert write_notices(event.roster_id) == expected
    assert write_notices(event.roster_id) == 0
    assert told() == [(registration.pk, kind.value)] * expected


def test_only_those_who_asked_about_this_person_are_told(county: County) -> None:
    first, second = county.person("1001"), county.person("1002")
    one, _ = active(), active(person_key="1002")
    another = active(email="cal@example.org")
    roster = county.roster()
    county.event(first, "transferred", roster=roster)
    county.event(first, "released", roster=roster)
    county.event(second, "booked")
    assert write_notices(roster.pk) == 4
    assert sorted(told()) == sorted(
        (pk, kind) for pk in (one.pk, another.pk) for kind in ("transferred", "released")
    )
    assert [kind for pk, kind in told() if pk == one.pk] == ["transferred", "released"], (
        "in the events' order"
    )


def test_pending_paused_and_ended_are_not_told(county: County) -> None:
    person = county.person()
    pending, paused, ended = ask(), active(), active()
    pause(paused.pk)
    end(ended.pk)
    write_notices(county.event(person, "released").roster_id)
    assert told() == []
    assert Registration.objects.get(pk=pending.pk).state == "pending"


def test_an_event_recorded_before_a_pause_is_told_however_late(county: County) -> None:
    person = county.person()
    registration = active()
    event = county.event(person, "released")
    pause(registration.pk)
    resume(registration.pk)
    end(registration.pk)
    write_notices(event.roster_id)
    assert told() == [(registration.pk, "released")]


def test_the_state_now_is_told_once_on_activation(county: County) -> None:
    county.person()
    registration = ask()
    assert write_current_status(registration.pk, database_clock()) == 0, "nothing is sent while pending"
    registration = verify_contact_points(registration.pk, by="Officer Vale")
    occasion = registration.entitled_from
    assert occasion is not None
    assert write_current_status(registration.pk, occasion) == 1
    assert write_current_status(registration.pk, occasion) == 0
    assert told() == [(registration.pk, "current_status")]


def test_resuming_gives_one_summary_instead_of_what_happened_meanwhile(county: County) -> None:
    person = county.person()
    registration = active()
    pause(registration.pk)
    quiet = county.event(person, "transferred", after={"facility": "South Jail"})
    occasion = resume(registration.pk).entitled_from
    assert occasion is not None
    after = county.event(person, "released", after={"status": "released"})
    assert write_summary(registration.pk, occasion) == 1
    assert write_summary(registration.pk, occasion) == 0
    for event in (quiet, after):
        write_notices(event.roster_id)
    assert told() == [(registration.pk, "summary"), (registration.pk, "released")]


def test_a_watch_is_matched_by_a_baseline_and_told_the_state_once(county: County) -> None:
    watching = active(person_key="2002", watch=True)
    waiting = active(person_key="2003", watch=True)
    paused = active(person_key="2002", watch=True, email="cal@example.org")
    pause(paused.pk)
    assert watching.entitled_from is not None
    assert write_current_status(watching.pk, watching.entitled_from) == 0, "there is no state to tell yet"
    county.person("2002")
    baseline = county.roster("baseline")
    assert write_notices(baseline.pk) == 1
    assert write_notices(baseline.pk) == 0
    assert told() == [(watching.pk, "current_status")]
    still = set(Registration.objects.filter(watching=True).values_list("pk", flat=True))
    assert still == {waiting.pk}


def test_a_watch_is_matched_by_a_booking(county: County) -> None:
    watching = active(person_key="2002", watch=True)
    event = county.event(county.person("2002"), "booked")
    write_notices(event.roster_id)
    assert told() == [(watching.pk, "booked")]
    assert not Registration.objects.get(pk=watching.pk).watching


def test_a_death_ends_a_registration_after_its_notice(county: County) -> None:
    person = county.person()
    registration, paused = active(), active(email="cal@example.org")
    pause(paused.pk)
    roster = county.roster()
    death = county.event(person, "died", roster=roster, after={"status": "died"})
    county.event(person, "court_date_changed", roster=roster, recorded_at=death.recorded_at)
    assert write_notices(roster.pk) == 2, "what was recorded with the death is told too"
    ended = Registration.objects.get(pk=registration.pk)
    assert (ended.state, ended.ended_why) == ("ended", "died")
    write_notices(county.event(person, "updated").roster_id)
    write_notices(county.event(person, "vanished").roster_id)
    assert [kind for _, kind in told()] == ["died", "court_date_changed"]

    occasion = resume(paused.pk).entitled_from
    assert occasion is not None
    assert write_summary(paused.pk, occasion) == 1, "who was paused learns of it on resuming"
    assert Registration.objects.get(pk=paused.pk).ended_why == "died"


def test_who_registers_about_somebody_who_died_is_told_and_that_is_all(county: County) -> None:
    county.person(status="died")
    registration = active()
    assert registration.entitled_from is not None
    assert write_current_status(registration.pk, registration.entitled_from) == 1
    assert Registration.objects.get(pk=registration.pk).ended_why == "died"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "late"])
def test_a_death_that_was_not_one_is_taken_back_to_those_told(county: County, order: tuple[int, int]) -> None:
    person = county.person()
    registration = active()
    gone = end(active(email="cal@example.org").pk)
    death = county.event(person, "died", after={"status": "died"})
    alive = county.event(person, "corrected", before={"status": "died"}, after={"status": "in_custody"})
    for step in order:
        write_notices((death, alive)[step].roster_id)
    assert sorted(told()) == [(registration.pk, "corrected"), (registration.pk, "died")]
    assert Registration.objects.get(pk=registration.pk).state == "active"
    assert Registration.objects.get(pk=gone.pk).ended_why == "registrant", (
        "what the registrant ended stays ended"
    )
    write_notices(county.event(person, "transferred").roster_id)
    assert (registration.pk, "transferred") in told()

    true_death = county.event(person, "died", after={"status": "died"})
    write_notices(true_death.roster_id)
    write_notices(alive.roster_id)
    assert Registration.objects.get(pk=registration.pk).ended_why == "died", "a later, true death stands"


def test_a_status_is_told_on_first_becoming_active_only_and_a_summary_on_the_later_times(
    county: County,
) -> None:
    county.person()
    registration = active()
    first = registration.entitled_from
    assert first is not None
    assert write_summary(registration.pk, first) == 0, "it was not paused"
    pause(registration.pk)
    again = resume(registration.pk).entitled_from
    assert again is not None
    assert write_current_status(registration.pk, again) == 0, "the summary says it"
    assert write_current_status(registration.pk, first) == 1
    assert write_summary(registration.pk, database_clock()) == 0, "nothing became active just now"
    assert write_summary(registration.pk, again) == 1
