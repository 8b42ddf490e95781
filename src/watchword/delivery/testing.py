"""Test messages: real ones, through a provider, that say they are a test and tell nothing else (test_wording.py).

A registrant gets one on request, and so does a partner's system. The office's own contacts get one every hour through
every provider, the canary: one that does not arrive raises an alarm, so that a silent fault is found before somebody's
escape depends on it. A test is sent at most once, and touches no notice; that something was changed is sent until a
provider takes it (changes.py).
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from watchword.audit.actions import record
from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.core.errors import WatchwordError
from watchword.delivery.alarms import alarm
from watchword.delivery.changes import STALE, send_again
from watchword.delivery.channels.registry import names_for
from watchword.delivery.models import TestMessage
from watchword.delivery.records import Accepted, Completed, Meaning, Outbound, Refused, Report, Unknown
from watchword.delivery.test_wording import message
from watchword.registrants.addresses import CONTEXT
from watchword.registrants.coming_back.links import LINK_MINUTES
from watchword.registrants.contact_codes import CODE_MINUTES
from watchword.registrants.models import ContactPoint, SilentTime
from watchword.registrants.partners import partner_at
from watchword.registrants.silence import opens_at, silences
from watchword.worklist.incidents import clear_incidents, open_incident
from watchword.worklist.models import Incident

_BATCH = 100
_STALE = {  # what waited so long is not sent any more: nobody expects it now, or it is good no more
    TestMessage.Says.TEST: timedelta(hours=1),
    TestMessage.Says.CODE: timedelta(minutes=CODE_MINUTES),
    TestMessage.Says.LINK: timedelta(minutes=LINK_MINUTES),
    TestMessage.Says.CHANGE: STALE,
}
_SILENT = ("email", "letter", "push")  # those who take them over need say nothing later
_NO_CASE = "test"  # stands where a push names the partner's case
_BAD: frozenset[Meaning] = frozenset({"not_reached", "impossible"})


@transaction.atomic
def request_tests(
    registrant: int, *, by: str, contact_point: int | None = None, most_an_hour: int | None = None
) -> list[TestMessage]:
    """Have a test message sent to one of a registrant's contact points, or to all of them that may be used.

    WatchwordError where none may: not verified, stopped, never safe at this hour, not theirs, or tested `most_an_hour`
    times already.
    """
    points = ContactPoint.objects.filter(
        registrant=registrant, verified_at__isnull=False, stopped_at=None
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
        if _is_safe_now(point) and (most_an_hour is None or _tested_lately(point) < most_an_hour)
    ]
    if not tests:
        raise WatchwordError(
            "There is no verified contact point here that a test could be sent to at this hour."
        )
    for test in tests:
        record(by, "contact_point.test", f"contact_point:{test.contact_point_id}")
    return TestMessage.objects.bulk_create(tests)


@transaction.atomic
def request_push_test(partner: str, *, by: str) -> TestMessage:
    """Have a test pushed to the system of the partner of this name. WatchwordError where it takes none."""
    place = _push_place(partner)
    found = partner_at(place)
    record(by, "partner.test", f"partner:{found.pk}")
    return TestMessage.objects.create(
        reference=uuid4(),
        channel="push",
        provider=names_for("push")[0],
        address=keyring().encrypt(place, CONTEXT),
        language=settings.LANGUAGE_CODE,
        partner=found,
    )


def _push_place(partner: str) -> str:
    return f"{partner}/{_NO_CASE}"


def _tested_lately(point: ContactPoint) -> int:
    lately = now() - timedelta(hours=1)
    tests = TestMessage.objects.filter(contact_point=point, says=TestMessage.Says.TEST)
    return tests.filter(requested_at__gt=lately).count()


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
            address=keyring().encrypt(_push_place(address) if channel == "push" else address, CONTEXT),
            language=settings.LANGUAGE_CODE,
        )
        for channel, address in settings.WATCHWORD.canary.items()
        for provider in names_for(channel)
    ]
    return len(TestMessage.objects.bulk_create(tests))


@transaction.atomic
def take(providers: Sequence[str]) -> list[Outbound]:
    """The tests to send now through these providers. Nobody takes them again, whatever happens to this process."""
    is_fresh = Q()
    for says, stale in _STALE.items():
        is_fresh |= Q(says=says, requested_at__gt=now() - stale)
    unsent = TestMessage.objects.filter(
        is_fresh, provider__in=providers, sent_at=None, send_from__lte=now()
    ).order_by("requested_at")
    waiting = unsent.select_for_update(skip_locked=True, of=("self",)).select_related(
        "contact_point__registrant"
    )
    tests = [
        test for test in waiting[:_BATCH] if test.contact_point is None or _is_safe_now(test.contact_point)
    ]
    if tests:
        TestMessage.objects.filter(pk__in=[test.pk for test in tests]).update(sent_at=now())
    return [out for test in tests if (out := _written(test))]


def _written(test: TestMessage) -> Outbound | None:
    """The test, ready for its provider; None where it is for a partner that takes no pushes any more."""
    try:
        return message(test)
    except WatchwordError:
        TestMessage.objects.filter(pk=test.pk).update(outcome="refused", error="unsendable")
        return None


def settle(ended: Sequence[Completed]) -> None:
    """Write down how their hand-overs ended."""
    for each in ended:
        result = each.result
        accepted = isinstance(result, Accepted)
        # That it was taken is all that is ever known.
        told = {"delivered_at": now()} if accepted and each.outbound.channel in _SILENT else {}
        TestMessage.objects.filter(reference=each.outbound.reference).update(
            outcome=each.outcome,
            error=each.error,
            provider_id=getattr(result, "provider_id", None),
            **told,
        )
        if isinstance(result, Unknown) or (isinstance(result, Refused) and not result.permanent):
            send_again([each.outbound.reference])


def hear(reference: UUID | None, report: Report) -> bool:
    """What a receipt says of a test; whether it is about one."""
    if reference is None:
        return False
    test = TestMessage.objects.filter(reference=reference)
    if report.meaning == "delivered":
        test.filter(delivered_at=None).update(delivered_at=now())
    elif report.meaning in _BAD:
        test.update(error=report.error)
        if report.meaning == "not_reached":
            send_again([reference])
    return test.exists()


def listen_for_canaries() -> int:
    """Raise an alarm for each provider whose newest canary never arrived, and end those that have one again.

    Returns how many canaries were missed.
    """
    limit = now() - timedelta(minutes=settings.WATCHWORD.canary_minutes)
    canaries = TestMessage.objects.filter(contact_point=None, partner=None, says=TestMessage.Says.TEST)
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
