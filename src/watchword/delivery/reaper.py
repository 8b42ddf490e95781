"""Taking back what dead or stalled workers had claimed."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction

from watchword.core.sql import load
from watchword.delivery.liveness import LOCKS
from watchword.delivery.states import Move, State, move

_ORPHANS = load(__package__, "orphans")
_STALLED_SECONDS = 60.0  # beyond what a provider may take, to gather and write down what ended
_log = structlog.get_logger(__name__)


@transaction.atomic
def take_back() -> int:
    """Whatever a worker that is dead or has stalled had claimed may have been handed over or not. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_ORPHANS, {"locks": LOCKS, "longest_seconds": _longest_seconds()})
        orphans = cursor.fetchall()
    # The provider's list may lag a moment behind what it accepted.
    settled = timedelta(seconds=settings.WATCHWORD.settle_seconds)
    moved = move(
        Move(
            delivery=delivery,
            attempt=reference,
            to=State.OUTCOME_UNKNOWN,
            due_in=settled,
            error="worker_died",
        )
        for delivery, reference in orphans
    )
    if moved:
        _log.warning("took back what a dead or stalled worker had claimed", deliveries=len(moved))
    return len(moved)


def _longest_seconds() -> float:
    """How long a worker that works can have a delivery claimed. It claims for free places alone, so nothing queues."""
    timeout: float = settings.WATCHWORD.provider_timeout_seconds
    return 2 * timeout + _STALLED_SECONDS
