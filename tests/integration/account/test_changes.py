"""What would cut a registrant off needs a PIN and a contact both, is in the ledger, and the others hear of it."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.db.models import F

from tests.county import County
from tests.integration.account.people import PIN, by_link, by_pin, contact, signed_up
from tests.integration.registrants.asking.people import held
from tests.integration.registrants.test_contact_codes import code_of
from tests.integration.registrants.test_handing_over import told_for_another
from watchword import pipeline
from watchword.account import actions, erasing, exporting
from watchword.audit.models import Entry
from watchword.core.clock import now
from watchword.delivery.changes import MOST_TRIES, send_lost_again
from watchword.delivery.codes import send_code
from watchword.delivery.confirmation import confirm_on_page
from watchword.delivery.links import token_of
from watchword.delivery.models import Delivery, TestMessage
from watchword.delivery.records import Accepted, Completed, Refused, Result, Unknown
from watchword.delivery.test_wording import message
from watchword.delivery.testing import settle, take
from watchword.registrants.coming_back.models import Session
from watchword.registrants.coming_back.sessions import NotSureError, prove_by_code
from watchword.registrants.contacts import (
    MOST_CONTACTS,
    ContactInUseError,
    TooManyContactsError,
    disguise_email,
)
from watchword.registrants.models import ContactPoint, Registrant, Registration, SilentTime
from watchword.registrants.pins import pin_matches
from watchword.registrants.preferences import set_language

Change = Callable[[Session, Registration], object]

CHANGES: dict[str, tuple[Change, str]] = {
    "add a contact": (
        lambda s, r: actions.add_contact(s, email="new@example.org", phone=None),
        "contact_point.add",
    ),
    "remove a contact": (
        lambda s, r: actions.remove_contact(s, contact(r.registrant, "voice").pk),
        "contact_point.stop",
    ),
    "end": (lambda s, r: actions.end_registration(s, r.pk), "registration.end"),
    "another PIN": (lambda s, r: actions.set_pin(s, "520913"), "registrant.set_pin"),
    "erase": (lambda s, r: erasing.erase(s), "registrant.erase"),
}


def told_of_change() -> set[str]:
    return set(TestMessage.objects.filter(says="change").values_list("channel", flat=True))


@pytest.mark.parametrize("name", CHANGES)
def test_it_needs_a_code_is_in_the_ledger_and_tells_the_other_contacts(county: County, name: str) -> None:
    change, act = CHANGES[name]
    registration = signed_up(county)
    with pytest.raises(NotSureError):
        change(by_pin(registration.registrant), registration)
    with pytest.raises(NotSureError):
        change(by_link(registration.registrant), registration)
    assert told_of_change() == set()
    assert not Entry.objects.filter(action=act).exists()
    change(by_pin(registration.registrant, sure=True), registration)
    assert Entry.objects.filter(action=act, actor="registrant").exists()
    # The code went to the email address. A phone is told once, by text; where its calls were removed, it is shown.
    assert told_of_change() == (set() if name == "remove a contact" else {"text"})


def test_exporting_needs_a_code_as_well(county: County) -> None:
    registration = signed_up(county)
    with pytest.raises(NotSureError):
        exporting.export(by_pin(registration.registrant))


def test_who_hears_of_a_change_reads_nothing_of_whom_or_what(county: County) -> None:
    registration = signed_up(county)
    actions.end_registration(by_pin(registration.registrant, sure=True), registration.pk)
    for sent in TestMessage.objects.select_related("contact_point__registrant").filter(says="change"):
        out = message(sent)
        assert "changed just now" in out.body
        assert not any(word in f"{out.subject} {out.body}" for word in ("Jon", "Mercer", "Bea", "1001"))


def test_who_hears_of_a_change_does_so_when_it_is_safe(county: County) -> None:
    registration = signed_up(county)
    always = {"days": [1, 2, 3, 4, 5, 6, 7], "starts": time(0), "ends": time(0)}
    SilentTime.objects.create(
        registrant=registration.registrant,
        contact_point=contact(registration.registrant, "text"),
        kind="never_safe",
        keeps_back="all",
        **always,
    )
    actions.set_pin(by_pin(registration.registrant, sure=True), "520913")
    change = TestMessage.objects.get(says="change")
    assert change.send_from > change.requested_at


def change_that_was_sent(county: County) -> TestMessage:
    actions.set_pin(by_pin(signed_up(county).registrant, sure=True), "520913")
    (out,) = take(["twilio", "signalwire"])
    assert take(["twilio", "signalwire"]) == []
    return TestMessage.objects.get(reference=out.reference)


@pytest.mark.parametrize(
    ("result", "again"),
    [
        (Refused(code="500", permanent=False), True),
        (Unknown(code="timeout"), True),
        (Refused(code="21211", permanent=True), False),
        (Accepted(provider_id="SM1"), False),
    ],
)
def test_that_something_changed_is_sent_again_by_the_next_provider_until_one_takes_it(
    county: County, settings: Any, result: Result, again: bool
) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"text_providers": "twilio,signalwire"})
    sent = change_that_was_sent(county)
    settle([Completed(outbound=message(sent), result=result)])
    change = TestMessage.objects.get(pk=sent.pk)
    assert (change.sent_at is None) is again
    if again:
        assert (change.provider, change.tries, change.send_from > now()) == ("signalwire", 1, True)
        TestMessage.objects.update(send_from=now(), tries=MOST_TRIES - 1)
        assert [out.provider for out in take(["twilio", "signalwire"])] == ["signalwire"]
        settle([Completed(outbound=message(change), result=result)])
        assert TestMessage.objects.get(pk=sent.pk).sent_at is not None, "not for ever"


def test_a_worker_that_is_lost_takes_no_such_message_along(county: County) -> None:
    sent = change_that_was_sent(county)
    assert send_lost_again() == 0
    TestMessage.objects.update(sent_at=F("sent_at") - timedelta(minutes=11))
    assert send_lost_again() == 1
    TestMessage.objects.update(send_from=now())
    assert [out.reference for out in take(["twilio"])] == [sent.reference]


def test_a_new_contact_gets_a_code_and_nothing_else_before_it_is_given_back(county: County) -> None:
    registration = signed_up(county)
    bea = registration.registrant
    (point,) = actions.add_contact(by_pin(bea, sure=True), email="new@example.org", phone=None)
    assert point.verified_at is None
    assert list(TestMessage.objects.filter(contact_point=point).values_list("says", flat=True)) == ["code"]
    assert pipeline.give_code(point.pk, code_of(point.pk))
    assert ContactPoint.objects.get(pk=point.pk).verified_at is not None


def test_a_contact_that_was_stopped_may_be_given_again_and_is_verified_anew(county: County) -> None:
    bea = signed_up(county).registrant
    session, email = by_pin(bea, sure=True), contact(bea, "email")
    with pytest.raises(ContactInUseError):
        actions.add_contact(session, email="bea@example.org", phone=None)
    actions.remove_contact(session, email.pk)
    assert [point.pk for point in actions.add_contact(session, email="bea@example.org", phone=None)] == [
        email.pk
    ]
    email.refresh_from_db()
    assert (email.stopped_at, email.verified_at) == (None, None)


def test_contacts_are_few(county: County) -> None:
    bea = signed_up(county).registrant
    session = by_pin(bea, sure=True)
    for number in range(MOST_CONTACTS - bea.contact_points.count()):
        actions.add_contact(session, email=f"bea{number}@example.org", phone=None)
    with pytest.raises(TooManyContactsError):
        actions.add_contact(session, email="one.more@example.org", phone=None)


def test_what_was_on_its_way_to_a_contact_goes_the_next_way(county: County) -> None:
    county.person()
    registration = signed_up(county, "1002")
    bea = registration.registrant
    Delivery.objects.update(state="queued")
    email = contact(bea, "email")
    actions.remove_contact(by_pin(bea, sure=True), email.pk)
    states: dict[str, Any] = dict(Delivery.objects.values_list("channel", "state"))
    assert states["email"] == "cancelled"
    assert states["text"] == "queued"


def test_the_last_contact_cannot_be_removed(county: County) -> None:
    bea = signed_up(county, phone=None).registrant
    with pytest.raises(actions.LastContactError):
        actions.remove_contact(by_pin(bea, sure=True), contact(bea, "email").pk)


def test_nobody_changes_what_is_not_theirs(county: County) -> None:
    bea = signed_up(county).registrant
    other = signed_up(county, "1002", email="cal@example.org", phone="202 555 0188")
    session = by_pin(bea, sure=True)
    for change in (
        lambda: actions.remove_contact(session, contact(other.registrant, "text").pk),
        lambda: actions.end_registration(session, other.pk),
        lambda: actions.hand_registration_over(session, other.pk, email="dot@example.org", phone=None),
    ):
        with pytest.raises(actions.NotTheirsError):
            change()


def test_another_pin_signs_everybody_else_out(county: County) -> None:
    bea = signed_up(county).registrant
    by_pin(bea)
    session = by_pin(bea, sure=True)
    actions.set_pin(session, "520913")
    assert list(Session.objects.all()) == [session]
    assert pin_matches("520913", Registrant.objects.get(pk=bea.pk).pin_hash)


def test_a_client_is_handed_over_with_a_code_to_the_colleague(county: County) -> None:
    held(county)
    old = told_for_another()
    email = contact(old.registrant, "email").pk
    session = by_pin(old.registrant)
    assert prove_by_code(session, email, code_of(email))
    new = actions.hand_registration_over(session, old.pk, email="dot@example.org", phone=None)
    assert new.state == "pending"
    assert TestMessage.objects.filter(contact_point__registrant=new.registrant_id, says="code").count() == 1


def test_what_was_told_before_another_language_was_chosen_is_still_read_and_confirmed(county: County) -> None:
    registration = signed_up(county)
    delivery = Delivery.objects.get(channel="email")
    set_language(registration.registrant_id, "es", by="registrant")
    (told,) = confirm_on_page(token_of(delivery.pk), PIN)
    assert (told.language, "Jon Mercer" in told.body) == ("en", True)


def test_a_code_to_a_disguised_mailbox_is_there_and_the_office_is_not(county: County) -> None:
    email = contact(signed_up(county).registrant, "email").pk
    disguise_email(email, ContactPoint.Disguise.LIBRARY)
    send_code(email)
    out = message(TestMessage.objects.select_related("contact_point__registrant").get(says="code"))
    assert out.sender_name == "Library"
    assert any(word.isdigit() and len(word) == 6 for word in out.body.replace(".", " ").split())
    assert "Notification" not in out.body
