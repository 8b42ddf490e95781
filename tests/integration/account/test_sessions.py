"""A session is short, kept on our side, and gone when it is left; it becomes sure by what was not shown yet."""

from datetime import timedelta

import pytest
from django.db.models import F

from tests.county import County
from tests.integration.account.people import PIN, by_link, by_pin, contact, signed_up
from tests.integration.registrants.test_contact_codes import code_of
from watchword.audit.models import Entry
from watchword.core.clock import now
from watchword.registrants.coming_back import sessions
from watchword.registrants.coming_back.models import Session
from watchword.registrants.contacts import stop_contact_point
from watchword.registrants.models import Registrant
from watchword.registrants.sign_in import WRONG_TRIES


@pytest.fixture
def bea(county: County) -> Registrant:
    return signed_up(county).registrant


def test_the_key_is_not_kept_and_no_other_key_opens_it(bea: Registrant) -> None:
    key = sessions.begin(bea, "en")
    assert key.encode() not in bytes(Session.objects.get().digest)
    assert sessions.current(key) is not None
    assert sessions.current(key[:-1]) is None
    assert sessions.current("") is None
    assert Entry.objects.filter(action="registrant.sign_in", subject=f"registrant:{bea.pk}").count() == 1


@pytest.mark.parametrize("aged", ["began_at", "seen_at"])
def test_it_ends_after_a_while_and_sooner_without_a_press(bea: Registrant, aged: str) -> None:
    key = sessions.begin(bea, "en")
    minutes = {"began_at": 30, "seen_at": 10}[aged]
    Session.objects.update(**{aged: now() - timedelta(minutes=minutes - 1)})
    assert sessions.current(key) is not None
    Session.objects.update(**{aged: now() - timedelta(minutes=minutes, seconds=1)})
    assert sessions.current(key) is None
    sessions.begin(bea, "en")
    assert Session.objects.count() == 1, "what is over is not kept"


def test_each_press_keeps_it_for_a_while_but_not_for_ever(bea: Registrant) -> None:
    key = sessions.begin(bea, "en")
    later = timedelta(minutes=6)
    for _ in range(5):
        assert sessions.current(key) is not None
        Session.objects.update(seen_at=F("seen_at") - later, began_at=F("began_at") - later)
    assert sessions.current(key) is None


def test_leaving_ends_it_and_another_pin_ends_the_others(bea: Registrant) -> None:
    key, other = sessions.begin(bea, "en"), sessions.begin(bea, "en")
    session = sessions.current(key)
    assert session is not None
    sessions.end_others(session)
    assert (sessions.current(key) is None, sessions.current(other) is None) == (False, True)
    sessions.end(key)
    assert sessions.current(key) is None


def test_a_session_by_link_ends_when_its_contact_is_stopped(bea: Registrant) -> None:
    key = sessions.begin(bea, "en", contact(bea, "email"))
    stop_contact_point(contact(bea, "email").pk, "wrong_number")
    assert sessions.current(key) is None


def test_with_the_pin_a_code_makes_it_sure_once_and_for_some_minutes(bea: Registrant) -> None:
    session, text = by_pin(bea), contact(bea, "text").pk
    with pytest.raises(sessions.NotSureError):
        sessions.must_be_sure(session)
    assert not sessions.prove_by_pin(session, PIN), "the PIN is what was shown already"
    code = code_of(text)
    assert not sessions.prove_by_code(session, contact(bea, "email").pk, code)
    assert sessions.prove_by_code(session, text, code)
    assert sessions.is_sure(session)
    assert sessions.shown_contacts(session) == [text]
    assert not sessions.prove_by_code(session, text, code), "a code is good once"
    session.sure_until = now()
    assert not sessions.is_sure(session)


def test_a_code_to_somebody_elses_contact_proves_nothing(bea: Registrant, county: County) -> None:
    mallory = signed_up(county, "1002", email="mallory@example.org", phone="202 555 0166").registrant
    theirs = contact(mallory, "email").pk
    assert not sessions.prove_by_code(by_pin(bea), theirs, code_of(theirs))


def test_with_a_link_the_same_mailbox_is_not_enough(bea: Registrant) -> None:
    session, email, text = by_link(bea), contact(bea, "email").pk, contact(bea, "text").pk
    assert not sessions.has_shown_pin(session)
    assert not sessions.prove_by_code(session, email, code_of(email))
    assert list(sessions.may_send_code_to(session).values_list("id", flat=True)) == [text]
    assert sessions.prove_by_code(session, text, code_of(text))
    assert not sessions.has_shown_pin(session)
    again = by_link(bea)
    assert not sessions.prove_by_pin(again, "904817")
    assert sessions.prove_by_pin(again, PIN)
    assert sessions.has_shown_pin(again)


def test_pins_tried_in_a_session_count_with_those_of_signing_in(bea: Registrant) -> None:
    session = by_link(bea)
    for _ in range(WRONG_TRIES):
        assert not sessions.prove_by_pin(session, "904817")
    assert not sessions.prove_by_pin(session, PIN)


def test_an_advocate_turns_from_client_to_client_by_the_contact_that_was_shown(county: County) -> None:
    first = signed_up(county).registrant
    second = signed_up(county, "1002", phone="202 555 0177").registrant  # the same email
    stranger = signed_up(county, "1003", email="cal@example.org").registrant
    session = by_link(first)
    assert sessions.others_here(session) == [second.pk, first.pk]
    assert not sessions.switch(session, stranger.pk)
    assert sessions.switch(session, second.pk)
    session.refresh_from_db()
    assert session.registrant == second
    assert sessions.others_here(by_pin(first)) == []
    assert not sessions.switch(by_pin(first), second.pk)
