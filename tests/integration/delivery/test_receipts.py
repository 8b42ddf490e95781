"""Receipts as they really come: a table of what stood, what came, and what stands afterwards."""

from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest

from tests.county import County
from tests.deliveries import planned, release
from watchword.core.encryption import keyring
from watchword.delivery import receipts
from watchword.delivery.claims import complete
from watchword.delivery.models import Attempt, Delivery, Receipt
from watchword.delivery.records import Accepted, Completed, Outbound, Refused
from watchword.delivery.states import State
from watchword.notices.models import Notice
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db

NO_SUCH_NUMBER = "30005"


def attempted(county: County, channel: str, state: str, *, recorded: bool = True) -> tuple[Delivery, UUID]:
    """A delivery that stands like this after its one attempt; not `recorded`: our own write has not happened yet."""
    planned(release(county), 1, [channel])
    reference = uuid4()
    delivery = Delivery.objects.get()
    provider_id = "SM1" if recorded else None
    Delivery.objects.filter(id=delivery.id).update(
        state=state, reference=reference, attempts=1, provider_id=provider_id
    )
    Attempt.objects.create(
        delivery=delivery,
        reference=reference,
        number=1,
        provider_id=provider_id,
        outcome="accepted" if recorded else None,
    )
    return delivery, reference


def come(channel: str, reference: UUID | None, word: str, **more: str) -> Receipt:
    kind = "call" if channel == "voice" else "message"
    form = {"CallSid" if kind == "call" else "MessageSid": "SM1"}
    form["CallStatus" if kind == "call" else "MessageStatus"] = word
    number = receipts.keep("twilio", kind, urlencode(form | more).encode(), reference)
    receipts.read(number)
    return Receipt.objects.get(id=number)


# channel, state before, words in the order in which they come, state after
CASES = [
    ("text", "handed_over", ["delivered"], "delivered"),
    ("text", "handed_over", ["delivered", "delivered"], "delivered"),  # twice
    ("text", "handed_over", ["delivered", "sent"], "delivered"),  # out of order
    ("text", "handed_over", ["delivered", "undelivered"], "delivered"),  # contradicts itself
    ("text", "claimed", ["sent"], "handed_over"),  # before our own write
    ("text", "claimed", ["delivered", "sent"], "delivered"),
    ("text", "outcome_unknown", ["queued"], "handed_over"),  # our worker died, the provider has it
    ("text", "outcome_unknown", ["delivered"], "delivered"),
    ("text", "queued", ["sent"], "handed_over"),  # it said that it never got it, and was wrong
    ("text", "queued", ["undelivered"], "retry_wait"),
    ("voice", "queued", ["no-answer"], "retry_wait"),  # it rang, and is not made again at once
    ("text", "handed_over", ["undelivered"], "retry_wait"),
    ("text", "handed_over", ["undelivered", "delivered"], "delivered"),  # late good news
    ("text", "handed_over", ["undelivered", "sent"], "retry_wait"),  # out of order: no news at all
    ("text", "claimed", ["undelivered", "sent"], "retry_wait"),
    ("text", "handed_over", [f"failed/{NO_SUCH_NUMBER}"], "undeliverable"),
    ("text", "handed_over", ["failed/21610"], "undeliverable"),  # opted out at the provider
    ("text", "handed_over", ["evaporated"], "handed_over"),  # a word that nobody knows
    ("text", "handed_over", [""], "handed_over"),
    ("text", "confirmed", ["delivered"], "confirmed"),  # late
    ("text", "confirmed", ["undelivered"], "confirmed"),
    ("text", "undeliverable", ["delivered"], "undeliverable"),
    ("text", "cancelled", ["sent"], "cancelled"),
    ("voice", "handed_over", ["ringing"], "handed_over"),
    ("voice", "handed_over", ["busy"], "retry_wait"),
    ("voice", "handed_over", ["no-answer"], "retry_wait"),
    ("voice", "handed_over", ["failed"], "retry_wait"),
    ("voice", "handed_over", ["completed"], "delivered"),
    ("voice", "claimed", ["completed"], "delivered"),
    ("voice", "confirmed", ["completed"], "confirmed"),
]


@pytest.mark.parametrize(("channel", "before", "words", "after"), CASES)
def test_a_receipt_moves_a_delivery_forward_only(
    county: County, channel: str, before: str, words: list[str], after: str
) -> None:
    delivery, reference = attempted(county, channel, before, recorded=before == "handed_over")
    for said in words:
        word, _, code = said.partition("/")
        come(channel, reference, word, **({"ErrorCode": code} if code else {}))
    delivery.refresh_from_db()
    assert delivery.state == after


@pytest.mark.parametrize(
    ("channel", "word", "state"),
    [
        ("text", "sent", "handed_over"),
        ("text", "delivered", "delivered"),
        ("text", "undelivered", "retry_wait"),
        ("voice", "busy", "retry_wait"),
        ("voice", "completed", "delivered"),
    ],
)
def test_what_a_receipt_said_before_our_own_record_of_the_hand_over_stands(
    county: County, channel: str, word: str, state: str
) -> None:
    delivery, reference = attempted(county, channel, "claimed", recorded=False)
    come(channel, reference, word)
    outbound = Outbound(
        delivery=delivery.pk,
        reference=reference,
        channel=channel,
        provider="twilio",
        urgent=True,
        to="+12025550100",
    )
    complete([Completed(outbound=outbound, result=Accepted(provider_id="SM1"))])
    delivery.refresh_from_db()
    assert delivery.state == state


