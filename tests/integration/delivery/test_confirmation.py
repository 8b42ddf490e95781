"""A PIN confirms the notice, stops everything else that was to tell of it, and is no oracle."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.county import County
from tests.deliveries import PIN, happening, notices, phone_number, planned, registrants, release
from watchword.audit.models import Entry
from watchword.core.clock import now
from watchword.core.signing import sign
from watchword.delivery import replies
from watchword.delivery.confirmation import confirm_on_call, confirm_on_page, heard_on_call
from watchword.delivery.escalation import put_at_desk
from watchword.delivery.models import Attempt, Delivery, PinTry
from watchword.delivery.pin_tries import WRONG_TRIES, who_knows
from watchword.delivery.planning import plan_deliveries
from watchword.delivery.states import State
from watchword.notices.models import Notice
from watchword.registrants.models import ContactPoint
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db

WRONG = "750318"
PHONE = phone_number(0)


def hand_over(*channels: str) -> None:
    """As if the worker had done it."""
    for delivery in Delivery.objects.filter(channel__in=channels, state=State.QUEUED):
        Attempt.objects.create(delivery=delivery, reference=f"{delivery.pk:032x}", number=1)
        Delivery.objects.filter(id=delivery.pk).update(
            state=State.HANDED_OVER, attempts=1, handed_over_at=now(), reference=f"{delivery.pk:032x}"
        )


def states() -> dict[str, str]:
    return dict(Delivery.objects.values_list("channel", "state"))


def test_a_pin_on_the_page_shows_the_message_confirms_the_notice_and_stops_the_rest(county: County) -> None:
    planned(release(county), 1, ["email", "text", "voice"])
    hand_over("email", "text")
    email = Delivery.objects.get(channel="email")
    told = confirm_on_page(sign("delivery", email.pk), PIN)
    assert "Ana Example" in told[0].body
    notice = Notice.objects.get()
    assert (notice.state, notice.confirmed_by_channel) == (Notice.State.CONFIRMED, "email")
    assert notice.confirmed_at is not None
    assert states() == {"email": "confirmed", "text": "handed_over", "voice": "cancelled"}
    entry = Entry.objects.get(action="notice.confirm")
    assert (entry.actor, entry.subject) == ("registrant", f"notice:{notice.pk}")


def test_the_page_shows_a_confirmed_message_again_and_confirms_it_once(county: County) -> None:
    planned(release(county), 1, ["email"])
    hand_over("email")
    token = sign("delivery", Delivery.objects.get().pk)
    assert confirm_on_page(token, PIN) == confirm_on_page(token, PIN) != []
    assert Entry.objects.filter(action="notice.confirm").count() == 1


@pytest.mark.parametrize("purpose", ["delivery", "call", "nonsense"])
def test_a_wrong_pin_and_a_link_that_is_not_ours_are_refused_alike_at_the_same_cost(
    county: County, purpose: str
) -> None:
    planned(release(county), 1, ["email"])
    hand_over("email")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert confirm_on_page(sign(purpose, Delivery.objects.get().pk), WRONG) == []
    assert Notice.objects.get().state == Notice.State.OPEN
    assert PinTry.objects.get().right is False
    assert sum("delivery_pintry" in query["sql"] for query in queries) == 3


def test_five_wrong_pins_lock_every_contact_point_of_the_registrant_even_for_the_right_one(
    county: County,
) -> None:
    planned(release(county), 1, ["email", "text", "voice"])
    hand_over("email", "text", "voice")
    deliveries = {d.channel: d.pk for d in Delivery.objects.all()}
    for _ in range(2):
        assert confirm_on_page(sign("delivery", deliveries["email"]), WRONG) == []
        assert not confirm_on_call(deliveries["voice"], WRONG)
    unknown = replies.answer(PHONE, WRONG)
    assert replies.answer(PHONE, PIN) == unknown
    assert confirm_on_page(sign("delivery", deliveries["email"]), PIN) == []
    assert Notice.objects.get().state == Notice.State.OPEN
    # An hour later all is well again.
    PinTry.objects.update(at="2026-01-01T00:00:00Z")
    assert confirm_on_page(sign("delivery", deliveries["email"]), PIN)


def test_a_texted_pin_confirms_every_open_notice_handed_to_that_number_before_it_and_no_other(
    county: County,
) -> None:
    (reader,) = registrants(1, ["text", "voice"])
    for key in ("1", "2", "3"):
        notices(release(county, key), [reader])
    plan_deliveries()
    later = Delivery.objects.filter(channel="text").latest("id")
    Delivery.objects.filter(id=later.pk).update(state=State.RETRY_WAIT)
    hand_over("text")
    replies.answer(PHONE, f" {PIN[:3]}-{PIN[3:]} ")
    assert sorted(Notice.objects.values_list("state", flat=True)) == ["confirmed", "confirmed", "open"]
    assert later.notice_id == Notice.objects.get(state="open").pk
    assert set(
        Delivery.objects.filter(notice__state="confirmed", channel="voice").values_list("state", flat=True)
    ) == {"cancelled"}


def test_two_registrants_with_one_phone_confirm_each_with_their_own_pin(county: County) -> None:
    event = release(county)
    first, second = planned(event, 1), planned(event, 1, pin="920174")
    shared = ContactPoint.objects.get(registrant=first[0].registration.registrant_id)
    ContactPoint.objects.filter(registrant=second[0].registration.registrant_id).update(
        address=shared.address, address_index=shared.address_index
    )
    hand_over("text")
    replies.answer(PHONE, "920174")
    first[0].refresh_from_db()
    second[0].refresh_from_db()
    assert (first[0].state, second[0].state) == ("open", "confirmed")


@pytest.mark.parametrize(
    "body", [WRONG, "STOP", "HELP", "START", "what is it?", "", "12345", "PARAR", "AYUDA", "СТОП", "বন্ধ"]
)
def test_an_unknown_number_is_answered_word_for_word_like_a_known_one(county: County, body: str) -> None:
    planned(release(county), 1, language="es")
    hand_over("text")
    known = replies.answer(PHONE, body)
    assert known
    assert replies.answer("+12025550999", body) == known
    assert replies.answer("40404", body) == known  # a short code


def test_a_wrong_pin_is_answered_in_every_language_so_that_the_registrants_is_among_them(
    county: County,
) -> None:
    planned(release(county), 1, language="es")
    assert replies.answer(PHONE, WRONG).splitlines() == [
        "That PIN is not right. Please check it and try again.",
        "Ese PIN no es correcto. Revíselo e intente otra vez.",
    ]


@pytest.mark.parametrize(
    "body", [f"PIN {PIN}", f"pin: {PIN}", f"{PIN[:3]} {PIN[3:]}.", "４８３９２０", "৪৮৩৯২০"]
)
def test_a_pin_may_be_written_in_many_ways(county: County, body: str) -> None:
    planned(release(county), 1)
    hand_over("text")
    replies.answer(PHONE, body)
    assert Notice.objects.get().state == Notice.State.CONFIRMED


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("+1 202 555 0100", "Harbor Desk, +1 202 555 0100: Reply with your PIN"),
        ("", "Harbor Desk: Reply with your PIN"),
    ],
)
def test_help_names_the_office_and_its_number(settings: Any, number: str, words: str) -> None:
    changed = {"office_name": "Harbor Desk", "office_phone": number}
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update=changed)
    assert replies.answer(PHONE, "Help!").startswith(words)


def test_what_the_provider_has_answered_by_itself_is_done_and_answered_no_more(county: County) -> None:
    planned(release(county), 1, ["text", "voice"])
    assert replies.answer(PHONE, "please no more of this", taken_as="STOP") == ""
    assert ContactPoint.objects.get(channel="text").stopped_why == "opted_out"
    assert replies.answer(PHONE, PIN, taken_as="HELP") == ""
    assert not PinTry.objects.exists()


def test_a_notice_at_the_desk_is_still_confirmed_by_the_pin_and_its_task_is_done(county: County) -> None:
    planned(release(county), 1)
    hand_over("text")
    put_at_desk([Notice.objects.get().pk], Task.Kind.NOT_CONFIRMED)
    replies.answer(PHONE, PIN)
    assert Notice.objects.get().state == Notice.State.CONFIRMED
    assert Task.objects.get().done


def test_a_call_reads_its_own_notice_and_then_the_others_that_this_phone_was_told_of(county: County) -> None:
    (reader,) = registrants(1, ["voice"])
    notices(release(county, "1"), [reader])
    notices(happening(county, "escaped", "2"), [reader])
    plan_deliveries()
    hand_over("voice")
    called = Delivery.objects.latest("id")
    assert confirm_on_call(called.pk, PIN)
    assert set(Notice.objects.values_list("state", flat=True)) == {"confirmed"}
    bodies = heard_on_call(called.pk, "en")
    assert len(bodies) == 2
    assert "escaped" in bodies[0]
    assert "released" in bodies[1]


def test_a_call_does_not_read_again_what_an_earlier_call_confirmed(county: County) -> None:
    (reader,) = registrants(1, ["voice"])
    for event in (release(county, "1"), happening(county, "escaped", "2")):
        notices(event, [reader])
        plan_deliveries()
        hand_over("voice")
        called = Delivery.objects.latest("id")
        assert confirm_on_call(called.pk, PIN)
    (body,) = heard_on_call(called.pk, "en")
    assert "escaped" in body


def test_the_right_pin_of_one_who_shares_the_phone_is_no_guess_at_the_others(county: County) -> None:
    event = release(county)
    planned(event, 1)
    (second,) = planned(event, 1, pin="920174")
    shared = ContactPoint.objects.exclude(registrant=second.registration.registrant_id).get()
    ContactPoint.objects.filter(registrant=second.registration.registrant_id).update(
        address=shared.address, address_index=shared.address_index
    )
    hand_over("text")
    for _ in range(WRONG_TRIES):
        replies.answer(PHONE, "920174")
    replies.answer(PHONE, PIN)
    assert set(Notice.objects.values_list("state", flat=True)) == {"confirmed"}


def test_tries_that_come_at_the_same_moment_count_one_another(county: County) -> None:
    planned(release(county), 1)
    point = ContactPoint.objects.get()
    # What other processes have begun and not yet judged counts as wrong.
    PinTry.objects.bulk_create(PinTry(contact_point=point, right=False) for _ in range(WRONG_TRIES))
    assert who_knows(PIN, [point]) == []


def test_a_notice_is_confirmed_by_at_most_one_delivery(county: County) -> None:
    planned(release(county), 1, ["email", "text"])
    hand_over("email", "text")
    assert confirm_on_page(sign("delivery", Delivery.objects.get(channel="email").pk), PIN)
    replies.answer(PHONE, PIN)
    assert list(states().values()).count("confirmed") == 1
