"""Test messages: real ones, through a provider, that say they are a test and tell nothing else.

A registrant gets one on request. The office's own contacts get one every hour through every provider, the canary: one
that does not arrive raises an alarm, so that a silent fault is found before somebody's escape depends on it.
A test is sent at most once, and touches no notice.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from watchword.audit.actions import record
from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.core.errors import WatchwordError
from watchword.delivery.alarms import alarm
from watchword.delivery.channels import Provider
from watchword.delivery.channels.registry import names_for
from watchword.delivery.links import Links
from watchword.delivery.models import TestMessage
from watchword.delivery.records import Accepted, Completed, Meaning, Outbound, Refused, Report, Unknown
from watchword.notices.wording import disguise, neutral
from watchword.registrants.addresses import CONTEXT
from watchword.registrants.models import ContactPoint, SilentTime
from watchword.registrants.silence import opens_at, silences
from watchword.worklist.incidents import clear_incidents, open_incident
from watchword.worklist.models import Incident

_BATCH = 100
_STALE = timedelta(hours=1)  # a test that waited so long is not sent any more: nobody expects it now
_OUTCOMES = {Accepted: "accepted", Refused: "refused", Unknown: "unknown"}
_SILENT = ("email", "letter")  # they have a heading, and those who take them over need say nothing later
_BAD: frozenset[Meaning] = frozenset({"not_reached", "impossible"})


@transaction.atomic
def request_tests(registrant: int, *, by: str, contact_point: int | None = None) -> list[TestMessage]:
    """Have a test message sent to one of a registrant's contact points, or to all of them that may be used.

    WatchwordError where none may: not verified, stopped, never safe at this hour, or not theirs.
    """
    points = ContactPoint.objects.filter(
        registrant=registrant, verified_at__isnull=False, stopped_at=None, partner=None
    ).select_related("registrant")
    if contact_point is not None:
        points = points.filter(id=contact_point)
    tests = [
        TestMessage(
            reference=uuid4(),
            contact_point=point,
            channel=point.channel,
            provider=names_for(point.channel)[0],
            address=point.address,
            language=point.registrant.language,
        )
        for point in points.order_by("id")
        if _is_safe_now(point)
    ]
    if not tests:
        raise WatchwordError(
            "There is no verified contact point here that a test could be sent to at this hour."
        )
    for test in tests:
        record(by, "contact_point.test", f"contact_point:{test.contact_point_id}")
    return TestMessage.objects.bulk_create(tests)


def _is_safe_now(point: ContactPoint) -> bool:
    """Whether its never-safe hours let a message through now. Quiet hours need not: it was asked for."""
    at = now()
    never_safe = SilentTime.objects.filter(contact_point=point, kind=SilentTime.Kind.NEVER_SAFE)
    kept = silences(never_safe, point.pk, urgent=True, wakes=True)
    return opens_at(at, kept, ZoneInfo(point.registrant.time_zone)) == at


def request_canaries() -> int:
    """Have a test sent to each of the office's own contacts, through every provider of its channel; how many."""
    tests = [
        TestMessage(
            reference=uuid4(),
            channel=channel,
            provider=provider,
            address=keyring().encrypt(address, CONTEXT),
            language=settings.LANGUAGE_CODE,
        )
        for channel, address in settings.WATCHWORD.canary.items()
        for provider in names_for(channel)
    ]
    return len(TestMessage.objects.bulk_create(tests))


@transaction.atomic
def take(providers: Sequence[str]) -> list[Outbound]:
    """The tests to send now through these providers. Nobody takes them again, whatever happens to this process."""
    unsent = TestMessage.objects.filter(
        provider__in=providers, sent_at=None, requested_at__gt=now() - _STALE
    ).order_by("requested_at")
    waiting = unsent.select_for_update(skip_locked=True, of=("self",)).select_related(
        "contact_point__registrant"
    )
    tests = [
        test for test in waiting[:_BATCH] if test.contact_point is None or _is_safe_now(test.contact_point)
    ]
    if tests:
        TestMessage.objects.filter(pk__in=[test.pk for test in tests]).update(sent_at=now())
    return [_message(test) for test in tests]


