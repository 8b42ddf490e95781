"""What providers do wrong, over real sockets: nothing is lost, and nothing is sent twice where it could be known."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from tests.county import County
from tests.deliveries import Carrier, phone_number, planned, release, until
from watchword.core.clock import now
from watchword.delivery import recovery, sweeps
from watchword.delivery.channels.registry import routes
from watchword.delivery.models import Attempt, Delivery, TestMessage, WrittenOff
from watchword.delivery.records import Answer, CannotAsk, Found, MaySendAgain, NotFound, Sought
from watchword.delivery.repeats import write_off
from watchword.delivery.states import State
from watchword.delivery.worker import Worker
from watchword.notices.models import Notice
from watchword.registrants.models import ContactPoint
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db(transaction=True)

Drain = Callable[[], None]


def states() -> list[str]:
    return sorted(Delivery.objects.values_list("state", flat=True))


def due_now() -> None:
    Delivery.objects.filter(state=State.RETRY_WAIT).update(due_at=now())


@pytest.mark.parametrize(
    ("channel", "api", "log"), [("text", "messages", "text"), ("voice", "calls", "call")]
)
@pytest.mark.parametrize("kind", ["cut", "garbage", "hang", "server_error"])
def test_an_answer_that_never_came_is_asked_for_and_nothing_goes_out_twice(
    county: County, carrier: Carrier, drain: Drain, settings: Any, channel: str, api: str, log: str, kind: str
) -> None:
    settings.WATCHWORD = carrier.settings(provider_timeout_seconds=1)
    planned(release(county), 5, [channel])
    carrier.fault(api, kind, count=2, seconds=0.2)
    drain()
    assert states() == ["handed_over"] * 5
    sent = carrier.log(log)
    assert len(sent) == len({entry["to"] for entry in sent}) == 5
    assert not Delivery.objects.filter(repeat=True).exists()
    assert {entry["id"] for entry in sent} == set(Delivery.objects.values_list("provider_id", flat=True))


@pytest.mark.parametrize(
    ("channel", "api", "log"), [("text", "messages", "text"), ("voice", "calls", "call")]
)
def test_a_request_still_inside_the_provider_when_it_is_asked_does_not_go_out_twice(
    county: County, carrier: Carrier, drain: Drain, channel: str, api: str, log: str
) -> None:
    planned(release(county), 5, [channel])
    carrier.fault(api, "held", count=2, seconds=1)  # longer than we wait before we ask
    drain()
    assert states() == ["handed_over"] * 5
    sent = carrier.log(log)
    assert len(sent) == len({entry["to"] for entry in sent}) == 5
    assert Attempt.objects.count() == 5, "none was sent again"


def look_again(drain: Drain) -> None:
    """What was written off is due to be looked for once more."""
    WrittenOff.objects.update(due_at=now())
    drain()


@pytest.mark.parametrize(
    ("channel", "api", "log"), [("text", "messages", "text"), ("voice", "calls", "call")]
)
def test_what_a_provider_takes_up_when_it_was_written_off_and_sent_again_is_marked_as_a_repeat(
    county: County, carrier: Carrier, drain: Drain, settings: Any, channel: str, api: str, log: str
) -> None:
    settings.WATCHWORD = carrier.settings(provider_timeout_seconds=1, settle_seconds=0.1)
    planned(release(county), 3, [channel])
    carrier.fault(api, "held", count=1, seconds=4)
    drain()
    [written_off] = Attempt.objects.filter(error="never_arrived")
    look_again(drain)
    assert not Delivery.objects.filter(repeat=True).exists(), "it is not there yet"
    until(lambda: len(carrier.log(log)) == 4)
    look_again(drain)
    assert Delivery.objects.get(repeat=True).pk == written_off.delivery_id
    accepted = Attempt.objects.filter(outcome="accepted")
    assert {entry["id"] for entry in carrier.log(log)} == set(accepted.values_list("provider_id", flat=True))
    assert not WrittenOff.objects.exists(), "it was found: nothing is looked for any more"


def test_what_was_written_off_is_not_sent_again_where_it_is_found_before(
    county: County, carrier: Carrier, drain: Drain
) -> None:
    planned(release(county), 1)
    drain()
    attempt = Attempt.objects.get()
    Attempt.objects.update(provider_id=None)
    write_off(attempt.reference)
    Delivery.objects.update(state=State.QUEUED, due_at=now() + timedelta(hours=8))  # in silent hours
    look_again(drain)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.repeat) == ("handed_over", False)
    assert len(carrier.log("text")) == 1


def test_what_is_never_found_is_looked_for_a_few_times_alone(
    county: County, carrier: Carrier, drain: Drain
) -> None:
    planned(release(county), 1)
    delivery = Delivery.objects.get()
    attempt = Attempt.objects.create(delivery=delivery, reference=UUID(int=7), number=1, provider="twilio")
    write_off(attempt.reference)
    looks = 0
    while WrittenOff.objects.exists():
        before = now()
        look_again(drain)
        waits = [each.due_at - before for each in WrittenOff.objects.all()]
        assert all(wait >= timedelta(minutes=2**looks) for wait in waits)
        looks += 1
    assert looks == 5
    assert not Delivery.objects.filter(repeat=True).exists()


def test_a_test_call_is_not_taken_for_the_call_that_is_looked_for(
    county: County, carrier: Carrier, drain: Drain
) -> None:
    planned(release(county), 1, ["voice"])
    point = ContactPoint.objects.get()
    test = TestMessage.objects.create(
        reference=UUID(int=8),
        contact_point=point,
        channel="voice",
        provider="twilio",
        address=point.address,
        language="en",
    )
    Delivery.objects.update(due_at=now() + timedelta(hours=1))
    drain()  # the test call alone
    assert TestMessage.objects.get(pk=test.pk).provider_id == carrier.log("call")[0]["id"]
    Delivery.objects.update(due_at=now())
    carrier.fault("calls", "server_error")
    drain()
    assert [entry["id"] for entry in carrier.log("call")][1:] == [Delivery.objects.get().provider_id]


def test_a_busy_provider_is_tried_again_when_it_asked_for_it(
    county: County, carrier: Carrier, drain: Drain
) -> None:
    planned(release(county), 3)
    carrier.fault("messages", "too_many", count=2, seconds=30)
    before = now()
    drain()
    assert states() == ["handed_over", "retry_wait", "retry_wait"]
    waits = [d.due_at - before for d in Delivery.objects.filter(state=State.RETRY_WAIT) if d.due_at]
    assert all(30 <= wait.total_seconds() < 60 for wait in waits)
    due_now()
    drain()
    assert states() == ["handed_over"] * 3
    assert len(carrier.log("text")) == 3


@pytest.mark.parametrize("channel", ["email", "text", "voice"])
def test_a_provider_that_is_down_gets_everything_later(
    county: County, carrier: Carrier, drain: Drain, settings: Any, channel: str
) -> None:
    up = settings.WATCHWORD
    settings.WATCHWORD = carrier.settings(carrier_url="http://127.0.0.1:1", smtp_url="smtp://127.0.0.1:1")
    planned(release(county), 3, [channel])
    drain()
    assert states() == ["retry_wait"] * 3
    assert not Delivery.objects.filter(handed_over_at__isnull=False).exists()
    settings.WATCHWORD = up
    due_now()
    drain()
    assert states() == ["handed_over"] * 3


@pytest.mark.parametrize(
    ("behaviour", "state", "error"),
    [
        ({"texts": {"kind": "invalid"}}, "undeliverable", "21211"),
        ({"texts": {"kind": "landline"}}, "undeliverable", "21614"),
    ],
)
def test_a_number_that_cannot_be_texted_ends_there_and_the_next_rung_is_hurried(
    county: County, carrier: Carrier, drain: Drain, behaviour: Any, state: str, error: str
) -> None:
    planned(release(county), 1, ["text", "voice"])
    ContactPoint.objects.filter(channel="voice").update(rung=2)
    Delivery.objects.filter(channel="voice").update(rung=2, due_at="2999-01-01T00:00:00Z")
    carrier.ask("PUT", f"phones/{phone_number(0)}", **behaviour)
    drain()
    text, voice = Delivery.objects.get(channel="text"), Delivery.objects.get(channel="voice")
    assert (text.state, text.last_error) == (state, error)
    assert voice.state == "handed_over"
    assert Notice.objects.get().state == "open"


def test_a_mailbox_that_does_not_exist_brings_the_notice_to_the_desk(
    county: County, carrier: Carrier, drain: Drain
) -> None:
    planned(release(county), 1, ["email"])
    carrier.ask("PUT", "mailboxes/reader0@example.org", mail={"kind": "refuse"})
    drain()
    assert states() == ["undeliverable"]
    assert Task.objects.get().kind == Task.Kind.NOT_REACHABLE
    assert Notice.objects.get().state == "at_desk"


@pytest.mark.parametrize("kind", ["cut", "garbage"])
def test_a_mail_without_a_clear_answer_is_sent_once_more_marked_as_a_repeat_with_a_task(
    county: County, carrier: Carrier, drain: Drain, kind: str
) -> None:
    planned(release(county), 3, ["email"])
    carrier.fault("mail", kind, count=1)
    drain()
    assert states() == ["handed_over"] * 3
    repeated = Delivery.objects.get(repeat=True)
    mails = [
        mail["text"]
        for place in range(3)
        for mail in carrier.ask("GET", f"mailboxes/reader{place}@example.org/mails")["mails"]
    ]
    assert len(mails) == 4
    assert sum("sent you this before" in mail for mail in mails) == 1
    assert Task.objects.get().subject == f"delivery:{repeated.pk}"


def test_a_mail_that_was_cut_off_takes_the_next_rung_where_there_is_one(
    county: County, carrier: Carrier, drain: Drain
) -> None:
    planned(release(county), 1, ["email", "text"])
    Delivery.objects.filter(channel="text").update(rung=2, due_at="2999-01-01T00:00:00Z")
    carrier.fault("mail", "cut", count=1)
    drain()
    assert dict(Delivery.objects.values_list("channel", "state")) == {
        "email": "outcome_unknown",
        "text": "handed_over",
    }
    assert Task.objects.get().kind == Task.Kind.OUTCOME_UNKNOWN
    assert len(carrier.log("mail")) == 1


def test_while_a_provider_does_not_answer_our_question_nothing_is_sent_again(
    county: County, carrier: Carrier, drain: Drain
) -> None:
    planned(release(county), 1)
    carrier.fault("messages", "cut", count=1)
    carrier.fault("reads", "server_error", count=1)
    drain()
    assert states() == ["outcome_unknown"]
    assert len(carrier.log("text")) == 1
    Delivery.objects.update(due_at=now())
    drain()
    assert states() == ["handed_over"]
    assert len(carrier.log("text")) == 1


def test_two_calls_to_one_phone_are_told_apart(county: County, carrier: Carrier, drain: Drain) -> None:
    planned(release(county, "1"), 2, ["voice"])
    shared = ContactPoint.objects.order_by("id").first()
    assert shared is not None
    ContactPoint.objects.update(address=shared.address, address_index=shared.address_index)
    carrier.fault("calls", "cut", count=2)
    drain()
    assert len(set(Delivery.objects.values_list("provider_id", flat=True))) == 2
    assert len(carrier.log("call")) == 2


def test_an_unconfirmed_call_is_made_again_as_a_new_attempt_until_it_goes_to_the_desk(
    county: County, carrier: Carrier, drain: Drain
) -> None:
    planned(release(county), 1, ["voice"])
    drain()
    for made in (2, 3):
        Delivery.objects.update(due_at=now())
        drain()
        assert len(carrier.log("call")) == made
    assert Attempt.objects.count() == 3
    assert not Delivery.objects.get().repeat
    Notice.objects.update(tell_from="2026-01-01T00:00:00Z")
    Delivery.objects.update(due_at=now())
    drain()
    assert len(carrier.log("call")) == 3
    assert Notice.objects.get().state == "at_desk"
    task = Task.objects.get()
    assert task.kind == Task.Kind.NOT_CONFIRMED
    assert task.facts["tried"][0]["attempts"] == 3
    drain()
    assert sweeps.repeat_calls() == 0


def test_what_was_confirmed_meanwhile_is_not_sent(county: County, carrier: Carrier, drain: Drain) -> None:
    planned(release(county), 2)
    Notice.objects.filter(id=Notice.objects.order_by("id")[0].pk).update(state="confirmed")
    drain()
    assert states() == ["cancelled", "handed_over"]
    assert len(carrier.log("text")) == 1


def test_urgent_words_go_ahead_of_any_number_of_routine_ones(
    county: County, carrier: Carrier, drain: Drain, settings: Any
) -> None:
    settings.WATCHWORD = carrier.settings(provider_concurrency=5)
    planned(release(county), 60)
    Delivery.objects.update(urgent=False)
    urgent = planned(release(county, "2"), 5)
    drain()
    numbers = {phone_number(60 + place) for place in range(len(urgent))}
    assert {entry["to"] for entry in carrier.log("text")[:5]} == numbers


def test_the_opt_out_that_a_provider_keeps_stops_the_contact_point(
    county: County, carrier: Carrier, drain: Drain
) -> None:
    planned(release(county), 1, ["text", "voice"])
    carrier.ask("PUT", "lines/+12025550100", message_url=f"{carrier.url}/exchange")
    carrier.ask("POST", f"phones/{phone_number(0)}/texts", body="STOP", to="+12025550100")
    drain()
    assert ContactPoint.objects.get(channel="text").stopped_why == "opted_out"
    assert dict(Delivery.objects.values_list("channel", "state")) == {
        "text": "undeliverable",
        "voice": "handed_over",
    }


def test_a_sleeping_worker_is_woken_by_what_is_planned(county: County, carrier: Carrier) -> None:
    async def wake() -> None:
        worker = Worker(routes())
        working = asyncio.create_task(worker.work(drain=False))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(planned_elsewhere)
        while not await asyncio.to_thread(lambda: len(carrier.log("text"))):
            await asyncio.sleep(0.02)
        worker.stop()
        await working

    def planned_elsewhere() -> None:
        from django.db import connection

        try:
            planned(release(county), 1)
        finally:
            connection.close()

    asyncio.run(asyncio.wait_for(wake(), 30))
    assert states() == ["handed_over"]


@pytest.mark.parametrize("answer", [NotFound(), CannotAsk(), MaySendAgain(), Found(provider_ids=("SM9",))])
@pytest.mark.parametrize("known", ["handed_over", "delivered"])
def test_an_answer_that_a_receipt_overtook_changes_nothing(
    county: County, answer: Answer, known: str
) -> None:
    planned(release(county), 1)
    delivery = Delivery.objects.get()
    reference = UUID(int=7)
    Attempt.objects.create(
        delivery=delivery, reference=reference, number=1, provider="twilio", outcome="accepted"
    )
    Delivery.objects.update(state=known, reference=reference, due_at=None)
    asked = Sought(
        delivery=delivery.pk,
        reference=reference,
        channel="text",
        provider="twilio",
        to=phone_number(0),
        mark="",
        since=now() - timedelta(hours=1),
        waited=timedelta(hours=1),
    )
    recovery.settle([(asked, answer)])
    delivery.refresh_from_db()
    assert (delivery.state, delivery.repeat, delivery.due_at) == (known, False, None)
    assert Attempt.objects.get().outcome == "accepted"
    assert not Task.objects.exists()


def test_only_one_worker_asks_about_a_hand_over(county: County, carrier: Carrier) -> None:
    planned(release(county), 1)
    carrier.fault("messages", "cut")
    delivery = Delivery.objects.get()
    attempt = Attempt.objects.create(delivery=delivery, reference=f"{7:032x}", number=1)
    Delivery.objects.update(state=State.OUTCOME_UNKNOWN, reference=attempt.reference, due_at=now())
    assert len(recovery.sought()) == 1
    assert recovery.sought() == []


@pytest.mark.parametrize(
    "plan", ["enable_hashjoin", "enable_mergejoin", "enable_nestloop", "enable_material"]
)
def test_no_more_is_asked_about_at_once_than_may_be(
    county: County, monkeypatch: pytest.MonkeyPatch, plan: str
) -> None:
    """However PostgreSQL goes about it: a limit inside a join may be taken anew for every row."""
    planned(release(county), 8)
    for delivery in Delivery.objects.all():
        reference = UUID(int=delivery.pk)
        Attempt.objects.create(delivery=delivery, reference=reference, number=1, provider="twilio")
        Delivery.objects.filter(pk=delivery.pk).update(
            state=State.OUTCOME_UNKNOWN, reference=reference, due_at=now()
        )
    monkeypatch.setattr(recovery, "_ASK_AT_ONCE", 3)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        cursor.execute(f"SET LOCAL {plan} = off")
        assert [len(recovery.sought()) for _ in range(4)] == [3, 3, 2, 0]
