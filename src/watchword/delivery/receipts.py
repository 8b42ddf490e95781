"""What providers say later. Every receipt is kept raw before it is read; what it says moves a delivery forward only.

Receipts come twice, late, out of order, before our own record of the hand-over, for ids that we do not know, and with
words that nobody has documented. None of this is an error: what moves nothing is kept, and that is all.
"""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q

from watchword.core.clock import now
from watchword.core.encryption import EncryptionError, keyring
from watchword.delivery import call_outcomes, testing
from watchword.delivery.channels.registry import kind_of
from watchword.delivery.escalation import after_loss
from watchword.delivery.matching import of_all_parts, reference_of
from watchword.delivery.models import Attempt, Delivery, Receipt, TestMessage
from watchword.delivery.records import Report
from watchword.delivery.repeats import turned_up
from watchword.delivery.retries import wait_before_repeat, wait_for_phone
from watchword.delivery.states import Move, State, move
from watchword.delivery.stopping import stop
from watchword.notices.models import Notice
from watchword.registrants.erasing import ERASED
from watchword.worklist.models import Task

_CONTEXT = "receipt.raw"
_UNREAD_BATCH = 500
_PATIENCE = timedelta(minutes=10)
_log = structlog.get_logger(__name__)


def keep(provider: str, kind: str, raw: bytes, reference: UUID | None) -> int:
    """Store a receipt as it came, encrypted; return its id. `reference` is our own, of the attempt it is about."""
    return Receipt.objects.create(
        provider=provider, kind=kind, raw=keyring().encrypt(raw, _CONTEXT), reference=reference
    ).pk


def read_unread() -> int:
    """Read what was kept and never read, because a process died between the two, and what came before our own record
    of the message that it is about; return how many.
    """
    early = Receipt.objects.filter(word="", provider_id__isnull=False).order_by("-id")
    numbers = list(early.values_list("id", flat=True)[:_UNREAD_BATCH])
    for number in numbers:
        read(number)
    return len(numbers) + read_new()


def read_new() -> int:
    """Read what was kept and never looked at; return how many."""
    new = Receipt.objects.filter(word="", provider_id=None).order_by("id")
    numbers = list(new.values_list("id", flat=True)[:_UNREAD_BATCH])
    for number in numbers:
        read(number)
    return len(numbers)


@transaction.atomic
def read(number: int) -> None:
    """Read a kept receipt, and let it move its delivery. Reading it again changes nothing."""
    receipt = Receipt.objects.select_for_update().get(id=number)
    if receipt.word:
        return  # somebody else was quicker
    report = _report(receipt)
    receipt.reference = report.reference or receipt.reference
    if receipt.reference is None and report.sent_to:
        receipt.reference = reference_of(receipt.provider, report)
        if receipt.reference is None and receipt.received_at > now() - _PATIENCE:
            # It may have come before our own record of the hand-over: it stays unread, and is looked at again.
            receipt.provider_id = report.provider_id
            receipt.save(update_fields=["provider_id"])
            return
    if report.meaning == "unknown":
        _log.warning("a receipt has a word we do not know", receipt=number, word=report.word)
    attempt = Attempt.objects.filter(pk=receipt.reference).first() if receipt.reference else None
    if attempt is None:
        receipt.applied = testing.hear(receipt.reference, report)
        if not receipt.applied:
            _log.warning("a receipt is for no attempt of ours", receipt=number)
    else:
        # Deliveries are locked before their attempts, as the worker does, or the two wait for one another for ever.
        deliveries = Delivery.objects.select_related("notice").select_for_update(of=("self",))
        attempt.delivery = deliveries.get(pk=attempt.delivery_id)
        receipt.applied = _apply(attempt, of_all_parts(attempt, report) if report.sent_to else report)
    receipt.word, receipt.provider_id = report.word, report.provider_id
    if _is_of_the_erased(receipt.reference):
        receipt.raw = _nothing_raw()
    receipt.save(update_fields=["reference", "word", "provider_id", "applied", "raw"])