def test_a_text_that_was_refused_and_yet_goes_out_is_not_sent_again(county: County) -> None:
    delivery, reference = attempted(county, "text", "retry_wait", recorded=False)
    Attempt.objects.update(outcome="refused")
    come("text", reference, "sent")
    delivery.refresh_from_db()
    assert delivery.state == "handed_over"


@pytest.mark.parametrize(("word", "state"), [("sent", "handed_over"), ("delivered", "delivered")])
def test_a_refusal_that_a_receipt_has_belied_before_it_was_written_down_has_nothing_sent_again(
    county: County, word: str, state: str
) -> None:
    delivery, reference = attempted(county, "text", "claimed", recorded=False)
    come("text", reference, word)
    outbound = Outbound(
        delivery=delivery.pk,
        reference=reference,
        channel="text",
        provider="twilio",
        urgent=True,
        to="+12025550100",
    )
    complete([Completed(outbound=outbound, result=Refused(code="20429", permanent=False))])
    delivery.refresh_from_db()
    assert delivery.state == state
    assert Attempt.objects.get().outcome == "accepted"


def test_a_receipt_is_kept_raw_and_encrypted_and_says_whether_it_told_us_anything(county: County) -> None:
    _, reference = attempted(county, "text", "handed_over")
    told, again = come("text", reference, "delivered"), come("text", reference, "delivered")
    assert told.applied
    assert not again.applied
    assert b"delivered" not in bytes(told.raw)
    assert b"MessageStatus=delivered" in keyring().decrypt_bytes(told.raw, "receipt.raw")


@pytest.mark.parametrize("reference", [None, UUID(int=7)])
def test_a_receipt_for_an_id_we_do_not_know_is_kept_and_moves_nothing(
    county: County, reference: UUID | None
) -> None:
    delivery, _ = attempted(county, "text", "handed_over", recorded=False)
    kept = come("text", reference, "delivered")
    assert not kept.applied
    assert kept.word == "delivered"
    delivery.refresh_from_db()
    assert delivery.state == State.HANDED_OVER


@pytest.mark.parametrize("state", ["handed_over", "delivered"])
def test_bad_news_of_an_older_attempt_does_not_touch_the_newer_one(county: County, state: str) -> None:
    delivery, old = attempted(county, "text", state)
    new = uuid4()
    Attempt.objects.create(delivery=delivery, reference=new, number=2)
    Delivery.objects.filter(id=delivery.id).update(reference=new, attempts=2)
    come("text", old, "undelivered")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.repeat) == (state, False)
    come("text", old, "delivered")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.repeat) == (State.DELIVERED, True)  # so it went out twice, and we say so


def test_a_number_that_does_not_exist_brings_the_notice_to_the_desk(county: County) -> None:
    _, reference = attempted(county, "text", "handed_over")
    come("text", reference, "failed", ErrorCode=NO_SUCH_NUMBER)
    assert Notice.objects.get().state == Notice.State.AT_DESK
    task = Task.objects.get()
    assert task.kind == Task.Kind.NOT_REACHABLE
    assert task.facts["tried"][0]["error"] == NO_SUCH_NUMBER


def test_a_receipt_that_was_kept_but_never_read_is_read_later(county: County) -> None:
    delivery, reference = attempted(county, "text", "handed_over")
    raw = urlencode({"MessageSid": "SM1", "MessageStatus": "delivered"}).encode()
    receipts.keep("twilio", "message", raw, reference)
    assert receipts.read_unread() == 1
    assert receipts.read_unread() == 0
    delivery.refresh_from_db()
    assert delivery.state == State.DELIVERED


@pytest.mark.parametrize(
    ("provider", "kind", "raw", "word"),
    [
        ("twilio", "message", b"", "none"),
        ("twilio", "message", b"\xff\xfe\x00 no form at all", "none"),
        ("twilio", "call", b'{"CallStatus": "completed"}', "none"),
        ("twilio", "message", b"MessageStatus=" + b"x" * 5_000, "x" * 5_000),
        ("postmark", "event", b"{", "unreadable"),
        ("smtp", "message", b"MessageStatus=delivered", "unknown"),
        ("given-up", "message", b"MessageStatus=delivered", "no_reader"),
    ],
)
def test_a_receipt_that_makes_no_sense_is_kept_and_stops_no_other(
    county: County, provider: str, kind: str, raw: bytes, word: str
) -> None:
    delivery, reference = attempted(county, "text", "handed_over")
    senseless = receipts.keep(provider, kind, raw, reference)
    receipts.keep("twilio", "message", b"MessageStatus=delivered&MessageSid=SM1", reference)
    assert receipts.read_unread() == 2
    assert receipts.read_unread() == 0
    kept = Receipt.objects.get(id=senseless)
    assert not kept.applied
    assert keyring().decrypt_bytes(kept.raw, "receipt.raw") == raw
    assert kept.word == word
    delivery.refresh_from_db()
    assert delivery.state == State.DELIVERED
