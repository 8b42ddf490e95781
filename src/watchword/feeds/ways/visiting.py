"""Looking after the sources that we fetch from: when each is due, and what a visit brings.

A visit's row is its own queue entry, as a roster is: taking one puts its next time a little ahead, and a visit that
ends sets it for good. So one that was killed is made again soon. What came and the mark that tells it from the next are
noted in one transaction: the same file is never two rosters.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction

from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.feeds import mapping as mappings
from watchword.feeds.models import Roster, Source, Visit
from watchword.feeds.receiving import brought_in, note
from watchword.feeds.ways import folder, http, sftp
from watchword.feeds.ways.arrivals import Arrival
from watchword.feeds.ways.described import Folder, Http, Push, Sftp, interval
from watchword.feeds.ways.secrets import credential_of

_VISITS = 0x76_69_73
"""Of the advisory locks (_VISITS, source): who visits a source holds it."""

_LEASE = timedelta(minutes=2)
"""After a visit that was killed the next one is made so much later, at most."""

_FIRST_RETRY, _LONGEST_RETRY = timedelta(seconds=30), timedelta(minutes=15)

_log = structlog.get_logger(__name__)


def schedule(source: Source) -> None:
    """Have a source visited from now on, if its mapping gives a way to it that is ours to go; else not any more."""
    way = mappings.load(source.mapping).way
    if way is None or isinstance(way, Push):
        Visit.objects.filter(source=source).delete()
    else:
        Visit.objects.update_or_create(source=source, defaults={"due_at": now()})


def take_due() -> Visit | None:
    """A visit that is due, to be made by the caller alone; None if there is none."""
    with transaction.atomic():
        due = Visit.objects.select_for_update(skip_locked=True, of=("self",)).filter(due_at__lte=now())
        visit = due.select_related("source").order_by("due_at").first()
        if visit is not None:
            visit.due_at = now() + _LEASE
            visit.save(update_fields=["due_at"])
    return visit


def visit(due: Visit) -> Iterator[Roster]:
    """Each new roster of the source, noted as received; a visit that fails is noted so, and made again."""
    with _alone(due.source) as is_alone:
        if not is_alone:
            return
        mapping = mappings.load(due.source.mapping)
        way = mapping.way
        if way is None or isinstance(way, Push):
            Visit.objects.filter(pk=due.pk).delete()
            return
        faults: list[str] = []
        try:
            for arrival in _fetch(way, due):
                try:
                    yield _take(due, arrival)
                except WatchwordError as error:  # one file's trouble keeps no other back
                    faults.append(str(error))
        except WatchwordError as error:
            faults.append(str(error))
        if faults:
            _failed(due, faults[0])
        else:
            due.failures, due.fault = 0, ""
            due.visited_at = now()
            due.due_at = due.visited_at + interval(way, mapping.rhythm)
        due.save()


def _fetch(way: Folder | Sftp | Http, due: Visit) -> Iterator[Arrival]:
    match way:
        case Folder():
            return folder.fetch(way, due.mark, now())
        case Sftp():
            return sftp.fetch(way, credential_of(due.source.name), due.mark)
        case Http():
            return http.fetch(way, credential_of(due.source.name), due.mark)


def _take(due: Visit, arrival: Arrival) -> Roster:
    received_at: datetime = now()
    with arrival.open() as stream, brought_in(due.source, stream) as kept, transaction.atomic():
        roster = note(due.source, kept, received_at)
        due.mark = arrival.mark
        due.save(update_fields=["mark"])
    arrival.taken()
    _log.info("a roster came", source=due.source.pk, roster=roster.pk, outcome=roster.outcome)
    return roster


def _failed(due: Visit, why: str) -> None:
    due.failures += 1
    due.fault = why
    due.visited_at = now()
    wait = min(_FIRST_RETRY * 2 ** min(due.failures - 1, 10), _LONGEST_RETRY)
    due.due_at = due.visited_at + wait * random.uniform(0.8, 1.2)  # noqa: S311 - so that not all come at once
    _log.warning("a source could not be visited", source=due.source.pk, failures=due.failures)


@contextmanager
def _alone(source: Source) -> Iterator[bool]:
    """Whether nobody else visits the source while this lasts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_VISITS, source.pk])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_VISITS, source.pk])
