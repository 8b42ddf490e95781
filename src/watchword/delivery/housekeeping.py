"""What a worker does every couple of seconds beside sending. Every part can be done by any worker, or by several."""

from collections.abc import Sequence

import structlog
from django.conf import settings
from django.db import OperationalError, connection

from watchword.core.sql import load
from watchword.delivery import recovery
from watchword.delivery.changes import send_lost_again
from watchword.delivery.codes import send_links
from watchword.delivery.planning import plan_deliveries
from watchword.delivery.reaper import take_back
from watchword.delivery.receipts import read_unread
from watchword.delivery.sweeps import give_up_unconfirmed, repeat_calls

EVERY_SECONDS = 2.0

_LEFT = load(__package__, "left")
_log = structlog.get_logger(__name__)


def keep_house() -> None:
    """Do all that is due, each part in its own transactions."""
    # What is given up is given up before calls are made again, or one more call could slip out in between.
    parts = (
        *(plan_deliveries, take_back, read_unread, give_up_unconfirmed, repeat_calls),
        *(send_links, send_lost_again),
    )
    for part in parts:
        try:
            part()
        except OperationalError:
            raise  # the database is away: the worker tries again when it is back
        except Exception:  # noqa: BLE001 - one part's fault must not stop the others, nor the sending
            _log.exception("a part of housekeeping failed; the others go on", part=part.__name__)


def is_anything_left(channels: Sequence[str]) -> bool:
    """Whether something is due now on these channels, or soon to be asked about: a worker that drains goes on."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LEFT,
            {
                "channels": list(channels),
                "settle_seconds": settings.WATCHWORD.settle_seconds,
                "under_way_seconds": recovery.may_be_under_way().total_seconds(),
            },
        )
        (left,) = cursor.fetchone()
    return bool(left)
