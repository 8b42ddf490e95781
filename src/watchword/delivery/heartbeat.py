"""How the workers know a database that was restored, or whose clock was put back, before they send from it.

They count, every couple of seconds, in the database and then in a file of WATCHWORD_HOME. A database whose count is
lower than the file's is older than what we did with it: what waits in it may have been sent. So may what waits in one
that this home has never seen and that nobody has counted in lately. Then nothing is sent until a person has reconciled
(delivery/reconciling.py).
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from watchword.core.sql import rows, run
from watchword.delivery.alarms import alarm
from watchword.delivery.models import Heartbeat
from watchword.worklist.incidents import open_incident
from watchword.worklist.models import Incident

ABOUT = "database"
"""What the incident is about, as its `source`."""

_LATELY = timedelta(hours=1)  # a home that is new to a database may join the workers that counted so lately
_PUT_BACK = timedelta(seconds=10)  # less is left alone: it only makes what waits wait so much longer
_LEAP = 1_000_000  # at one count in two seconds, more than any other home can be ahead by
_FOLDER = "heartbeats"
HELD = (
    "The database is older than what was last seen of it, as after a restore: what waits in it may have been sent "
    "already. Nothing is sent until somebody has reconciled it: `watchword reconcile`."
)
"""What the desk is told, and whoever starts a worker."""

_log = structlog.get_logger(__name__)


def beat() -> bool:
    """Count once more; whether anything may be sent from this database."""
    with transaction.atomic():
        stands = standing()
        older = is_older(stands)
        if not older:
            _keep_pace_with_the_clock(stands["put_back"])
            Heartbeat.objects.update(count=stands["count"] + 1, at=Now())
    if older:
        hold()
        return False
    remember(stands["database"], stands["count"] + 1)  # after the commit: never ahead of the database
    return not _is_held()


def hold() -> None:
    """Put it before the desk, once."""
    if open_incident(Incident.Kind.DATABASE_RESTORED, ABOUT, HELD, {}):
        _log.error("the database is older than what was last seen of it: nothing is sent")
        alarm(HELD)


def begin_anew() -> None:
    """Count on from beyond whatever any home has seen: the database is taken for what it is now."""
    stands = standing()
    count = max(stands["count"], remembered(stands["database"]) or 0) + _LEAP
    Heartbeat.objects.update(count=count, at=Now())


def standing() -> Mapping[str, Any]:
    """The row, locked: `database`, `count`, `at`, and by how much the database's clock was put back since (`put_back`)
    or has gone on (`silent`)."""
    Heartbeat.objects.bulk_create([Heartbeat(database=uuid4())], ignore_conflicts=True)
    [found] = rows(__package__, "heartbeat", {})
    return found


def is_older(stands: Mapping[str, Any]) -> bool:
    """Whether this database is behind what this home knows of it, or unknown here and long silent."""
    known = remembered(stands["database"])
    if known is None:
        return bool(stands["count"] > 0 and stands["silent"] > _LATELY)
    return bool(stands["count"] < known)


def remembered(database: UUID) -> int | None:
    """The newest count that this home has seen in the database."""
    try:
        return int(_file(database).read_text())
    except FileNotFoundError:
        return None


def remember(database: UUID, count: int) -> None:
    """Write the count down beside the database, whole or not at all."""
    place = _file(database)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = place.with_suffix(f".{uuid4().hex}")
    new.write_text(f"{count}\n")
    new.replace(place)


def _file(database: UUID) -> Path:
    return Path(settings.WATCHWORD.home) / _FOLDER / str(database)


def _is_held() -> bool:
    held = Incident.objects.filter(kind=Incident.Kind.DATABASE_RESTORED, state=Incident.State.OPEN)
    return held.exists()


def _keep_pace_with_the_clock(put_back: timedelta) -> None:
    """Where the database's clock was put back, all that waits for a moment waits for it by as much less.

    Otherwise an escape that was due just before would wait an hour for the clock to come round again. A clock that
    goes ahead needs nothing: what becomes due too soon is at worst a rung told early.
    """
    if put_back > _PUT_BACK:
        moved = run(__package__, "put_back", {"by": put_back})
        _log.warning("the database's clock was put back", seconds=put_back.total_seconds(), deliveries=moved)
