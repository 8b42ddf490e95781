"""From notices to deliveries: the last stage of the way before words leave the house."""

from collections.abc import Mapping

import structlog
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from watchword.core.errors import WatchwordError
from watchword.core.sql import load
from watchword.delivery.escalation import give_up_unreachable
from watchword.delivery.keeping_silence import lay_out_around_silence
from watchword.notices.freezing import freeze_wordings
from watchword.notices.models import Notice

WAKE_CHANNEL = "watchword_delivery"
"""PostgreSQL's NOTIFY on this channel wakes the workers that sleep."""

_BATCH = 5_000
_PLAN = load(__package__, "plan")
_log = structlog.get_logger(__name__)


def plan_deliveries() -> int:
    """Write the deliveries of every notice that has none yet; return how many deliveries were written.

    One for each verified contact point of the registrant that nobody stopped, and for each message: notices that are
    told with another have none of their own. A notice with no such contact point goes to the desk. Several processes
    may plan at once: each takes notices that no other has.
    """
    planned = 0
    while (written := _plan_batch()) is not None:
        planned += written
    return planned


@transaction.atomic
def _plan_batch() -> int | None:
    # What is immediate first ('immediate' comes before 'routine'): a bulk of routine ones does not keep it waiting.
    waiting = Notice.objects.filter(planned=False, told_with=None).order_by("urgency", "id")
    notices = dict(waiting.select_for_update(skip_locked=True).values_list("id", "state")[:_BATCH])
    if not notices:
        return None
    to_tell = [notice for notice, state in notices.items() if state == Notice.State.OPEN]
    told_with = Notice.objects.filter(told_with__in=notices).values_list("id", "told_with")
    followers = {notice: leader for notice, leader in told_with if leader is not None}
    try:
        written = _write(to_tell, followers)
    except (WatchwordError, IntegrityError):
        # One notice that cannot be put into words may not keep the others from being told.
        written = sum(_write_or_hand_over(notice, followers) for notice in to_tell)
    Notice.objects.filter(id__in=[*notices, *followers]).update(planned=True)
    give_up_unreachable(to_tell)
    return written


def _write_or_hand_over(notice: int, followers: Mapping[int, int]) -> int:
    try:
        return _write([notice], {each: leader for each, leader in followers.items() if leader == notice})
    except (WatchwordError, IntegrityError):
        _log.exception("a notice could not be planned and goes to the desk", notice=notice)
        return 0


@transaction.atomic
def _write(to_tell: list[int], followers: Mapping[int, int]) -> int:
    """The words of these notices and of those told with them, and the deliveries of these."""
    freeze_wordings([*to_tell, *followers])
    with connection.cursor() as cursor:
        cursor.execute(
            _PLAN,
            {
                "notices": to_tell,
                "rung_minutes": settings.WATCHWORD.rung_minutes,
                "routine_rung_minutes": settings.WATCHWORD.routine_rung_minutes,
                "backup_minutes": settings.WATCHWORD.backup_minutes,
            },
        )
        written: int = cursor.rowcount
        cursor.execute("SELECT pg_notify(%s, '')", [WAKE_CHANNEL])
    lay_out_around_silence(to_tell)
    return written