async def send(providers: Sequence[Provider], tests: Sequence[Outbound]) -> list[Completed]:
    """Hand them over, all at once."""
    named = {provider.name: provider for provider in providers}
    results = await asyncio.gather(*(named[out.provider].send(out) for out in tests if out.provider in named))
    sent = [out for out in tests if out.provider in named]
    return [Completed(outbound=out, result=result) for out, result in zip(sent, results, strict=True)]


def settle(ended: Sequence[Completed]) -> None:
    """Write down how their hand-overs ended."""
    for each in ended:
        result = each.result
        accepted = isinstance(result, Accepted)
        # That it was taken is all that is ever known.
        told = {"delivered_at": now()} if accepted and each.outbound.channel in _SILENT else {}
        TestMessage.objects.filter(reference=each.outbound.reference).update(
            outcome=_OUTCOMES[type(result)],
            error=getattr(result, "code", None),
            provider_id=getattr(result, "provider_id", None),
            **told,
        )


def hear(reference: UUID | None, report: Report) -> bool:
    """What a receipt says of a test; whether it is about one."""
    if reference is None:
        return False
    test = TestMessage.objects.filter(reference=reference)
    if report.meaning == "delivered":
        test.filter(delivered_at=None).update(delivered_at=now())
    elif report.meaning in _BAD:
        test.update(error=report.error)
    return test.exists()


def listen_for_canaries() -> int:
    """Raise an alarm for each provider whose newest canary never arrived, and end those that have one again.

    Returns how many canaries were missed.
    """
    limit = now() - timedelta(minutes=settings.WATCHWORD.canary_minutes)
    canaries = TestMessage.objects.filter(contact_point=None)
    silent = list(canaries.filter(delivered_at=None, missed=False, requested_at__lt=limit))
    canaries.filter(pk__in=[test.pk for test in silent]).update(missed=True)
    for channel, provider in {(test.channel, test.provider) for test in silent}:
        summary = (
            f"The test {channel} through {provider} to the office's own contact did not arrive within "
            f"{settings.WATCHWORD.canary_minutes:g} minutes. Registrants may not be reached that way either."
        )
        if open_incident(
            Incident.Kind.CANARY_SILENT, f"{channel}:{provider}", summary, {"missed": len(silent)}
        ):
            alarm(summary)
    for source in Incident.objects.filter(
        kind=Incident.Kind.CANARY_SILENT, state=Incident.State.OPEN
    ).values_list("source", flat=True):
        channel, _, provider = source.partition(":")
        newest = canaries.filter(channel=channel, provider=provider).order_by("-requested_at").first()
        if newest is not None and newest.delivered_at is not None:
            clear_incidents(Incident.Kind.CANARY_SILENT, source, "A later test arrived.")
    return len(silent)


def _message(test: TestMessage) -> Outbound:
    links = Links.here()
    point = test.contact_point
    sender, subject, words = (
        "",
        neutral(test.language, "test_subject"),
        neutral(test.language, "test_message"),
    )
    if point is not None and point.disguise:
        sender, subject = disguise(test.language, point.disguise)
        words = neutral(test.language, "test_call")  # which does not name the office
    return Outbound(
        delivery=0,
        reference=test.reference,
        channel=test.channel,
        provider=test.provider,
        urgent=False,
        to=keyring().decrypt(test.address, CONTEXT),
        subject=subject if test.channel in _SILENT else "",
        sender_name=sender,
        body=words if test.channel != "voice" else "",
        language=test.language,
        url=links.test_call(test.language, is_tty=point is not None and point.tty)
        if test.channel == "voice"
        else "",
        status_url=""
        if test.channel in _SILENT
        else links.status(test.provider, test.channel, test.reference),
    )
