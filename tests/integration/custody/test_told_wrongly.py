"""Whoever was told what was not true is told so, even if they wished to hear no more."""

from collections.abc import Callable

import pytest

from tests.deliveries import registrants
from tests.integration.custody.rosters import A, B, Feed
from tests.integration.custody.test_deciding import FIRST, send, told, watchers
from watchword.custody import protection
from watchword.custody.models import Event
from watchword.decisions import correct_events
from watchword.delivery.models import Delivery
from watchword.notices import reach
from watchword.notices.actions import write_notices
from watchword.registrants import actions, contacts
from watchword.registrants.models import ContactPoint, Registration

pytestmark = pytest.mark.django_db(transaction=True)


def escape_is_told(feed: Feed) -> tuple[Registration, Event]:
    """A's escape is recorded, and a message of it went out; then the registrant ends the registration."""
    send(feed, A(5), B(5))
    (registration,) = watchers(feed, ["A"])
    send(feed, A(5, status="escaped"), B(5))
    Delivery.objects.update(attempts=1, state="handed_over")
    actions.end(registration.pk)
    return registration, Event.objects.get(kind="escaped")


def test_whoever_was_told_wrongly_and_has_ended_since_is_told_of_the_correction() -> None:
    feed = Feed()
    registration, wrong = escape_is_told(feed)
    assert reach.of_correction([wrong.pk]).notices == {"corrected": 1}
    correct_events([wrong.pk], **FIRST)
    assert told() == [("A", "escaped"), ("A", "corrected")]
    assert Delivery.objects.filter(notice__kind="corrected", state="queued").exists()
    assert write_notices(Event.objects.get(kind="corrected").roster_id) == 0, "once"
    registration.refresh_from_db()
    assert registration.state == "ended", "and they hear nothing else"
    send(feed, B(5))
    assert told()[2:] == []


def test_what_the_feed_itself_takes_back_is_told_to_them_too() -> None:
    feed = Feed()
    escape_is_told(feed)
    send(feed, A(5, status="released"), B(5))
    send(feed, A(5), B(5))
    assert told() == [("A", "escaped")], "they were told of an escape, and that is not what is taken back"
    vanishes = Feed()
    send(vanishes, A(5), B(5))
    (registration,) = watchers(vanishes, ["A"])
    send(vanishes, B(5))
    actions.end(registration.pk)
    send(vanishes, A(5), B(5))
    assert told()[1:] == [("A", "vanished"), ("A", "corrected")]


def stop_every_contact(registration: Registration) -> None:
    for point in ContactPoint.objects.filter(registrant=registration.registrant):
        contacts.stop_contact_point(point.pk, "opted_out")


def protect_the_person(registration: Registration) -> None:
    person = registration.person
    protection.protect(person.source.name, person.key, by="R. Officer", reason="She asked us to.")


def never_told(registration: Registration) -> None:
    Delivery.objects.update(attempts=0, state="queued")


UNTOLD: dict[str, Callable[[Registration], None]] = {
    "who stopped the contact": stop_every_contact,
    "of a person who is protected by now": protect_the_person,
    "whose message was withdrawn before it went out": never_told,
}


@pytest.mark.parametrize("name", UNTOLD)
def test_a_correction_is_not_told_to_somebody(name: str) -> None:
    feed = Feed()
    registration, wrong = escape_is_told(feed)
    UNTOLD[name](registration)
    correct_events([wrong.pk], **FIRST)
    assert told() == [("A", "escaped")]


def test_who_was_never_told_of_it_is_told_nothing() -> None:
    feed = Feed()
    _, wrong = escape_is_told(feed)
    (other,) = registrants(1)
    person = wrong.person
    Registration.objects.create(registrant=other, person=person, state="ended", ended_why="registrant")
    correct_events([wrong.pk], **FIRST)
    assert told() == [("A", "escaped"), ("A", "corrected")]


def test_who_was_told_of_a_correction_hears_of_no_later_one() -> None:
    feed = Feed()
    send(feed, A(5), B(5))
    (registration,) = watchers(feed, ["A"])
    send(feed, B(5))
    send(feed, A(5), B(5))
    actions.end(registration.pk)
    send(feed, B(5))
    send(feed, A(5), B(5))
    assert told() == [("A", "vanished"), ("A", "corrected")]
