"""From notices to deliveries: the last stage of the way before words leave the house."""

import structlog
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from watchword.core.errors import WatchwordError
from watchword.core.sql import load
from watchword.custody.models import EventKind
from watchword.delivery.escalation import give_up_unreachable
from watchword.notices.freezing import freeze_wordings
from watchword.notices.models import Notice

WAKE_CHANNEL = "watchword_delivery"
"""PostgreSQL's NOTIFY on this channel wakes the workers that sleep."""

# Everything else is urgent: it goes ahead of these, always.
ROUTINE = frozenset(
    {EventKind.TRANSFERRED, EventKind.RELEASE_DATE_CHANGED, EventKind.COURT_DATE_CHANGED, "watch_ended"}
)

_BATCH = 5_000
_PLAN = load(__package__, "plan")
_log = structlog.get_logger(__name__)


def plan_deliveries() -> int:
    """Write the deliveries of every notice that has none yet; return how many deliveries were written.

    One for each verified contact point of the registrant that nobody stopped. A notice with no such contact point goes
    to the desk. Several processes may plan at once: each takes notices that no other has.
    """
    planned = 0
    while (written := _plan_batch()) is not None:
        planned += written
    return planned


@transaction.atomic
def _plan_batch() -> int | None:
    waiting = Notice.objects.filter(planned=False).order_by("id").select_for_update(skip_locked=True)
    notices = dict(waiting.values_list("id", "state")[:_BATCH])
    if not notices:
        return None
    to_tell = [notice for notice, state in notices.items() if state == Notice.State.OPEN]
    try:
        written = _write(to_tell)
    except (WatchwordError, IntegrityError):
        # One notice that cannot be put into words may not keep the others from being told.
        written = sum(_write_or_hand_over(notice) for notice in to_tell)
    Notice.objects.filter(id__in=notices).update(planned=True)
    give_up_unreachable(to_tell)
    return written


def _write_or_hand_over(notice: int) -> int:
    try:
        return _write([notice])
    except (WatchwordError, IntegrityError):
        _log.exception("a notice could not be planned and goes to the desk", notice=notice)
        return 0


@transaction.atomic
def _write(to_tell: list[int]) -> int:
    freeze_wordings(to_tell)
    with connection.cursor() as cursor:
        cursor.execute(
            _PLAN,
            {
                "notices": to_tell,
                "routine": sorted(ROUTINE),
                "rung_minutes": settings.WATCHWORD.rung_minutes,
            },
        )
        written: int = cursor.rowcount
        cursor.execute("SELECT pg_notify(%s, '')", [WAKE_CHANNEL])
    return written
