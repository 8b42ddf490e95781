"""Signing up, page by page, as somebody does it: what is asked, what becomes of it, and what is refused."""

import re
from datetime import time, timedelta

import pytest
from django.test import Client

from tests.county import County
from tests.integration.registrants.asking.people import BORN, held
from tests.integration.site.sign_up.walking import PIN, RIGHT, Walk, open_to_anyone, signed_up
from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.delivery.models import TestMessage
from watchword.delivery.test_wording import message
from watchword.registrants.asking.kept import evidence_of, sought_of
from watchword.registrants.asking.models import Recipient, Relation, Request
from watchword.registrants.contact_codes import CODE_CONTEXT
from watchword.registrants.models import ContactPoint, Registrant, Registration, SilentTime
from watchword.registrants.numbers import number_of
from watchword.registrants.pins import pin_matches
from watchword.site.sign_up import draft as drafts
from watchword.site.templatetags.site_words import spoken

pytestmark = pytest.mark.django_db(transaction=True)


def newest_code(channel: str = "text") -> str:
    sent = TestMessage.objects.filter(channel=channel, says="code").latest("requested_at")
    assert sent.secret is not None
    return keyring().decrypt(sent.secret, CODE_CONTEXT)


def test_of_an_open_source_somebody_is_registered_as_soon_as_a_code_is_given(county: County) -> None:
    held(county)
    walk = signed_up(county)
    assert walk.heading == "Type the code"
    assert "ends in 23" in walk.page
    assert not Registration.objects.exists()
    walk.answer(code=newest_code("text"))
    assert Registration.objects.get().state == "active"
    walk.answer(code=newest_code("email"))
    assert walk.heading == "You are signed up"
    registrant = Registrant.objects.get()
    number = number_of(registrant.pk)
    assert f"{number[:3]} {number[3:6]} {number[6:]}" in walk.page
    assert PIN not in walk.page, "a PIN that they chose they know"
    assert pin_matches(PIN, registrant.pin_hash)
    assert not ContactPoint.objects.filter(verified_at=None).exists()


def test_by_name_people_are_shown_and_one_is_chosen(county: County) -> None:
    held(county)
    held(county, "1002", first_name="Ana", last_name="Stone")
    open_to_anyone()
    walk = Walk().find(full_name="Mercer, John")
    assert walk.heading == "Is it one of these people?"
    assert "1001, North Jail, held there now" in walk.page
    assert "Stone" not in walk.page
    assert walk.answer(chosen="again").heading == "What do you know about the person?"


def test_who_is_not_listed_is_asked_about_by_the_words_that_were_typed_and_an_officer_decides(
    county: County,
) -> None:
    open_to_anyone()
    walk = Walk().find()
    assert walk.heading == "We found nobody"
    walk.answer(chosen="watch").reach().finish().answer(code=newest_code())
    request = Request.objects.get()
    assert (request.state, request.watch) == ("waiting", True)
    assert (sought_of(request).name, sought_of(request).born) == ("Jon Mercer", BORN)
    assert "The office looks at what you asked" in walk.answer(code=newest_code("email")).page


def test_a_verified_source_shows_nothing_and_asks_for_the_right_to_know(county: County) -> None:
    held(county)
    walk = Walk().find()
    assert walk.heading == "Is the person held there now?"
    assert "Mercer" not in walk.page
    walk.answer(held="no")
    assert walk.heading == "Why may you be told?"
    walk.answer(**(RIGHT | {"note": "He calls my sister."})).reach(called="Bea Example").finish()
    request = Request.objects.get()
    assert (request.relation, request.watch, evidence_of(request)) == ("victim", True, "Case number: 26-118")
    assert not Registration.objects.exists()


