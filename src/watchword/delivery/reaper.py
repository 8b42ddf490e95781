"""Taking back what dead workers had claimed."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction

from watchword.core.sql import load
from watchword.delivery.liveness import LOCKS
from watchword.delivery.states import Move, State, move

_ORPHANS = load(__package__, "orphans")
_log = structlog.get_logger(__name__)


@transaction.atomic
def take_back() -> int:
    """Everything claimed by a worker that is dead: whether it was handed over is unknown. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_ORPHANS, {"locks": LOCKS})
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
        _log.warning("took back what a dead worker had claimed", deliveries=len(moved))
    return len(moved)
