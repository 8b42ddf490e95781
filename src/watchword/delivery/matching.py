"""Which attempt a receipt is about that names the provider's id alone, as SMPP's do; and which id is none that we know.

Ids are looked for among what went to the same phone: few rows, found by the phone's blind index, so that attempts need
no index of their own for it (they are written twice for every message).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.delivery.models import Attempt, Receipt, TestMessage
from watchword.delivery.records import Answer, Found, Report, Sought
from watchword.registrants.addresses import CONTEXT, AddressError, normalise_phone

_NEWEST = 200  # attempts to one phone that are looked through
_TEST_DAYS = timedelta(days=3)


def reference_of(provider: str, report: Report) -> UUID | None:
    """Our own reference of what this provider reports on; None where we know of no such message, or not yet."""
    try:
        index = keyring().blind_index(normalise_phone(report.sent_to), CONTEXT)
    except AddressError:
        return None
    attempts = Attempt.objects.filter(
        provider=provider, delivery__contact_point__address_index=index, provider_id__isnull=False
    )
    tests = TestMessage.objects.filter(
        provider=provider, requested_at__gt=now() - _TEST_DAYS, provider_id__isnull=False
    )
    known = [
        *attempts.order_by("-started_at").values_list("reference", "provider_id")[:_NEWEST],
        *tests.order_by("-requested_at").values_list("reference", "provider_id")[:_NEWEST],
    ]
    return _named(report.provider_id or "", known)


def of_all_parts(attempt: Attempt, report: Report) -> Report:
    """What a receipt for one part says of the whole text: it has arrived when the last of its parts has."""
    whole = replace(report, provider_id=attempt.provider_id)
    parts = (attempt.provider_id or "").split()
    if report.meaning != "delivered" or len(parts) < 2:
        return whole
    told = Receipt.objects.filter(reference=attempt.reference, word=report.word)
    arrived = {report.provider_id, *told.values_list("provider_id", flat=True)}
    return whole if len(arrived) >= len(parts) else replace(whole, meaning="handed_over")


def not_known(wanted: Sought, answer: Answer) -> str | None:
    """The first id found that belongs to no other attempt to the same address, and to no test message; None where
    nothing was found.
    """
    if not isinstance(answer, Found):
        return None
    index = keyring().blind_index(wanted.to, CONTEXT)
    attempts = Attempt.objects.filter(delivery__contact_point__address_index=index)
    tests = TestMessage.objects.filter(provider=wanted.provider, requested_at__gt=wanted.since - _TEST_DAYS)
    known = {
        provider_id
        for sent in (attempts, tests)
        for provider_id in sent.filter(provider_id__in=answer.provider_ids).values_list(
            "provider_id", flat=True
        )
    }
    return next((each for each in answer.provider_ids if each not in known), None)


def _named(provider_id: str, known: Iterable[tuple[UUID, str | None]]) -> UUID | None:
    """The reference that has this id; failing that, the one that has it in another notation.

    Some centres answer in hexadecimal and report in decimal, or with zeros in front.
    """
    in_decimal = int(provider_id) if provider_id.isascii() and provider_id.isdigit() else None
    alike = None
    for reference, ids in known:
        for each in (ids or "").split():
            if each == provider_id:
                return reference
            if alike is None and in_decimal is not None and in_decimal in _numbers(each):
                alike = reference
    return alike


def _numbers(provider_id: str) -> set[int]:
    """What an id may be as a number, read in decimal and in hexadecimal."""
    numbers = set()
    for base in (10, 16):
        try:
            numbers.add(int(provider_id, base))
        except ValueError:
            continue  # not written in this base
    return numbers
