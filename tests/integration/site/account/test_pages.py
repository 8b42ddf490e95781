"""What is done on the pages is done, kept in the ledger, and shown."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.county import County
from tests.integration.account.people import contact, signed_up
from tests.integration.registrants.test_contact_codes import code_of
from tests.integration.site.account.test_door import enter, words_of
from watchword.audit.models import Entry
from watchword.core.clock import now
from watchword.delivery import stopping
from watchword.delivery.models import TestMessage
from watchword.notices.models import Notice
from watchword.protecting import protect
from watchword.registrants.actions import restore, withhold
from watchword.registrants.coming_back.models import Session
from watchword.registrants.models import ContactPoint, Registrant, Registration, SilentTime
from watchword.worklist.models import Task


@pytest.fixture
def registration(county: County) -> Registration:
    return signed_up(county)


@pytest.fixture
def bea(registration: Registration, client: Client) -> Registrant:
    enter(client, registration.registrant)
    return registration.registrant


def entries(action: str) -> int:
    return Entry.objects.filter(action=action, actor="registrant").count()


def made_sure(client: Client) -> None:
    Session.objects.update(sure_until=now() + timedelta(minutes=5))


def test_the_first_page_says_what_was_told_as_of_when_and_from_whom(
    client: Client, bea: Registrant, county: County
) -> None:
    county.roster()
    words = client.get("/my").content.decode()
    for said in (
        "Jon Mercer",
        "Harbor County Sheriff",
        "The newest list from Harbor County Sheriff came on",
        "We told you this on",
        "On: we tell",
    ):
        assert said in words


def test_a_withheld_one_looks_as_one_does_that_was_told_nothing_new(client: Client, bea: Registrant) -> None:
    def pages() -> list[str]:
        return [words_of(client.get(f"/my{path}")) for path in ("", "/messages")]

    before = pages()
    protect("harbor", "1001", by="Officer Vale", reason="He looks for her.")
    assert Registration.objects.get().state == "withheld"
    assert pages() == before


def test_every_message_has_its_ledger_and_whoever_gave_the_pin_can_say_that_they_have_it(
    client: Client, bea: Registrant
) -> None:
    words = client.get("/my/messages").content.decode()
    assert "Email sent to b***@example.org" in words
    notice = Notice.objects.get()
    client.post(f"/my/messages/{notice.pk}/read")
    notice.refresh_from_db()
    assert notice.state == "confirmed"
    assert "You said that you have it." in client.get("/my/messages").content.decode()


def test_whoever_came_by_a_link_alone_cannot_say_so(client: Client, bea: Registrant) -> None:
    Session.objects.update(contact_point=contact(bea, "email"))
    assert "I have read this" not in client.get("/my/messages").content.decode()
    assert client.post(f"/my/messages/{Notice.objects.get().pk}/read").status_code == 404


def test_pausing_and_turning_on_again(client: Client, registration: Registration, bea: Registrant) -> None:
    for path, state in (("pause", "paused"), ("resume", "active")):
        client.post(f"/my/signup/{registration.pk}/{path}")
        registration.refresh_from_db()
        assert registration.state == state
    assert (entries("registration.pause"), entries("registration.resume")) == (1, 1)
    assert Notice.objects.filter(kind="summary").exists()


def test_a_withheld_one_can_be_paused_like_any_other_and_is_paused_once_restored(
    client: Client, registration: Registration, bea: Registrant
) -> None:
    def state_after(what: str) -> list[str]:
        client.post(f"/my/signup/{registration.pk}/{what}")
        return re.findall(r'<b class="state.*?</b>', client.get("/my").content.decode())

    seen = [state_after(what) for what in ("pause", "resume")]
    assert "Paused" in seen[0][0]
    withhold(registration.pk, by="Officer Vale")
    assert [state_after(what) for what in ("pause", "resume")] == seen
    client.post(f"/my/signup/{registration.pk}/pause")
    assert restore(registration.pk, by="Officer Vale", reason="May know.").state == "paused"


def test_a_landline_is_added_and_called(client: Client, bea: Registrant) -> None:
    made_sure(client)
    client.post("/my/contacts/add", {"contact": "202 555 0177", "kind": "landline"})
    point = ContactPoint.objects.latest("id")
    assert (point.channel, point.tty) == ("voice", False)
    assert "Call me now" in client.get(f"/my/contacts/{point.pk}").content.decode()
    client.post(f"/my/contacts/{point.pk}/code", {"call": "1"})
    assert TestMessage.objects.get(contact_point=point).channel == "voice"
    client.post("/my/contacts/add", {"contact": "202 555 0178", "kind": "tty"})
    assert ContactPoint.objects.latest("id").tty


def test_a_contact_is_added_with_a_code_used_as_wished_tested_and_removed(
    client: Client, bea: Registrant
) -> None:
    made_sure(client)
    client.post("/my/contacts/add", {"contact": "New@Example.org"})
    point = ContactPoint.objects.latest("id")
    wrong = client.post(f"/my/contacts/{point.pk}/code", {"code": "12"}).content.decode()
    assert "That is not the code" in wrong
    client.post(f"/my/contacts/{point.pk}/code", {"code": code_of(point.pk)})
    client.post(f"/my/contacts/{point.pk}/use", {"rung": "3", "disguise": "library"})
    client.post(f"/my/contacts/{point.pk}/hours", {"starts": "17:00", "ends": "18:00", "days": ["1", "2"]})
    point.refresh_from_db()
    assert (point.rung, point.disguise, point.verified_at is not None) == (3, "library", True)
    assert SilentTime.objects.get(contact_point=point).days == [1, 2]
    for _ in range(5):
        client.post(f"/my/contacts/{point.pk}/test")
    assert TestMessage.objects.filter(contact_point=point, says="test").count() == 3
    client.post(f"/my/contacts/{point.pk}/remove")
    point.refresh_from_db()
    assert point.stopped_why == "removed"
    assert client.get(f"/my/contacts/{point.pk}").status_code == 404


TIMES: list[tuple[str, dict[str, Any], str]] = [
    (
        "hours",
        {"starts": "22:00", "ends": "07:00", "days": list("1234567"), "keeps_back": "all_but_releases"},
        "quiet",
    ),
    (
        "days",
        {
            "first_day_month": "12",
            "first_day_day": "24",
            "first_day_year": "2099",
            "last_day_month": "12",
            "last_day_day": "26",
            "last_day_year": "2099",
            "keeps_back": "all",
        },
        "blackout",
    ),
]


@pytest.mark.parametrize(("path", "given", "kind"), TIMES)
def test_quiet_times_are_kept_and_ended(
    client: Client, bea: Registrant, path: str, given: dict[str, Any], kind: str
) -> None:
    assert client.post(f"/my/quiet/{path}", given).status_code == 302
    silent = SilentTime.objects.get()
    assert (silent.kind, silent.keeps_back) == (kind, given["keeps_back"])
    assert "Wake me" in client.get("/my/quiet").content.decode() or given["keeps_back"] == "all"
    client.post(f"/my/quiet/{silent.pk}/end")
    assert not SilentTime.objects.exists()


@pytest.mark.parametrize(
    ("path", "given", "said"),
    [
        (
            "quiet/hours",
            {"starts": "22:00", "ends": "22:00", "days": list("1234567"), "keeps_back": "all"},
            "never",
        ),
        ("quiet/hours", {"starts": "22:00", "ends": "07:00", "keeps_back": "all"}, "at least one day"),
        ("quiet/days", TIMES[1][1] | {"last_day_year": "2098"}, "before the first"),
        ("quiet/days", TIMES[1][1] | {"last_day_year": "2100"}, "At most 60 days"),
        ("contacts/add", {"contact": "nonsense"}, "We cannot use this"),
        ("contacts/add", {"contact": "bea@example.org"}, "one of your contacts already"),
        ("pin", {"pin": "123456"}, "in a row"),
    ],
)
def test_what_cannot_be_is_said_in_plain_words(
    client: Client, bea: Registrant, path: str, given: dict[str, Any], said: str
) -> None:
    made_sure(client)
    words = client.post(f"/my/{path}", given).content.decode()
    assert said in words
    assert 'id="errors"' in words


def test_language_and_clock(client: Client, bea: Registrant) -> None:
    client.post("/my/language", {"language": "es", "time_zone": "America/Chicago"})
    bea.refresh_from_db()
    assert (bea.language, bea.time_zone) == ("es", "America/Chicago")
    assert (entries("registrant.language"), entries("registrant.time_zone")) == (1, 1)
    assert client.get("/my")["Content-Language"] == "es"


def test_ending_exporting_and_erasing_go_through_a_code(
    client: Client, registration: Registration, bea: Registrant
) -> None:
    email = contact(bea, "email").pk
    assert client.post("/my/data/erase")["Location"].startswith("/my/sure")
    client.post("/my/sure", {"go": "send", "contact": str(email)})
    assert TestMessage.objects.filter(contact_point=email, says="code").count() == 1
    given = {"go": "code", "contact": str(email), "next": "/my/data/erase"}
    assert "That is not the code" in client.post("/my/sure", given | {"code": "12"}).content.decode()
    assert client.post("/my/sure", given | {"code": code_of(email)})["Location"] == "/my/data/erase"
    copy = client.post("/my/data/export")
    assert copy["Content-Disposition"].startswith("attachment")
    assert copy.json()["number"]
    client.post(f"/my/signup/{registration.pk}/end")
    registration.refresh_from_db()
    assert registration.ended_why == "registrant"
    assert client.post("/my/data/erase")["Location"] == "/my/erased"
    bea.refresh_from_db()
    assert (bea.name, bea.pin_hash) == (None, "")
    assert client.get("/my").status_code == 302


def test_mail_that_somebody_unsubscribed_from_is_shown_as_off_and_turned_on_again(
    client: Client, registration: Registration, bea: Registrant
) -> None:
    email = contact(bea, "email").pk
    off = "Emails about this to b***@example.org are off."
    assert off not in client.get("/my").content.decode()
    stopping.mute(registration.pk, email, by="unsubscribe")
    words = client.get("/my").content.decode()
    assert off in words
    path = f"/my/signup/{registration.pk}/mail/{email}"
    assert path in words
    for page in (client.post(path, follow=True), client.post(path, follow=True)):
        assert "Emails about this go there from now on." in page.content.decode()
        assert off not in page.content.decode()
    assert entries("contact_point.unmute") == 1
    assert not Task.objects.filter(done=False).exists()