@pytest.mark.parametrize("field", ["case", "statement", "note"])
@pytest.mark.parametrize(
    ("language", "said"), [("en", "immigration status. We do"), ("es", "estado migratorio de nadie. No lo")]
)
def test_words_that_say_an_immigration_status_are_refused_with_an_explanation_and_not_carried_on(
    county: County, field: str, language: str, said: str
) -> None:
    walk = Walk(language).find().answer(held="yes")
    walk.answer(**(RIGHT | {field: "He is undocumented."}))
    assert said in walk.page
    assert "right" not in walk.draft.answers
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    ("for_whom", "modes"),
    [("another", ["third_party"]), ("both", ["third_party", "direct"]), ("proxy", ["proxy"])],
)
def test_who_signs_up_for_others_gets_a_pin_of_ours(county: County, for_whom: str, modes: list[str]) -> None:
    held(county)
    open_to_anyone()
    walk = Walk().find(for_whom, number="1001").answer(chosen="1001").reach(phone="")
    if for_whom == "both":
        walk.answer(phone="", email="ada@example.org", language="es")
    walk.answer(disguise="").answer(language="en")
    assert list(Recipient.objects.order_by("id").values_list("mode", flat=True)) == modes
    asker = Registrant.objects.order_by("id")[0]
    kept = walk.draft.kept
    assert kept is not None
    for _ in kept.points:
        walk.go("later")
    pin = kept.pin
    assert f"{pin[:3]} {pin[3:]}" in walk.page
    assert pin_matches(pin, asker.pin_hash)


def test_the_other_of_both_types_a_code_of_their_own_and_chooses_a_pin(county: County) -> None:
    held(county)
    open_to_anyone()
    walk = Walk().find("both", number="1001").answer(chosen="1001").reach(phone="")
    walk.answer(phone="", email="bea@example.org", language="es")
    assert "This is your own contact" in walk.page
    walk.answer(phone="", email="ada@example.org", language="es").answer(disguise="").answer(language="en")
    theirs = newest_code("email")
    walk.go("later")
    assert walk.heading == "Is the other person with you?"
    walk.answer(code=theirs, pin="111111")
    assert "Not all the same" in walk.page
    walk.answer(code=theirs, pin="520913")
    other = Registrant.objects.order_by("id")[1]
    assert pin_matches("520913", other.pin_hash)
    assert (other.language, other.registrations.get().state) == ("es", "active")


def given_later(county: County, language: str = "es") -> tuple[Client, str, str]:
    """The other of both, hours later, with nothing but the mail: their code and the address of its page."""
    held(county)
    open_to_anyone()
    walk = Walk().find("both", number="1001").answer(chosen="1001").reach(phone="")
    walk.answer(phone="", email="ada@example.org", language=language).answer(disguise="").answer(
        language="en"
    )
    mail = message(TestMessage.objects.filter(says="code", channel="email").latest("contact_point_id"))
    found = re.search(r"/c/\S+", mail.body)
    assert found
    return Client(), found[0], newest_code("email")


def test_the_other_of_both_gives_their_code_later_by_the_link_that_came_with_it(county: County) -> None:
    client, page, code = given_later(county)
    assert 'lang="es"' in client.get(page).content.decode()
    for code_typed, pin in ((code, "111111"), (f"{(int(code) + 1) % 1_000_000:06}", "520913")):
        assert "usa-error-message" in client.post(page, {"code": code_typed, "pin": pin}).content.decode()
    assert not ContactPoint.objects.exclude(verified_at=None).exists()
    done = client.post(page, {"code": code, "pin": "520913"}).content.decode()
    other = Registrant.objects.order_by("id")[1]
    assert spoken(number_of(other.pk)) in done
    assert pin_matches("520913", other.pin_hash)
    assert other.registrations.get().state == "active"
    again = client.post(page, {"code": code}).content.decode()
    assert spoken(number_of(other.pk)) not in again, "a link alone shows no number"


def test_the_page_of_a_late_code_sends_a_new_one_and_is_nobodys_without_its_link(county: County) -> None:
    client, page, _ = given_later(county)
    client.post(page, {"go": "again"})
    new = newest_code("email")
    assert client.post(page, {"code": new, "pin": "520913"}).status_code == 200
    assert Registrant.objects.order_by("id")[1].pin_hash
    assert client.get("/c/abcdef").status_code == 404


