"""When one of a registrant's contact points is stopped, the others are told: it may not have been the registrant."""

from typing import Any

import pytest

from tests.county import County
from tests.integration.notices.test_freezing import freeze
from tests.integration.notices.test_writing import active
from tests.integration.registrants.test_registering import ask
from watchword.notices.actions import write_contact_stopped
from watchword.notices.models import Notice, Wording
from watchword.registrants.actions import end, pause
from watchword.registrants.contacts import stop_contact_point
from watchword.registrants.models import ContactPoint, Registration


def stopped(registration: Registration, channel: str) -> int:
    point = ContactPoint.objects.get(registrant=registration.registrant_id, channel=channel).pk
    stop_contact_point(point, "opted_out")
    return point


def test_the_others_are_told_once_which_contact_was_stopped(county: County) -> None:
    county.person()
    registration = active(language="en")
    point = stopped(registration, "text")
    assert write_contact_stopped(point) == 1
    assert write_contact_stopped(point) == 0
    notice = Notice.objects.get()
    assert (notice.registration_id, notice.kind, notice.event_id) == (
        registration.pk,
        "contact_stopped",
        None,
    )
    freeze()
    words = Wording.objects.get(channel="email")
    assert "We no longer send texts to your number ***23." in words.body
    said = " ".join(Wording.objects.values_list("body", flat=True)) + words.subject
    assert not any(word in said for word in ("Ana", "Example", "1001", "Harbor", "5550123"))
    assert not Wording.objects.filter(channel="text").exists(), (
        "nothing is written for the one that was stopped"
    )


def test_somebody_with_several_registrations_is_told_once_and_one_who_asked_for_quiet_too(
    county: County,
) -> None:
    county.person()
    registration = active()
    pause(registration.pk)
    assert write_contact_stopped(stopped(registration, "voice")) == 1
    assert Notice.objects.get().registration_id == registration.pk


@pytest.mark.parametrize("how", ["pending", "ended", "no other"])
def test_where_nobody_may_or_can_be_told_there_is_no_notice(county: County, how: str) -> None:
    county.person()
    options: dict[str, Any] = {"phone": None} if how == "no other" else {}
    registration = ask() if how == "pending" else active(**options)
    if how == "ended":
        end(registration.pk)
    assert write_contact_stopped(stopped(registration, "email")) == 0
