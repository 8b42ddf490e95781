"""What one roster tells one registration is one message: sent, read, heard, confirmed and escalated as one."""

from typing import Any

import pytest

from tests.county import County
from tests.deliveries import PIN
from tests.integration.delivery.test_silence import claimed
from tests.integration.notices.test_writing import active
from watchword.core.signing import sign
from watchword.delivery.claims import Room, claim
from watchword.delivery.confirmation import confirm_on_call, confirm_on_page, heard_on_call
from watchword.delivery.ledger import ledger
from watchword.delivery.models import Delivery
from watchword.delivery.planning import plan_deliveries
from watchword.notices.actions import write_notices
from watchword.notices.models import Notice
from watchword.notices.queries import told_together

pytestmark = pytest.mark.django_db


def told_of_a_new_stay(county: County, **asked: Any) -> list[Notice]:
    """Somebody left and came back between two rosters; the notices, in the events' order."""
    person = county.person()
    active(language="en", pin=PIN, **asked)
    roster = county.roster()
    county.event(person, "vanished", roster=roster, after={"status": "vanished"})
    county.event(person, "booked", roster=roster, after={"status": "in_custody"})
    write_notices(roster.pk)
    plan_deliveries()
    return list(Notice.objects.order_by("event_id"))


def test_it_rings_once_and_the_call_says_both_in_order(county: County) -> None:
    told_of_a_new_stay(county, email=None)
    call = Delivery.objects.get(channel="voice")
    assert confirm_on_call(call.pk, PIN)
    gone, back = heard_on_call(call.pk, "en")
    assert "no longer on the list" in gone
    assert "was booked" in back or "taken into custody" in back


def test_the_page_shows_both_in_order_and_the_pin_confirms_both(county: County) -> None:
    notices = told_of_a_new_stay(county, phone=None)
    delivery = Delivery.objects.get()
    assert delivery.notice_id == notices[0].pk
    told = confirm_on_page(sign("delivery", delivery.pk), PIN)
    assert [part.subject.split(":")[0] for part in told] == ["No longer listed", "In custody"]
    assert {notice.state for notice in Notice.objects.all()} == {"confirmed"}
    assert {notice.confirmed_by_channel for notice in Notice.objects.all()} == {"email"}


@pytest.mark.parametrize("channel", ["email", "text"])
def test_a_message_that_may_say_more_says_both_in_order(county: County, channel: str) -> None:
    told_of_a_new_stay(county, allows_detail=True)
    (sent,) = claim(channel, "smtp" if channel == "email" else "twilio", Room(free=9, routine=9), 1)
    first, second = sent.body.index("no longer on the list"), sent.body.index("Ana Example", 40)
    assert 0 < first < second
    assert sent.body.count("Ana Example") >= 2
    if channel == "email":
        assert sent.subject == "No longer listed: Ana Example; In custody: Ana Example"


def test_a_message_that_may_not_say_more_says_nothing_of_either(county: County) -> None:
    told_of_a_new_stay(county)
    (sent,) = claim("text", "twilio", Room(free=9, routine=9), 1)
    assert "Ana" not in sent.body


def test_those_told_together_have_one_ledger(county: County) -> None:
    notices = told_of_a_new_stay(county, email=None)
    assert claimed("text")
    assert ledger(notices[0].pk) == ledger(notices[1].pk) != []


def test_messages_are_told_in_the_order_asked_for_and_each_in_its_events_order(county: County) -> None:
    gone, back = told_of_a_new_stay(county)
    later = county.event(gone.event.person, "transferred")  # type: ignore[union-attr]
    write_notices(later.roster_id)
    moved = Notice.objects.get(event=later)
    assert told_together([moved.pk, gone.pk]) == [moved, gone, back]
