"""Only the registrant, the person's death or the watch's limit ends a registration; its times of being active stay."""

from datetime import timedelta

import pytest

from tests.county import County
from tests.integration.registrants.test_registering import ask
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.custody.models import HeldChange
from watchword.registrants.actions import end, end_expired_watches, pause, resume
from watchword.registrants.models import Registration
from watchword.worklist.models import Incident


def test_each_time_of_being_active_is_kept(county: County) -> None:
    county.person()
    number = ask(verified=True, by="Officer Vale").pk
    pause(number)
    assert resume(number).state == "active"
    pause(number)
    registration = Registration.objects.get(pk=number)
    assert registration.state == "paused"
    moments = [moment for span in registration.entitled for moment in (span.lower, span.upper) if moment]
    assert len(moments) == 4
    assert moments == sorted(set(moments))
    assert registration.entitled_until == moments[-1]


@pytest.mark.parametrize("state", ["pending", "paused", "ended"])
def test_pausing_what_is_not_active_changes_nothing(county: County, state: str) -> None:
    county.person()
    number = ask().pk
    Registration.objects.update(state=state)
    assert pause(number).state == state
    if state != "paused":
        assert resume(number).state == state


def test_what_the_registrant_ended_stays_ended(county: County) -> None:
    county.person()
    number = ask(verified=True, by="Officer Vale").pk
    ended = end(number)
    assert (ended.state, ended.ended_why) == ("ended", "registrant")
    assert ended.entitled_until is not None
    assert resume(number).entitled == ended.entitled
    assert end(number).entitled == ended.entitled


def test_a_registration_that_is_not_there_is_named(county: County) -> None:
    with pytest.raises(WatchwordError, match="registration 77"):
        pause(77)


def test_a_watch_ends_at_its_limit_only_if_its_person_was_never_listed(county: County) -> None:
    expired, listed, early = (
        ask(person_key=key, watch=True, verified=True, by="Officer Vale") for key in ("2001", "2002", "2003")
    )
    Registration.objects.exclude(pk=early.pk).update(watch_ends_at=now() - timedelta(hours=1))
    county.person("2002")  # compared, but its notices are not written yet
    assert end_expired_watches() == [expired.pk]
    assert end_expired_watches() == []
    states = {one.pk: Registration.objects.get(pk=one.pk) for one in (expired, listed, early)}
    assert (states[expired.pk].state, states[expired.pk].ended_why) == ("ended", "watch_limit")
    assert states[expired.pk].entitled_until is not None
    assert states[listed.pk].state == states[early.pk].state == "active"


@pytest.mark.parametrize(("state", "ends"), [("open", False), ("discarded", True)])
def test_a_watch_goes_on_while_an_incident_holds_the_listing_of_its_person(
    county: County, state: str, ends: bool
) -> None:
    watch = ask(person_key="2001", watch=True, verified=True, by="Officer Vale")
    Registration.objects.update(watch_ends_at=now() - timedelta(hours=1))
    incident = Incident.objects.create(
        source="harbor", roster=county.roster("held").pk, kind="abnormal_change", state=state, facts={}
    )
    HeldChange.objects.create(
        roster=county.roster(), incident=incident, person=watch.person, kind="booked", booking="B-1"
    )
    assert end_expired_watches() == ([watch.pk] if ends else [])
