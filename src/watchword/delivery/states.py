"""The states of a delivery, the one table of its transitions, and the one function that makes them.

Nothing else in this system writes `delivery_delivery.state`, but for the INSERT that creates a delivery as QUEUED.
docs/statuses.md says the same in plain words; a test holds the two together.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models

from watchword.core.batches import execute
from watchword.core.sql import load


class State(models.TextChoices):
    """Where a delivery stands."""

    # Waiting for its moment (`due_at`): not sent yet, by the provider's word never received, or a call to make again.
    QUEUED = "queued"
    # A living worker has it and may be calling the provider at this very moment.
    CLAIMED = "claimed"
    # The provider has taken it over.
    HANDED_OVER = "handed_over"
    # The provider says it reached the phone or mailbox, or that the call was answered. Nobody need have read it.
    DELIVERED = "delivered"
    # A person gave the right PIN. The only state that means "told".
    CONFIRMED = "confirmed"
    # Refused for now, or a phone that was not reached: tried again at `due_at`.
    RETRY_WAIT = "retry_wait"
    # This contact point cannot be reached; trying again would not help.
    UNDELIVERABLE = "undeliverable"
    # It may or may not have been handed over: the worker died, or the provider did not answer. Being asked.
    OUTCOME_UNKNOWN = "outcome_unknown"
    # No longer needed: the notice was confirmed elsewhere, or the contact point was stopped, before it was sent.
    CANCELLED = "cancelled"


FINAL = frozenset({State.CONFIRMED, State.UNDELIVERABLE, State.CANCELLED})

# A receipt may overtake our own record of the hand-over, and a provider may have taken a message that it denied a
# moment ago: so every state that still waits can go on to HANDED_OVER, DELIVERED and CONFIRMED. Two things lead back
# to QUEUED: the provider's word that it never got the message, and a call whose notice nobody confirmed.
TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.QUEUED: frozenset(
        {
            State.CLAIMED,
            State.HANDED_OVER,
            State.DELIVERED,
            State.CONFIRMED,
            State.UNDELIVERABLE,
            State.CANCELLED,
        }
    ),
    State.CLAIMED: frozenset(
        {
            State.HANDED_OVER,
            State.DELIVERED,
            State.CONFIRMED,
            State.RETRY_WAIT,
            State.UNDELIVERABLE,
            State.OUTCOME_UNKNOWN,
        }
    ),
    State.HANDED_OVER: frozenset(
        {State.DELIVERED, State.CONFIRMED, State.RETRY_WAIT, State.UNDELIVERABLE, State.QUEUED}
    ),
    # A mail that one server took can still come back from the next one.
    State.DELIVERED: frozenset({State.CONFIRMED, State.QUEUED, State.UNDELIVERABLE}),
    State.RETRY_WAIT: frozenset(
        {
            State.CLAIMED,
            State.HANDED_OVER,
            State.DELIVERED,
            State.CONFIRMED,
            State.UNDELIVERABLE,
            State.CANCELLED,
        }
    ),
    State.OUTCOME_UNKNOWN: frozenset(
        {
            State.QUEUED,
            State.HANDED_OVER,
            State.DELIVERED,
            State.CONFIRMED,
            State.RETRY_WAIT,
            State.UNDELIVERABLE,
            State.CANCELLED,
        }
    ),
    State.CONFIRMED: frozenset(),
    State.UNDELIVERABLE: frozenset(),
    State.CANCELLED: frozenset(),
}

_ALLOWED = [(str(origin), target) for origin, targets in TRANSITIONS.items() for target in targets]
_MOVE = load(__package__, "move")


class Move(NamedTuple):
    """One delivery to one state. What is left None stays as it is, but for when it is due.

    A named tuple, as two are made of every message, and what is wanted of them is their columns.
    """

    delivery: int
    to: State
    attempt: UUID | None = None  # only if this is still the newest attempt's reference
    due_in: timedelta | None = None  # how long until it is looked at again; None: never by itself
    worker: int | None = None  # of CLAIMED: the worker's number
    reference: UUID | None = None  # of CLAIMED: our own, of the attempt that begins
    provider: str | None = None  # of CLAIMED: the name of the one who is to get the attempt
    provider_id: str | None = None
    error: str | None = None
    repeat: bool | None = None  # True: it is sent again although it may have arrived


class Moved(NamedTuple):
    """A delivery that changed its state."""

    delivery: int
    notice: int
    before: str
    after: str


def move(moves: Iterable[Move]) -> list[Moved]:
    """Make the moves that the table allows, in one statement; return those made. Others leave no trace.

    A delivery that becomes CLAIMED begins an attempt, which has its reference.

    When something is due is told by the database's clock alone, so workers whose clocks differ cannot disagree.

    Rows are locked in the order of their ids, so two callers cannot block one another for ever.
    """
    wanted = list(moves)
    if not wanted:
        return []
    # A column that is empty as a whole is not sent, which spares most of the work.
    columns = [
        None if column.count(None) == len(column) else list(column) for column in zip(*wanted, strict=True)
    ]
    parameters: Any = dict(zip(Move._fields, columns, strict=True))
    targets = {each.to for each in wanted}
    allowed = [(origin, target) for origin, target in _ALLOWED if target in targets]
    parameters["origins"], parameters["allowed"] = map(list, zip(*allowed, strict=True))
    return [Moved(*row) for row in execute(_MOVE, parameters)]
