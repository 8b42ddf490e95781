"""Raw bytes of rosters are deleted when their source's retention has passed."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import connection, transaction
from django.db.models import Q

from watchword.audit import actions as audit
from watchword.core.clock import now
from watchword.feeds import mapping, raw
from watchword.feeds.models import Roster, Source
from watchword.worklist.models import Incident

_RAW_FILES = 0x72_61_77
"""Of the advisory locks (_RAW_FILES, source): those who bring in bytes share one, who purges holds it alone."""

_log = structlog.get_logger(__name__)


@contextmanager
def purging_held_off(source: Source) -> Iterator[None]:
    """While this lasts, no bytes of the source are purged: some are about to be brought in. No transaction is needed,
    since a roster may take long to come.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s, %s)", [_RAW_FILES, source.pk])
    try:
        yield
    finally:
        if not connection.needs_rollback:  # then the lock goes with the connection's next reset
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock_shared(%s, %s)", [_RAW_FILES, source.pk])


def purge_raw() -> int:
    """Delete the raw bytes that are past their source's retention; returns of how many rosters.

    Kept longer are the bytes of a roster that has a stage before it or that an open incident may be decided by, and
    bytes that came again within the retention. Bytes of no roster, as a crash leaves them, go by their age.
    """
    return sum(map(_purge, Source.objects.order_by("id")))


@transaction.atomic
def _purge(source: Source) -> int:
    if not _is_alone(source):
        _log.info("raw files are in use; purging them waits for the next run", source=source.pk)
        return 0
    until = now() - mapping.load(source.mapping).retention
    rosters = Roster.objects.filter(source=source, purged_at=None)
    undecided = Incident.objects.filter(state=Incident.State.OPEN, roster__isnull=False).values("roster")
    held = rosters.filter(held_changes__isnull=False).values("id")
    needed = rosters.filter(
        ~Q(stage=Roster.Stage.DONE) | Q(received_at__gte=until) | Q(id__in=undecided) | Q(id__in=held)
    )
    keep = {bytes(sha256) for sha256 in needed.values_list("sha256", flat=True)}
    past = [
        (number, bytes(sha256).hex())
        for number, sha256 in rosters.values_list("id", "sha256")
        if bytes(sha256) not in keep
    ]
    names = {sha256.hex() for sha256 in keep}
    gone = {name for _, name in past}

    files = 0
    for path in raw.folder_of(source.pk).glob("*"):
        unfinished = path.name.startswith(".")  # nobody is writing: the lock is ours alone
        is_old = path.stat().st_mtime < until.timestamp()
        if unfinished or path.name in gone or (is_old and path.name not in names):
            path.unlink()
            files += 1
    # After the files: what fails between is done again, not forgotten.
    purged = rosters.filter(id__in=[number for number, _ in past]).update(purged_at=now())
    if purged or files:
        audit.record("system", "roster.purge", f"source:{source.pk}", rosters=purged, files=files)
    return purged


def _is_alone(source: Source) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_RAW_FILES, source.pk])
        return bool(cursor.fetchone()[0])
