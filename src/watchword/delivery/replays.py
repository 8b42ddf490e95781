"""Sending pushes again because a person asked for it: a partner lost what it took, or could not take it.

Whatever became of a delivery, its push can be sent again: under the same `webhook-id` and word for word, so that a
receiver that has it already drops it. It is tried some minutes long, beside the queue. Each try is an attempt of the
delivery; the delivery itself goes no way back, but one that still waited is handed over with it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from watchword.audit.actions import record
from watchword.core.clock import now
from watchword.core.encryption import EncryptionError
from watchword.core.errors import WatchwordError
from watchword.delivery.channels.composing import Composer, Due
from watchword.delivery.links import replay_link
from watchword.delivery.models import Attempt, Delivery, Replay
from watchword.delivery.records import Accepted, Completed, Outbound, Refused
from watchword.delivery.retries import wait_before_retry
from watchword.delivery.states import Move, State, move
from watchword.delivery.stopping import opted_out
from watchword.notices.models import Notice, Wording
from watchword.registrants.partners import partner_called

_AT_ONCE = 20
_MOST_TRIES = 8  # the last of them some ten minutes after the first
_LEASE = timedelta(minutes=1)  # longer than a try: for so long no other worker takes it
_log = structlog.get_logger(__name__)


def replayable() -> QuerySet[Delivery]:
    """The pushes that can be sent again: all that were tried, or never were because the partner was stopped."""
    missed = Q(state=State.CANCELLED, notice__state__in=[Notice.State.OPEN, Notice.State.AT_DESK])
    return Delivery.objects.filter(
        Q(attempts__gt=0) | missed,
        channel="push",
        contact_point__stopped_at=None,
        contact_point__partner__stopped_at=None,
    ).exclude(notice__state=Notice.State.WITHDRAWN)


@transaction.atomic
def replay_since(partner: str, since: datetime, *, by: str) -> int:
    """Have all of a partner's pushes since that moment sent again; how many that are."""
    found = partner_called(partner)
    if found.stopped_at is not None:
        raise WatchwordError(
            f"Pushes to {partner} are stopped. `watchword partner resume` lets them go on first."
        )
    wanted = replayable().filter(contact_point__partner=found, queued_at__gte=since)
    deliveries = list(wanted.order_by("id").values_list("id", flat=True))
    record(by, "push.replay", f"partner:{found.pk}", since=since.isoformat(), pushes=len(deliveries))
    _ask(deliveries)
    return len(deliveries)


@transaction.atomic
def replay_one(delivery: int, *, by: str) -> bool:
    """Have one push sent again; whether it can be."""
    if not replayable().filter(id=delivery).exists():
        return False
    record(by, "push.replay", f"delivery:{delivery}")
    _ask([delivery])
    return True


def _ask(deliveries: Collection[int]) -> None:
    Replay.objects.bulk_create(
        (Replay(delivery_id=delivery, due_at=now()) for delivery in deliveries),
        update_conflicts=True,
        unique_fields=["delivery"],
        update_fields=["due_at", "tries"],
        batch_size=5_000,
    )


@transaction.atomic
def make_link(*, by: str) -> str:
    """The address of the page of pushes, made for this person; that it was made is in the ledger."""
    record(by, "push.link", "pushes")
    return replay_link(by)


@transaction.atomic
def take(provider: str) -> list[Outbound]:
    """The pushes to send again now, each with a committed attempt. For a minute nobody else takes them."""
    due = Replay.objects.filter(due_at__lte=now()).order_by("due_at").select_for_update(skip_locked=True)
    numbers = list(due.values_list("delivery_id", flat=True)[:_AT_ONCE])
    Replay.objects.filter(pk__in=numbers).update(due_at=now() + _LEASE, tries=F("tries") + 1)
    sendable = replayable().filter(id__in=numbers)
    columns = "notice", "wording", "contact_point__registrant"
    found = list(sendable.select_related(*columns).annotate(newest=Max("attempt__number")).order_by("id"))
    composer = Composer(provider, (_due(each) for each in found))
    outbounds = []
    for each in found:
        try:
            outbounds.append(composer.compose(_due(each), uuid4()))
        except EncryptionError:
            _log.error("a partner's endpoint cannot be decrypted", delivery=each.pk)
    newest = {each.pk: each.newest or 0 for each in found}
    Attempt.objects.bulk_create(
        Attempt(
            reference=out.reference,
            delivery_id=out.delivery,
            number=newest[out.delivery] + 1,
            provider=provider,
        )
        for out in outbounds
    )
    Replay.objects.filter(pk__in=set(numbers) - {out.delivery for out in outbounds}).delete()
    return outbounds


@transaction.atomic
def settle(ended: Sequence[Completed]) -> None:
    """Write down how they ended; what was not taken is tried again, some times."""
    taken = [each.outbound.delivery for each in ended if isinstance(each.result, Accepted)]
    move(Move(delivery=delivery, to=State.HANDED_OVER) for delivery in taken)
    for each in ended:
        push, result = each.outbound, each.result
        Attempt.objects.filter(reference=push.reference).update(outcome=each.outcome, error=each.error)
        if isinstance(result, Refused) and result.opted_out:
            opted_out(push.delivery)
        replay = Replay.objects.filter(pk=push.delivery)
        tries = replay.values_list("tries", flat=True).first() or _MOST_TRIES
        if isinstance(result, Accepted) or tries >= _MOST_TRIES:
            replay.delete()
        else:
            replay.update(due_at=now() + wait_before_retry(tries, getattr(result, "retry_after", None)))


def _due(delivery: Delivery) -> Due:
    point = delivery.contact_point
    return Due(
        delivery=delivery.pk,
        channel=delivery.channel,
        urgent=delivery.urgent,
        attempts=delivery.attempts,
        repeat=True,
        language=point.registrant.language,
        address=bytes(point.address),
        allows_detail=point.allows_detail,
        disguise=point.disguise,
        needless=False,
        subject=None,
        body=_facts(delivery) if point.allows_detail and not point.backup else None,
        backup=point.backup,
        has_silent_times=False,
    )


def _facts(delivery: Delivery) -> str:
    """What sql/claim.sql gives as the body: its own words, and those of what is told with it, in the events' order."""
    events = delivery.notice.followers.order_by("event_id").values_list("event_id", flat=True)
    words = Wording.objects.filter(
        notice=None, language=delivery.wording.language, channel=delivery.wording.channel
    )
    beside = [words.filter(event=event).latest("id").body for event in events]
    return "\n\n".join([delivery.wording.body, *beside])
