"""The outgoing call, step by step as a carrier follows it."""

from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

import pytest

from tests.county import County
from tests.deliveries import NOWHERE, PIN, planned, release
from tests.integration.api.test_carrier import signed
from tests.integration.phone.calls import Step
from watchword.core.clock import now
from watchword.delivery import receipts
from watchword.delivery.links import Links, public_url
from watchword.delivery.models import Attempt, Delivery
from watchword.delivery.states import State
from watchword.notices.models import Notice
from watchword.registrants.models import ContactPoint
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db

WRONG = "750318"


NUMBER = "+1 202 555 0100"


@pytest.fixture(autouse=True)
def office(settings: Any) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(
        update={"office_name": "Harbor Desk", "office_phone": NUMBER}
    )


@pytest.fixture
def call(county: County) -> Step:
    planned(release(county), 1, ["voice"])
    return ring()


def ring() -> Step:
    """The carrier has taken the call over, and somebody picks up."""
    delivery, reference = Delivery.objects.get(), uuid4()
    Delivery.objects.update(state=State.HANDED_OVER, reference=reference, handed_over_at=now())
    Attempt.objects.create(delivery=delivery, reference=reference, number=delivery.attempt_set.count() + 1)
    return Step(Links.here().call(delivery.pk))


def report(**form: str) -> None:
    """The carrier reports on the newest call."""
    reference: UUID = Attempt.objects.latest("number").reference
    receipts.read(receipts.keep("twilio", "call", urlencode({"CallSid": "CA1"} | form).encode(), reference))


def test_nothing_of_the_case_is_said_before_the_pin(call: Step) -> None:
    for step in (call, call.press(WRONG), call.wait(), call.press("*"), call.press("0")):
        assert not {"Ana", "Example", "released", "Jail", "custody", "Harbor"} & set(
            step.says.replace(".", " ").split()
        )


def test_a_backup_is_asked_to_reach_somebody_and_can_say_that_the_number_is_wrong(
    county: County,
) -> None:
    planned(release(county), 1, ["voice"])
    ContactPoint.objects.update(backup=True)
    opening = ring()
    assert "named you as a person who can reach them" in opening.says
    assert "Ana" not in opening.says
    assert opening.press("9").ends
    assert ContactPoint.objects.get().stopped_why == "wrong_number"


def test_the_right_pin_brings_the_message_and_1_brings_it_again(call: Step) -> None:
    message = call.press(PIN)
    assert "Ana Example was released" in message.says
    assert "Ana Example was released" in message.press("1").says
    assert message.press("2").ends
    notice = Notice.objects.get()
    assert (notice.state, notice.confirmed_by_channel) == ("confirmed", "voice")


def test_a_wrong_pin_is_asked_for_three_times_and_then_the_call_ends(call: Step) -> None:
    last = call.press(WRONG).press(WRONG).press(WRONG)
    assert last.ends
    assert Notice.objects.get().state == "open"


def test_silence_is_no_wrong_pin(call: Step) -> None:
    assert "Ana Example was released" in call.wait().wait().press(WRONG).press(WRONG).press(PIN).says


def test_tries_are_counted_across_calls(call: Step) -> None:
    call.press(WRONG).press(WRONG).press(WRONG)
    locked = ring().press(WRONG).press(WRONG).press(PIN)
    assert locked.ends
    assert Notice.objects.get().state == "open"
    assert ring().press(PIN).says.startswith("That PIN is not right")


def test_9_stops_these_calls_without_a_pin(call: Step) -> None:
    assert call.press("9").ends
    assert ContactPoint.objects.get().stopped_why == "wrong_number"
    kinds = set(Task.objects.values_list("kind", flat=True))
    assert kinds == {"wrong_number", "not_reachable", "no_way_left"}


def test_the_registrants_language_is_spoken_and_the_star_key_changes_it_for_this_call(county: County) -> None:
    planned(release(county), 1, ["voice"], language="es")
    spanish = ring()
    assert spanish.languages == ["es-US", "en-US"]  # the last sentence offers English, in English
    english = spanish.press("*")
    assert english.languages == ["en-US", "es-US"]
    assert english.press(WRONG).languages == ["en-US", "es-US"]
    message = english.press(PIN)
    assert "Ana Example was released" in message.says
    assert "salió" in message.press("*").says
    assert "Ana Example was released" in message.press("*").press("*").says
    assert ring().languages[0] == "es-US"


def test_0_reaches_a_person_and_whoever_was_not_reached_is_told_the_number(call: Step) -> None:
    for step in (call.press("0"), call.press(PIN).press("0"), call.press(WRONG).press("0")):
        assert "".join(step.root.itertext()).endswith("+12025550100")
        assert step.dialled("completed").says == ""
        assert NUMBER in step.dialled("no-answer").says
    assert Notice.objects.get().state == "confirmed"  # by the PIN, not by talking


