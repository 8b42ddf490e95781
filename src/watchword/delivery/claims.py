"""Taking deliveries from the queue, and writing down how their hand-overs ended.

Both are short transactions over a batch. Between them, with no transaction open, the worker calls the provider.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction

from watchword.core.clock import now
from watchword.core.sql import load
from watchword.delivery.channels.composing import Due, compose
from watchword.delivery.escalation import after_loss
from watchword.delivery.models import Delivery
from watchword.delivery.pauses import pause
from watchword.delivery.records import Accepted, Completed, Outbound, Refused, Unknown
from watchword.delivery.retries import repeat_at, wait_before_retry
from watchword.delivery.states import Move, State, move
from watchword.delivery.stopping import stop
from watchword.worklist.models import Task

_CLAIM = load(__package__, "claim")
_BEGIN_ATTEMPTS = load(__package__, "begin_attempts")
_END_ATTEMPTS = load(__package__, "end_attempts")
_OUTCOMES = {Accepted: "accepted", Refused: "refused", Unknown: "unknown"}


def claim(channels: Sequence[str], limit: int, worker: int) -> list[Outbound]:
    """Take up to `limit` due deliveries of these channels, urgent ones first, each with a committed attempt.

    Deliveries that nobody needs any more are cancelled on the way. `worker` is the number whose advisory lock the
    caller holds. Once this has returned, each of them may have been handed over, whatever happens to this process.
    """
    with transaction.atomic():
        due = _due(channels, limit)
        move(Move(delivery=d.delivery, to=State.CANCELLED) for d in due if d.needless)
        batch = [(d, uuid4()) for d in due if not d.needless]
        _begin(batch, worker)
        pause("claimed")
    return [compose(d, reference) for d, reference in batch]


def _due(channels: Sequence[str], limit: int) -> list[Due]:
    due: list[Due] = []
    with connection.cursor() as cursor:
        for urgent in (True, False):
            if len(due) < limit:
                cursor.execute(
                    _CLAIM, {"channels": list(channels), "urgent": urgent, "limit": limit - len(due)}
                )
                due += [Due(*row) for row in cursor.fetchall()]
    return due


def _begin(batch: Sequence[tuple[Due, UUID]], worker: int) -> None:
    if not batch:
        return
    move(
        Move(delivery=d.delivery, to=State.CLAIMED, worker=worker, reference=reference)
        for d, reference in batch
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _BEGIN_ATTEMPTS,
            {
                "deliveries": [d.delivery for d, _ in batch],
                "refs": [reference for _, reference in batch],
                "numbers": [d.attempts + 1 for d, _ in batch],
            },
        )


def complete(ended: Sequence[Completed]) -> None:
    """Write down how these hand-overs ended, and do what follows from it."""
    if not ended:
        return
    with transaction.atomic():
        moved = move(_after(c) for c in ended)
        _end(ended)
        for c in ended:
            if isinstance(c.result, Refused) and c.result.opted_out:
                stop(_contact_point(c.outbound.delivery), Task.Kind.OPTED_OUT, by="provider")
        after_loss([m.delivery for m in moved if m.after == State.UNDELIVERABLE])
        pause("recorded")
    pause("completed")


def _end(ended: Sequence[Completed]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _END_ATTEMPTS,
            {
                "refs": [c.outbound.reference for c in ended],
                "outcomes": [_OUTCOMES[type(c.result)] for c in ended],
                "provider_ids": [
                    c.result.provider_id if isinstance(c.result, Accepted) else None for c in ended
                ],
                "errors": [None if isinstance(c.result, Accepted) else c.result.code for c in ended],
            },
        )


def _contact_point(delivery: int) -> int:
    return Delivery.objects.values_list("contact_point_id", flat=True).get(id=delivery)


def _after(completed: Completed) -> Move:
    """Where the delivery goes now, if this is still its newest attempt."""
    out, result = completed.outbound, completed.result
    match result:
        case Accepted():
            return Move(
                delivery=out.delivery,
                attempt=out.reference,
                to=State.HANDED_OVER,
                provider_id=result.provider_id,
                due_at=repeat_at(out.channel),
            )
        case Refused(permanent=True):
            return Move(
                delivery=out.delivery, attempt=out.reference, to=State.UNDELIVERABLE, error=result.code
            )
        case Refused():
            return Move(
                delivery=out.delivery,
                attempt=out.reference,
                to=State.RETRY_WAIT,
                error=result.code,
                due_at=now() + wait_before_retry(out.attempts, result.retry_after),
            )
        case Unknown():
            return Move(
                delivery=out.delivery,
                attempt=out.reference,
                to=State.OUTCOME_UNKNOWN,
                error=result.code,
                due_at=now() + timedelta(seconds=settings.WATCHWORD.settle_seconds),
            )