@pytest.mark.parametrize(("kind", "is_tty"), [("landline", False), ("tty", True)])
def test_a_phone_that_takes_no_texts_is_called_and_shown_by_the_pin(
    county: County, kind: str, is_tty: bool
) -> None:
    held(county)
    open_to_anyone()
    walk = (
        Walk()
        .find(number="1001")
        .answer(chosen="1001")
        .reach(phone="202 555 0123 ext 4", email="", kind=kind)
    )
    walk.finish()
    point = ContactPoint.objects.get()
    assert (point.channel, point.tty) == ("voice", is_tty)
    assert walk.heading == "Let us call your phone"
    assert not TestMessage.objects.exists(), "it rings when they say so"
    walk.go("again")
    assert TestMessage.objects.get().channel == "voice"
    walk.answer()
    assert "We do not see your PIN yet" in walk.page
    ContactPoint.objects.update(verified_at=now())  # as phone/proving.py does, once the PIN was entered
    walk.answer()
    assert walk.heading == "You are signed up"


def test_what_is_safe_is_kept_with_the_contacts(county: County) -> None:
    held(county)
    open_to_anyone()
    walk = Walk().find(number="1001").answer(chosen="1001").reach()
    walk.answer(starts="17", ends="8", zone="America/Chicago", voicemail="more", disguise="library")
    walk.answer(language="es", pin=PIN)
    registrant = Registrant.objects.get()
    assert (registrant.time_zone, registrant.language) == ("America/Chicago", "es")
    kept = SilentTime.objects.values_list("contact_point__channel", "kind", "starts", "ends")
    assert sorted(kept) == [(channel, "never_safe", time(17), time(8)) for channel in ("text", "voice")]
    assert registrant.contact_points.get(channel="voice").voicemail_says_more
    assert registrant.contact_points.get(channel="email").disguise == "library"


def test_a_wrong_code_can_be_tried_again_and_a_new_one_be_sent(county: County) -> None:
    held(county)
    walk = signed_up(county)
    first = newest_code()
    assert "not the code" in walk.answer(code="000000" if first != "000000" else "000001").page
    walk.go("again")
    assert TestMessage.objects.filter(channel="text").count() == 2
    walk.answer(code=newest_code())
    assert "email" in walk.page


def test_without_any_code_nothing_is_sent_and_the_page_says_so(county: County) -> None:
    held(county)
    walk = signed_up(county).go("later").go("later")
    assert walk.heading == "One thing is left to do"
    assert not Registration.objects.exists()


def test_at_the_end_each_contact_gets_a_test_once(county: County) -> None:
    held(county)
    walk = signed_up(county).answer(code=newest_code()).answer(code=newest_code("email"))
    walk.go("test").go("test")
    tests = TestMessage.objects.filter(says="test").values_list("channel", flat=True)
    assert sorted(tests) == ["email", "text", "voice"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"phone": "", "email": ""}, "Give a phone number or an email"),
        ({"phone": "12", "email": ""}, "cannot use this phone"),
        ({"phone": "202 555 0123 ext 4", "email": ""}, "without an extension"),
        ({"phone": "", "email": "bea@@example.org"}, "cannot use this email"),
    ],
)
def test_a_contact_that_cannot_be_used_is_said_so_beside_it(
    county: County, typed: dict[str, str], said: str
) -> None:
    open_to_anyone()
    walk = Walk().find(number="1001").answer(chosen="watch").answer(**typed)
    assert said in walk.page
    assert walk.heading == "Where should we send messages?"


@pytest.mark.parametrize("pin", ["", "123456", "111111", "12345"])
def test_a_pin_that_may_not_be_used_is_refused(county: County, pin: str) -> None:
    open_to_anyone()
    walk = Walk().find(number="1001").answer(chosen="watch").reach().finish(pin=pin)
    assert walk.heading == "Your language and PIN"
    assert not Request.objects.exists()


@pytest.mark.usefixtures("county")
def test_back_leads_to_the_page_before_with_what_was_answered_there() -> None:
    open_to_anyone()
    walk = Walk().find()
    assert walk.go("back").heading == "What is their name?"
    assert 'value="Jon Mercer"' in walk.page
    assert walk.go("back").heading == "What do you know about the person?"
    assert walk.go("back").heading == "Who wants to be told?"