def test_a_person_behind_a_switchboard_is_dialled_with_the_extension(call: Step, settings: Any) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"office_phone": "202-555-0100 ext. 42"})
    number = call.press("0").root.find("Dial/Number")
    assert number is not None
    assert (number.text, number.attrib["sendDigits"]) == ("+12025550100", "wwww42")


@pytest.mark.parametrize("number", ["", "ask at the desk"])
def test_where_the_office_has_no_number_no_person_is_offered(
    county: County, settings: Any, number: str
) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"office_phone": number})
    planned(release(county), 1, ["voice"])
    step = ring()
    assert "press 0" not in step.says
    assert step.press("0").says.startswith("That PIN is not right")


def test_who_presses_nothing_is_asked_three_times_and_then_to_call_back(call: Step) -> None:
    third = call.wait().wait()
    assert "PIN" in third.says
    last = third.wait()
    assert last.ends
    assert last.says == f"This is a notification service. Please call back at {NUMBER}."


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (False, f"This is a notification service. Please call back at {NUMBER}."),
        (True, f"This is Harbor Desk. We have a message for you. Please call back at {NUMBER}."),
    ],
)
def test_a_machine_records_only_a_request_to_call_back_unless_the_registrant_allows_the_offices_name(
    call: Step, more: bool, words: str
) -> None:
    ContactPoint.objects.update(voicemail_says_more=more)
    report(AnsweredBy="machine_end_beep")
    left = call.wait()
    assert left.ends
    assert left.says == words


def test_where_a_call_cannot_be_sent_to_those_words_it_comes_to_them_by_itself(
    call: Step, settings: Any
) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"carrier_url": NOWHERE})
    path = Links.here().status("twilio", "voice", Attempt.objects.get().reference).removeprefix(public_url())
    assert signed(path, {"CallSid": "CA1", "AnsweredBy": "machine_end_beep"}).status_code == 204
    assert call.wait().ends


def test_who_was_taken_for_a_machine_can_enter_the_pin_all_the_same(call: Step) -> None:
    taken_for_one = Step(Links.here().call(Delivery.objects.get().pk, "voicemail"))
    assert "Ana Example was released" in taken_for_one.press(PIN).says


# What the carrier reports, in order; what the ledger says of the call; the delivery's state.
OUTCOMES = [
    ([{"CallStatus": "busy", "SipResponseCode": "486"}], "busy", "retry_wait"),
    ([{"CallStatus": "busy", "SipResponseCode": "603"}], "rejected", "retry_wait"),
    ([{"CallStatus": "no-answer"}], "no_answer", "retry_wait"),
    ([{"CallStatus": "failed"}], "unreachable", "retry_wait"),
    ([{"CallStatus": "failed", "SipResponseCode": "404"}], "invalid", "undeliverable"),
    ([{"CallStatus": "failed", "ErrorCode": "13224"}], "invalid", "undeliverable"),
    ([{"CallStatus": "canceled"}], None, "retry_wait"),
    ([{"CallStatus": "completed"}], "answered", "delivered"),
    ([{"AnsweredBy": "human"}, {"CallStatus": "completed"}], "answered", "delivered"),
    ([{"AnsweredBy": "machine_end_beep"}], "voicemail", "handed_over"),
    ([{"AnsweredBy": "machine_end_silence"}, {"CallStatus": "completed"}], "voicemail", "delivered"),
    ([{"CallStatus": "completed"}, {"AnsweredBy": "machine_end_other"}], "voicemail", "delivered"),
    ([{"CallStatus": "completed", "AnsweredBy": "fax"}], "voicemail", "delivered"),
]


@pytest.mark.parametrize(("reports", "outcome", "state"), OUTCOMES)
def test_each_end_of_a_call_is_kept_with_its_attempt(
    call: Step, reports: list[dict[str, str]], outcome: str | None, state: str
) -> None:
    for each in reports:
        report(**each)
    assert Attempt.objects.get().call_outcome == outcome
    assert Delivery.objects.get().state == state


def test_a_call_in_which_the_pin_was_given_stays_confirmed_whatever_comes_later(call: Step) -> None:
    call.press(PIN)
    report(AnsweredBy="machine_end_beep")
    report(CallStatus="completed")
    assert Attempt.objects.get().call_outcome == "confirmed"
    assert Delivery.objects.get().state == "confirmed"


def test_hearing_again_needs_more_than_the_address_of_the_call(call: Step) -> None:
    delivery = Delivery.objects.get()
    path = urlsplit(Links.here().call(delivery.pk)).path.replace("/start", "/again")
    assert signed(path, {"Digits": "1"}).status_code == 404
