"""Taking deliveries from the queue, and writing down how their hand-overs ended.

Both are short transactions over a batch. Between them, with no transaction open, the worker calls the provider.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import transaction

from watchword.core.batches import execute
from watchword.core.encryption import EncryptionError
from watchword.core.sql import load
from watchword.delivery.channels.composing import Composer, Due
from watchword.delivery.escalation import after_loss
from watchword.delivery.keeping_silence import postpone_silent
from watchword.delivery.pace import reserve
from watchword.delivery.pauses import pause
from watchword.delivery.records import Accepted, Completed, Outbound, Refused, Unknown
from watchword.delivery.repeats import turned_up
from watchword.delivery.retries import wait_before_repeat, wait_before_retry
from watchword.delivery.states import Move, State, move
from watchword.delivery.stopping import opted_out

_log = structlog.get_logger(__name__)
_CLAIM = load(__package__, "claim")
_CALLS_UNDER_WAY = load(__package__, "calls_under_way")
_LOCK_CALL_LINES = "SELECT pg_advisory_xact_lock(%(lines)b::int, hashtext(%(provider)b::text))"
_CALL_LINES = 0x43_4C  # the first of the two numbers of the lock on a provider's call lines
_LONGEST_CALL_SECONDS = 300  # a call of which nothing was heard for so long is over
_END_ATTEMPTS = load(__package__, "end_attempts")
_MOST_LOOKS = 20  # for something that may be sent, past what may not be at this hour


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """How much a provider may be given now."""

    free: int  # in all; urgent ones may take every place
    routine: int  # at most so many of those for routine ones; 0: look for urgent ones alone
    calls_at_once: int | None = None  # how many calls it takes at once, from all workers; None: any number

    def for_urgent(self) -> "Room":
        """The same for urgent ones alone."""
        return replace(self, routine=0)


def claim(channel: str, provider: str, room: Room, worker: int) -> list[Outbound]:
    """Take due deliveries of this channel for this provider, urgent ones first, each with a committed attempt.

    Deliveries that nobody needs any more are cancelled on the way. `worker` is the number whose advisory lock the
    caller holds. Once this has returned, each of them may have been handed over, whatever happens to this process.
    """
    with transaction.atomic():
        due = _due(channel, _room_for_calls(provider, room))
        needless = move(Move(delivery=d.delivery, to=State.CANCELLED) for d in due if d.needless)
        outbounds, lost = _composed(provider, [d for d in due if not d.needless])
        moves = [
            Move(
                delivery=out.delivery,
                to=State.CLAIMED,
                worker=worker,
                reference=out.reference,
                provider=provider,
            )
            for out in outbounds
        ]
        move([*moves, *lost])
        after_loss([*(m.delivery for m in needless), *(m.delivery for m in lost)])
        pause("claimed")
    return outbounds


def _room_for_calls(provider: str, room: Room) -> Room:
    """The room that the calls under way leave. Whoever counts them holds a lock, so no two workers count alike."""
    if room.calls_at_once is None:
        return room
    execute(_LOCK_CALL_LINES, {"lines": _CALL_LINES, "provider": provider})
    ((under_way,),) = execute(
        _CALLS_UNDER_WAY, {"provider": provider, "longest_seconds": _LONGEST_CALL_SECONDS}
    )
    free = max(0, room.calls_at_once - under_way)
    return Room(
        free=min(room.free, free),
        routine=max(0, min(room.routine, free - reserve(room.calls_at_once))),
    )


def _due(channel: str, room: Room) -> list[Due]:
    due: list[Due] = []
    for urgent, most in ((True, room.free), (False, room.routine)):
        limit = min(most, room.free - len(due))
        if limit > 0:
            due += _awake({"channel": channel, "urgent": urgent, "limit": limit})
    return due


def _awake(wanted: Mapping[str, object]) -> list[Due]:
    """What is due of these and may be sent at this hour. What may not be is due when its silence ends."""
    due: list[Due] = []
    for _ in range(_MOST_LOOKS):
        due = [Due(*row) for row in execute(_CLAIM, wanted)]
        silent = postpone_silent([each.delivery for each in due if each.has_silent_times])
        if not silent:
            break
        due = [each for each in due if each.delivery not in silent]
    return due


def _composed(provider: str, due: Sequence[Due]) -> tuple[list[Outbound], list[Move]]:
    """The messages; and what becomes of those whose address cannot be read, because its key is gone."""
    composer = Composer(provider, due)
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
            turned_up([c.outbound.reference for c in ended if isinstance(c.result, Accepted)])
        _end(ended)
        for c in ended:
            if isinstance(c.result, Refused) and c.result.opted_out:
                opted_out(c.outbound.delivery)
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
            "outcomes": None if all(accepted) else [c.outcome for c in ended],
            "errors": None if all(accepted) else [c.error for c in ended],
        },
    )


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
                due_in=wait_before_repeat(out.channel),
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
                due_in=wait_before_retry(out.attempts, result.retry_after),
            )
        case Unknown():
            return Move(
                delivery=out.delivery,
                attempt=out.reference,
                to=State.OUTCOME_UNKNOWN,
                error=result.code,
                due_in=timedelta(seconds=settings.WATCHWORD.settle_seconds),
            )
