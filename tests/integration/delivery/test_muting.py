"""Unsubscribing from the mail about one person: an advocate at one address goes on being told of everybody else."""

import json

import pytest
from django.test import Client

from tests.county import County
from tests.deliveries import happening, notices, registrants
from tests.integration.account.people import by_pin
from watchword.account.exporting import export
from watchword.audit.models import Entry
from watchword.custody.models import Event
from watchword.delivery.claims import Room, claim
from watchword.delivery.links import Links, public_url
from watchword.delivery.models import Delivery
from watchword.delivery.planning import plan_deliveries
from watchword.delivery.stopping import mute, start_again, stop, unmute
from watchword.notices.models import Notice, Wording
from watchword.registrants import muting
from watchword.registrants.models import ContactPoint, Mute, Registrant
from watchword.registrants.queries import contact_points_of
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db

ANA, BEN = "1001", "1002"
PRESSING = {"immediate": "released", "routine": "transferred"}


def told(advocate: Registrant, county: County, key: str, kind: str = "released") -> Notice:
    """She is told for the first time that something happened to this person."""
    return planned(advocate, happening(county, kind, key))


def told_again(before: Notice, county: County) -> Notice:
    """She is told that it happened to the same person once more."""
    registration = before.registration
    event = county.event(registration.person, before.kind, after={"status": "released"})
    return planned(registration.registrant, event)


def planned(advocate: Registrant, event: Event) -> Notice:
    (notice,) = notices(event, [advocate])
    plan_deliveries()
    return notice


def click(notice: Notice, then: str = "") -> None:
    """Somebody clicks in the mail of this notice."""
    mail = Delivery.objects.get(notice=notice, channel="email")
    Client().post(Links.here().unsubscribe(mail.pk).removeprefix(public_url()) + then)


def states(notice: Notice) -> dict[str, str]:
    return dict(Delivery.objects.filter(notice=notice).values_list("channel", "state"))


def open_tasks() -> list[str]:
    return sorted(Task.objects.filter(done=False).values_list("kind", flat=True))


@pytest.fixture
def advocate() -> Registrant:
    (made,) = registrants(1, ["email", "text"])
    return made


@pytest.mark.parametrize("kind", PRESSING.values(), ids=PRESSING)
def test_mail_about_one_person_stops_and_about_another_goes_on(
    county: County, advocate: Registrant, kind: str
) -> None:
    ana, ben = told(advocate, county, ANA, kind), told(advocate, county, BEN, kind)
    click(ana)
    assert states(ana) == {"email": "cancelled", "text": "queued"}
    assert states(ben) == {"email": "queued", "text": "queued"}
    assert set(states(told_again(ana, county))) == {"text"}
    assert set(states(told_again(ben, county))) == {"email", "text"}


def test_what_was_planned_meanwhile_is_not_sent(county: County, advocate: Registrant) -> None:
    ana, ben = told(advocate, county, ANA), told(advocate, county, BEN)
    Mute.objects.create(
        registration=ana.registration, contact_point=advocate.contact_points.get(channel="email")
    )
    (sent,) = claim("email", "smtp", Room(free=9, routine=9), 1)
    assert Delivery.objects.get(pk=sent.delivery).notice == ben
    assert states(ana)["email"] == "cancelled"


def test_the_others_hear_of_it_once_and_the_desk_gets_one_task_for_each_person(
    county: County, advocate: Registrant
) -> None:
    ana, ben = told(advocate, county, ANA), told(advocate, county, BEN)
    for notice in (ana, ana, ben):
        click(notice)
    about = Notice.objects.filter(kind="contact_stopped").order_by("id")
    assert [each.registration_id for each in about] == [ana.registration_id, ben.registration_id]
    plan_deliveries()
    assert [set(states(each)) for each in about] == [{"text"}, {"text"}]
    words = Wording.objects.get(notice=about[0], channel="email").body
    assert "We no longer send emails to r***@example.org about one of your sign-ups." in words
    assert open_tasks() == ["opted_out", "opted_out"]
    email = advocate.contact_points.get(channel="email").pk
    assert [task.facts for task in Task.objects.order_by("id")] == [
        {"contact_point": email, "registration": each.registration_id} for each in (ana, ben)
    ]
    assert Entry.objects.filter(action="contact_point.mute", actor="unsubscribe").count() == 2