@pytest.mark.usefixtures("county")
def test_the_language_can_be_changed_on_any_page_and_the_answers_stay() -> None:
    walk = Walk().answer(for_whom="both")
    walk.response = walk.client.post("/sign-up?lang=es", {"draft": walk.sealed, "go": "stay"})
    assert walk.heading == "¿Qué sabe de la persona?"
    assert walk.draft.said("who", "for_whom") == "both"


def test_a_page_sent_twice_makes_one_request_and_sends_one_code(county: County) -> None:
    held(county)
    open_to_anyone()
    walk = Walk().find(number="1001").answer(chosen="1001").reach(phone="")
    walk.answer(disguise="")
    last = {"draft": walk.sealed, "language": "en", "pin": PIN}
    pages = [walk.client.post("/sign-up", last) for _ in range(2)]
    assert [Request.objects.count(), TestMessage.objects.count()] == [1, 1]
    walk.response = pages[1]
    code = newest_code("email")
    answered = {"draft": walk.sealed, "code": code}
    for _ in range(2):
        walk.response = walk.client.post("/sign-up", answered)
        assert walk.heading == "You are signed up", "loading the page again is no wrong code"


def test_going_back_and_giving_another_contact_is_another_request(county: County) -> None:
    open_to_anyone()
    walk = Walk().find(number="1001").answer(chosen="watch")
    contacts = walk.sealed
    walk.reach().finish()
    walk.response = walk.client.post("/sign-up", {"draft": contacts, "phone": "202 555 0177", "email": ""})
    walk.answer(starts="", ends="", zone="America/New_York", voicemail="less").answer(language="en", pin=PIN)
    assert Request.objects.count() == 2
    assert "ends in 77" in walk.page


def test_a_page_that_waited_too_long_or_was_altered_begins_anew(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk().answer(for_whom="myself")
    sealed = walk.sealed
    for altered in (sealed[:-8] + "AAAAAAA=", "", "nonsense", "é"):
        walk.response = walk.client.post("/sign-up", {"draft": altered, "know": "name"})
        assert walk.heading == "Please begin again"
    monkeypatch.setattr(drafts, "now", lambda: now() + drafts.LASTS + timedelta(seconds=1))
    walk.response = walk.client.post("/sign-up", {"draft": sealed, "know": "name"})
    assert walk.heading == "Please begin again"


def test_two_pages_beside_each_other_know_nothing_of_one_another(county: County) -> None:
    open_to_anyone()
    one, two = Walk(), Walk()
    one.find(number="1001")
    two.find(number="2002")
    assert (one.draft.said("number", "number"), two.draft.said("number", "number")) == ("1001", "2002")


def test_nothing_of_what_is_typed_stays_in_the_browser_or_with_us_before_the_end(county: County) -> None:
    walk = Walk().find().answer(held="yes").answer(**RIGHT).reach(called="Bea Example")
    assert not walk.client.cookies
    assert walk.response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in walk.response.headers
    for typed in ("Mercer", "bea@", "0123", "26-118", "Bea Example"):
        assert typed not in walk.page
        assert typed not in repr(walk.draft)
    assert not any(model.objects.exists() for model in (Request, Registrant, ContactPoint))


def test_with_several_sources_the_one_is_asked_for(county: County) -> None:
    other = County("airport")
    other.source.mapping = other.source.mapping.replace("Harbor County Sheriff", "Airport Police")
    other.source.save()
    open_to_anyone("airport")
    walk = Walk().answer(for_whom="myself")
    assert walk.heading == "Who holds the person?"
    assert "Airport Police" in walk.page
    walk.answer(place="airport").answer(know="number").answer(number="1")
    assert walk.heading == "We found nobody"


@pytest.mark.django_db
def test_an_office_without_a_source_says_so() -> None:
    assert "You cannot sign up here yet" in Client().get("/sign-up").content.decode()


def test_a_rule_that_an_officer_changes_meanwhile_leads_back_to_what_is_missing(county: County) -> None:
    from watchword.registrants.asking.rules import set_rule

    open_to_anyone()
    walk = Walk().find(number="1001").answer(chosen="watch").reach()
    set_rule("harbor", is_open=False, who=[Relation.VICTIM], by="Officer Vale", reason="Case 26-118")
    walk.finish()
    assert walk.heading == "Is the person held there now?"
    assert not Request.objects.exists()
