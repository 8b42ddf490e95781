"""A message that was written off and sent again, whose first attempt turns up: whoever learns of it marks it."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest

from tests.county import County
from tests.deliveries import planned, release
from watchword.core.clock import now
from watchword.delivery import receipts, recovery
from watchword.delivery.claims import complete
from watchword.delivery.models import Attempt, Delivery, WrittenOff
from watchword.delivery.records import (
    Accepted,
    CannotAsk,
    Completed,
    Found,
    NoAnswer,
    NotFound,
    Outbound,
    Result,
    Sought,
    Unknown,
)
from watchword.delivery.repeats import FIRST_LOOK, write_off
from watchword.delivery.states import State

pytestmark = pytest.mark.django_db

FIRST, SECOND = UUID(int=1), UUID(int=2)


def sent_again(county: County, channel: str, state: str = "handed_over") -> Delivery:
    """A delivery whose first attempt was written off, and whose second stands like this."""
    planned(release(county), 1, [channel])
    delivery = Delivery.objects.get()
    Attempt.objects.create(delivery=delivery, reference=FIRST, number=1, provider="twilio")
    write_off(FIRST)
    is_taken = state == State.HANDED_OVER
    Attempt.objects.create(
        delivery=delivery,
        reference=SECOND,
        number=2,
        provider="twilio",
        provider_id="second" if is_taken else None,
        outcome="accepted" if is_taken else None,
    )
    Delivery.objects.update(state=state, reference=SECOND, attempts=2)
    return delivery


def is_marked() -> bool:
    return Delivery.objects.get().repeat


def ends_late(result: Result) -> None:
    """A worker that stood still writes down how the first attempt ended."""
    delivery = Delivery.objects.get()
    outbound = Outbound(
        delivery=delivery.pk,
        reference=FIRST,
        channel=delivery.channel,
        provider="twilio",
        urgent=True,
        to="+12025550100",
    )
    complete([Completed(outbound=outbound, result=result)])


def receipt(word: str) -> Callable[[], None]:
    """The provider reports on the first attempt, under its own reference of ours."""

    def comes() -> None:
        channel = Delivery.objects.get().channel
        id_name, word_name, kind = (
            ("CallSid", "CallStatus", "call")
            if channel == "voice"
            else ("MessageSid", "MessageStatus", "message")
        )
        raw = urlencode({id_name: "first", word_name: word}).encode()
        receipts.read(receipts.keep("twilio", kind, raw, FIRST))

    return comes


def look() -> list[Sought]:
    """What is to be looked for once more, a long time later."""
    WrittenOff.objects.update(due_at=now() - timedelta(hours=1))
    return [wanted for wanted in recovery.sought() if wanted.written_off]


def found() -> None:
    recovery.settle([(wanted, Found(provider_ids=("first", "second"))) for wanted in look()])


def found_after_a_late_time_out() -> None:
    ends_late(Unknown(code="time_out"))
    assert not is_marked(), "nobody knows yet"
    found()


WAYS_TO_LEARN_OF_IT = [
    found,
    found_after_a_late_time_out,
    lambda: ends_late(Accepted(provider_id="first")),
    receipt("sent"),
    receipt("delivered"),
    receipt("undelivered"),
]


@pytest.mark.parametrize("learn", WAYS_TO_LEARN_OF_IT)
def test_a_text_whose_first_attempt_turns_up_is_marked(county: County, learn: Callable[[], None]) -> None:
    sent_again(county, "text")
    learn()
    assert is_marked()
    assert not WrittenOff.objects.exists(), "nothing is looked for any more"
    assert list(Attempt.objects.order_by("number").values_list("outcome", "provider_id")) == [
        ("accepted", "first"),
        ("accepted", "second"),
    ]


@pytest.mark.parametrize("word", ["ringing", "completed", "busy", "no-answer"])
def test_a_call_whose_first_attempt_turns_up_is_marked(county: County, word: str) -> None:
    sent_again(county, "voice")
    receipt(word)()
    assert is_marked()


@pytest.mark.parametrize("state", ["claimed", "outcome_unknown", "retry_wait"])
@pytest.mark.parametrize("word", ["sent", "undelivered"])
def test_a_receipt_of_the_first_marks_it_however_the_second_stands(
    county: County, state: str, word: str
) -> None:
    sent_again(county, "text", state)
    receipt(word)()
    assert is_marked()
    assert Delivery.objects.get().state == state, "news of the first says nothing of the second"


def test_a_call_that_rang_after_it_was_written_off_is_not_made_again_at_once(county: County) -> None:
    """It waits for a provider that works again; and what is made again by rule later is no repeat."""
    planned(release(county), 1, ["voice"])
    delivery = Delivery.objects.get()
    Attempt.objects.create(delivery=delivery, reference=FIRST, number=1, provider="twilio")
    write_off(FIRST)
    Delivery.objects.update(state=State.QUEUED, reference=FIRST, attempts=1, due_at=now())
    receipt("no-answer")()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.repeat) == ("retry_wait", False)
    assert delivery.due_at is not None
    assert delivery.due_at > now() + timedelta(minutes=10)


def test_a_look_that_the_provider_did_not_answer_is_taken_again_and_not_counted(county: County) -> None:
    sent_again(county, "text")
    [wanted] = look()
    recovery.settle([(wanted, NoAnswer())])
    later = WrittenOff.objects.get()
    assert later.looks == 0
    assert later.due_at <= now() + FIRST_LOOK


def test_a_look_whose_worker_was_killed_is_taken_again_and_not_counted(county: County) -> None:
    sent_again(county, "text")
    assert len(look()) == 1  # and it dies
    assert recovery.sought() == [], "for a while nobody else looks"
    assert WrittenOff.objects.get().looks == 0
    found()
    assert is_marked()


@pytest.mark.parametrize("state", ["claimed", "outcome_unknown"])
def test_a_look_while_the_second_attempt_is_under_way_is_taken_again_when_its_id_is_known(
    county: County, state: str
) -> None:
    sent_again(county, "voice", state)
    recovery.settle([(wanted, Found(provider_ids=("second",))) for wanted in look()])
    assert not is_marked(), "that may be the second call"
    ours = Attempt.objects.filter(reference=SECOND)
    ours.update(provider_id="second", outcome="accepted")
    Delivery.objects.update(state=State.HANDED_OVER)
    recovery.settle([(wanted, Found(provider_ids=("second",))) for wanted in look()])
    assert not is_marked(), "that was the second call"
    found()
    assert is_marked()


def test_the_first_attempt_is_recognised_while_the_second_is_under_way_at_another_provider(
    county: County,
) -> None:
    sent_again(county, "text", "outcome_unknown")
    Attempt.objects.filter(reference=SECOND).update(provider="smpp")
    recovery.settle([(wanted, Found(provider_ids=("first",))) for wanted in look()])
    assert is_marked()


def test_a_look_in_vain_is_counted_and_one_at_a_provider_gone_ends_the_looking(county: County) -> None:
    sent_again(county, "text")
    recovery.settle([(wanted, NotFound()) for wanted in look()])
    assert WrittenOff.objects.get().looks == 1
    recovery.settle([(wanted, CannotAsk()) for wanted in look()])
    assert not WrittenOff.objects.exists()