def test_undoing_one_click_undoes_that_one_alone(county: County, advocate: Registrant) -> None:
    ana, ben = told(advocate, county, ANA), told(advocate, county, BEN)
    click(ana)
    click(ben)
    for _ in range(2):
        click(ana, "/undo")
    assert Mute.objects.get().registration == ben.registration
    assert open_tasks() == ["opted_out"]
    assert Entry.objects.get(action="contact_point.unmute").actor == "holder"
    assert set(states(told_again(ana, county))) == {"email", "text"}
    assert set(states(told_again(ben, county))) == {"text"}


def test_where_it_was_the_last_way_for_one_person_the_desk_has_that_one(county: County) -> None:
    (advocate,) = registrants(1, ["email"])
    ana, ben = told(advocate, county, ANA), told(advocate, county, BEN)
    click(ana)
    ana.refresh_from_db()
    ben.refresh_from_db()
    assert (ana.state, ben.state) == (Notice.State.AT_DESK, Notice.State.OPEN)
    assert open_tasks() == ["no_way_left", "not_reachable", "opted_out"]
    assert Task.objects.get(kind="no_way_left").facts == {"registrations": [ana.registration_id]}
    assert not Notice.objects.filter(kind="contact_stopped").exists()
    click(ana, "/undo")
    assert open_tasks() == ["not_reachable"]


def test_a_way_that_is_muted_for_one_person_is_none_when_the_other_is_stopped(
    county: County, advocate: Registrant
) -> None:
    ana, ben = told(advocate, county, ANA), told(advocate, county, BEN)
    click(ana)
    Notice.objects.filter(kind="contact_stopped").delete()
    text = advocate.contact_points.get(channel="text").pk
    stop(text, Task.Kind.OPTED_OUT)
    assert muting.unreachable(advocate.pk) == [ana.registration_id]
    assert Task.objects.get(kind="no_way_left").facts == {"registrations": [ana.registration_id]}
    ana.refresh_from_db()
    assert ana.state == Notice.State.AT_DESK, "a mail that went out before the click is no hope"
    about = Notice.objects.get(kind="contact_stopped")
    assert about.registration == ben.registration, "it is told where a way to tell it is left"
    start_again(text)
    assert "no_way_left" not in open_tasks()


@pytest.mark.parametrize("channel", ["email", "text"])
def test_what_is_stopped_already_is_not_muted(county: County, advocate: Registrant, channel: str) -> None:
    ana = told(advocate, county, ANA)
    point = advocate.contact_points.get(channel=channel)
    stop(point.pk, Task.Kind.WRONG_NUMBER)
    mute(ana.registration_id, point.pk, by="unsubscribe")
    assert not Mute.objects.exists()
    unmute(ana.registration_id, point.pk)
    assert ContactPoint.objects.get(pk=point.pk).stopped_why == "wrong_number"


def test_it_is_in_what_is_exported_and_listed_of_that_registration_alone(
    county: County, advocate: Registrant
) -> None:
    ana, ben = told(advocate, county, ANA), told(advocate, county, BEN)
    click(ana)
    muted = Mute.objects.get()
    said = json.loads(export(by_pin(advocate, sure=True)))
    assert {each["id"]: each["no_mail_to"] for each in said["registrations"]} == {
        ana.registration_id: [{"contact_point": muted.contact_point_id, "since": str(muted.since)}],
        ben.registration_id: [],
    }
    for notice, since in ((ana, muted.since), (ben, None)):
        listed = {each["channel"]: each["muted_at"] for each in contact_points_of(notice.registration_id)}
        assert listed == {"email": since, "text": None}
