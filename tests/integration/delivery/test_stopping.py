"""Stopping one contact: it alone, told to the others, seen by the desk; and coming back."""

import pytest

from tests.county import County
from tests.deliveries import phone_number, planned, release
from watchword.audit.models import Entry
from watchword.delivery import replies
from watchword.delivery.models import Delivery
from watchword.delivery.planning import plan_deliveries
from watchword.delivery.stopping import start_again, stop
from watchword.notices.models import Notice
from watchword.registrants.models import ContactPoint, Registration
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db

PHONE = phone_number(0)
WHY = [Task.Kind.OPTED_OUT, Task.Kind.WRONG_NUMBER]


def open_tasks() -> set[str]:
    return set(Task.objects.filter(done=False).values_list("kind", flat=True))


@pytest.mark.parametrize("why", WHY)
def test_it_stops_that_contact_alone_and_tells_the_others_once(county: County, why: Task.Kind) -> None:
    (notice,) = planned(release(county), 1, ["email", "text", "voice"])
    text = ContactPoint.objects.get(channel="text")
    for _ in range(2):
        stop(text.pk, why)
    states = dict(Delivery.objects.filter(notice=notice).values_list("channel", "state"))
    assert states == {"email": "queued", "text": "cancelled", "voice": "queued"}
    assert open_tasks() == {why}
    assert Entry.objects.get(action="contact_point.stop").actor == "holder"
    told = Notice.objects.get(kind="contact_stopped")
    plan_deliveries()
    assert set(Delivery.objects.filter(notice=told).values_list("channel", flat=True)) == {"email", "voice"}


def test_start_brings_it_back_with_an_entry_and_closes_the_task(county: County) -> None:
    planned(release(county), 1, ["text", "voice"])
    replies.answer(PHONE, "Stop.")
    text = ContactPoint.objects.get(channel="text")
    assert text.stopped_why == "opted_out"
    replies.answer(PHONE, "START")
    text.refresh_from_db()
    assert (text.stopped_at, text.stopped_why) == (None, "")
    assert open_tasks() == set()
    assert Entry.objects.get(action="contact_point.start").subject == f"contact_point:{text.pk}"


def test_start_does_not_undo_a_wrong_number(county: County) -> None:
    planned(release(county), 1, ["text"])
    point = ContactPoint.objects.get()
    stop(point.pk, Task.Kind.WRONG_NUMBER)
    start_again(point.pk)
    point.refresh_from_db()
    assert point.stopped_why == "wrong_number"


def test_stopping_the_last_way_to_somebody_brings_the_notice_and_the_registrant_to_the_desk(
    county: County,
) -> None:
    (notice,) = planned(release(county), 1)
    replies.answer(PHONE, "STOP")
    notice.refresh_from_db()
    assert notice.state == Notice.State.AT_DESK
    assert open_tasks() == {"opted_out", "not_reachable", "no_way_left"}
    task = Task.objects.get(kind="no_way_left")
    registration = Registration.objects.get()
    assert task.subject == f"registrant:{registration.registrant_id}"
    assert task.facts == {"registrations": [registration.pk]}
    replies.answer(PHONE, "START")
    assert open_tasks() == {"not_reachable"}


@pytest.mark.parametrize("state", ["ended", "pending", "paused"])
def test_who_is_to_be_told_nothing_now_needs_no_way_to_be_reached(county: County, state: str) -> None:
    planned(release(county), 1)
    Registration.objects.update(state=state)
    replies.answer(PHONE, "STOP")
    assert "no_way_left" not in open_tasks()


def test_a_contact_that_was_never_verified_or_is_a_backup_is_no_way_to_the_registrant(county: County) -> None:
    planned(release(county), 1, ["email", "text", "voice"])
    ContactPoint.objects.filter(channel="email").update(verified_at=None)
    ContactPoint.objects.filter(channel="voice").update(backup=True)
    replies.answer(PHONE, "STOP")
    assert "no_way_left" in open_tasks()