def forget_raw(registrant_id: int) -> int:
    """Blank what receipts of this registrant's messages hold as it came: it names their addresses. How many."""
    of_theirs = {"contact_point__registrant": registrant_id}
    attempts = Attempt.objects.filter(delivery__in=Delivery.objects.filter(**of_theirs)).values("reference")
    tests = TestMessage.objects.filter(**of_theirs).values("reference")
    about = Receipt.objects.filter(Q(reference__in=attempts) | Q(reference__in=tests))
    return about.update(raw=_nothing_raw())


def _nothing_raw() -> bytes:
    """What stands for a receipt whose words are not kept."""
    return keyring().encrypt(b"", _CONTEXT)


def _is_of_the_erased(reference: UUID | None) -> bool:
    """Whether it is about a message to somebody whose data were erased meanwhile."""
    if reference is None:
        return False
    attempts = Attempt.objects.filter(reference=reference, delivery__contact_point__stopped_why=ERASED)
    messages = TestMessage.objects.filter(reference=reference, contact_point__stopped_why=ERASED)
    return attempts.exists() or messages.exists()


def _report(receipt: Receipt) -> Report:
    """What it says; `unknown` where it makes no sense, or nobody here can read that provider's receipts any more."""
    kind = kind_of(receipt.provider)
    if kind is None or kind.read_report is None:
        return Report(meaning="unknown", word="no_reader")
    try:
        return kind.read_report(receipt.kind, keyring().decrypt_bytes(receipt.raw, _CONTEXT))
    except (ValueError, EncryptionError):
        return Report(meaning="unknown", word="unreadable")


def _apply(attempt: Attempt, report: Report) -> bool:
    """Move the attempt's delivery as far as the report says; whether that was anything new."""
    steps = list(_steps(attempt, report))
    if report.meaning != "unknown" and attempt.outcome != "accepted":
        _took(attempt, report)
    if report.meaning == "delivered" and _was_sent_twice(attempt):
        Delivery.objects.filter(pk=attempt.delivery_id).update(repeat=True)
    if report.call_outcome:
        call_outcomes.note(attempt, report.call_outcome)
    moved = [made for step in steps for made in move([step])]
    if report.opted_out:
        stop(attempt.delivery.contact_point_id, Task.Kind.OPTED_OUT, by="provider")
    after_loss([m.delivery for m in moved if m.after == State.UNDELIVERABLE])
    return bool(moved)


def _took(attempt: Attempt, report: Report) -> None:
    """The provider speaks of it, so the provider has it: also where our worker died before it could write so."""
    turned_up([attempt.reference])
    attempt.provider_id = attempt.provider_id or report.provider_id
    attempt.outcome = "accepted"
    attempt.save(update_fields=["provider_id", "outcome"])


def _steps(attempt: Attempt, report: Report) -> Iterator[Move]:
    """The moves that the report asks for, one after the other. Bad news of an attempt counts only while it is the
    newest one.
    """
    delivery, still_newest = attempt.delivery, attempt.reference
    if report.meaning == "unknown":
        return
    if report.meaning == "handed_over" or attempt.outcome != "accepted":
        # Whatever became of it: it was handed over, and is not sent again because we thought that it was not.
        yield Move(
            delivery=delivery.pk,
            attempt=still_newest,
            to=State.HANDED_OVER,
            provider_id=report.provider_id,
            due_in=wait_before_repeat(delivery.channel),
        )
    match report.meaning:
        case "handed_over" | "no_news":
            return
        case "delivered":
            yield Move(delivery=delivery.pk, to=State.DELIVERED, due_in=wait_before_repeat(delivery.channel))
        case "not_reached" if delivery.notice.state == Notice.State.OPEN:
            yield Move(
                delivery=delivery.pk,
                attempt=still_newest,
                to=State.RETRY_WAIT,
                provider_id=report.provider_id or attempt.provider_id,
                error=report.error,
                due_in=wait_for_phone(),
            )
        case "not_reached" | "impossible":
            yield Move(delivery=delivery.pk, attempt=still_newest, to=State.UNDELIVERABLE, error=report.error)


def _was_sent_twice(delivered: Attempt) -> bool:
    """A text is sent again only where we believed that it had not gone out; a call is made again by rule."""
    delivery = delivered.delivery
    return delivery.channel == "text" and delivery.reference != delivered.reference
