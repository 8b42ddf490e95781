"""Taking deliveries from the queue, and writing down how their hand-overs ended.

Both are short transactions over a batch. Between them, with no transaction open, the worker calls the provider.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import transaction

from watchword.core.clock import now
from watchword.core.encryption import EncryptionError
from watchword.core.sql import load
from watchword.delivery.batches import execute
from watchword.delivery.channels.composing import Composer, Due
from watchword.delivery.escalation import after_loss
from watchword.delivery.models import Delivery
from watchword.delivery.pauses import pause
from watchword.delivery.records import Accepted, Completed, Outbound, Refused, Unknown
from watchword.delivery.repeats import mark_repeats
from watchword.delivery.retries import repeat_at, wait_before_retry
from watchword.delivery.states import Move, State, move
from watchword.delivery.stopping import stop
from watchword.worklist.models import Task

_log = structlog.get_logger(__name__)
_CLAIM = load(__package__, "claim")
_END_ATTEMPTS = load(__package__, "end_attempts")
_OUTCOMES = {Accepted: "accepted", Refused: "refused", Unknown: "unknown"}


def claim(channels: Sequence[str], limit: int, worker: int) -> list[Outbound]:
    """Take up to `limit` due deliveries of these channels, urgent ones first, each with a committed attempt.

    Deliveries that nobody needs any more are cancelled on the way. `worker` is the number whose advisory lock the
    caller holds. Once this has returned, each of them may have been handed over, whatever happens to this process.
    """
    with transaction.atomic():
        due = _due(channels, limit)
        needless = move(Move(delivery=d.delivery, to=State.CANCELLED) for d in due if d.needless)
        outbounds, lost = _composed([d for d in due if not d.needless])
        moves = [
            Move(delivery=out.delivery, to=State.CLAIMED, worker=worker, reference=out.reference)
            for out in outbounds
        ]
        move([*moves, *lost])
        after_loss([*(m.delivery for m in needless), *(m.delivery for m in lost)])
        pause("claimed")
    return outbounds


def _due(channels: Sequence[str], limit: int) -> list[Due]:
    due: list[Due] = []
    for urgent in (True, False):
        if len(due) < limit:
            rows = execute(_CLAIM, {"channels": list(channels), "urgent": urgent, "limit": limit - len(due)})
            due += [Due(*row) for row in rows]
    return due


def _composed(due: Sequence[Due]) -> tuple[list[Outbound], list[Move]]:
    """The messages; and what becomes of those whose address cannot be read, because its key is gone."""
    composer = Composer()
    outbounds, lost = [], []
    for each in due:
        try:
            outbounds.append(composer.compose(each, uuid4()))
        except EncryptionError:
            _log.error("an address cannot be decrypted", delivery=each.delivery)
            lost.append(Move(delivery=each.delivery, to=State.UNDELIVERABLE, error="unreadable_address"))
    return outbounds, lost


def complete(ended: Sequence[Completed]) -> None:
    """Write down how these hand-overs ended, and do what follows from it."""
    if not ended:
        return
    with transaction.atomic():
        moved = move(_after(c) for c in ended)
        if len(moved) < len(ended):
            mark_repeats([c.outbound.reference for c in ended if isinstance(c.result, Accepted)])
        _end(ended)
        for c in ended:
            if isinstance(c.result, Refused) and c.result.opted_out:
                stop(_contact_point(c.outbound.delivery), Task.Kind.OPTED_OUT, by="provider")
        after_loss([m.delivery for m in moved if m.after == State.UNDELIVERABLE])
        pause("recorded")
    pause("completed")


def _end(ended: Sequence[Completed]) -> None:
    accepted = [c.result if isinstance(c.result, Accepted) else None for c in ended]
    execute(
        _END_ATTEMPTS,
        {
            "refs": [c.outbound.reference for c in ended],
            "provider_ids": [a.provider_id if a else None for a in accepted],
            "outcomes": None if all(accepted) else [_OUTCOMES[type(c.result)] for c in ended],
            "errors": None if all(accepted) else [getattr(c.result, "code", None) for c in ended],
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
