"""What comes in by itself: sources that are due are visited, and every roster that came is taken to its end.

It runs beside the web server and the workers (`watchword up`, `watchword intake`), as often as one likes and on as many
machines: a visit and a roster are each their own queue entry.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import structlog
from django.db import OperationalError, connection
from django.db.models import Min

from watchword import pipeline
from watchword.core.clock import now
from watchword.feeds.models import Roster
from watchword.feeds.ways import visiting

THREADS = 2
"""Visits and rosters under way at once in one process."""

_LOOK_SECONDS = 1.0
_AGAIN_SECONDS = 60.0  # until what failed by a fault of ours is tried again
_MOST_LOOKED_AT = 100
_ROSTERS = 0x72_6F_73
"""Of the advisory locks (_ROSTERS, source): who takes a source's rosters on here holds it."""

_log = structlog.get_logger(__name__)


def run(told: threading.Event, threads: int = THREADS) -> None:
    """Take in what comes until told to end; what is under way is ended first."""
    with ThreadPoolExecutor(threads, thread_name_prefix="intake") as pool:
        for _ in range(threads):
            pool.submit(_Taker(told).run)
        told.wait()


def drain() -> int:
    """Make the visits that are due and take on the rosters that wait; returns how many of both there were."""
    taker = _Taker(threading.Event())
    count = 0
    while taker.do_one():
        count += 1
    return count


class _Taker:
    """One thread, with a connection of its own."""

    def __init__(self, told: threading.Event) -> None:
        self._told = told
        self._set_aside: dict[
            int, float
        ] = {}  # sources whose rosters failed, until when: none overtakes another

    def run(self) -> None:
        """Work until told to end. While the database is away, wait for it."""
        try:
            while not self._told.is_set():
                if not self._try_one():
                    self._told.wait(_LOOK_SECONDS)
        finally:
            connection.close()

    def _try_one(self) -> bool:
        try:
            return self.do_one()
        except OperationalError:
            connection.close()
            _log.warning("the database is away; what comes in waits")
        except Exception:  # noqa: BLE001 - one source's trouble must not stop the others
            connection.close()
            _log.exception("something that came in could not be taken; the rest goes on")
        return False

    def do_one(self) -> bool:
        """Take on a roster that waits, or make a visit that is due; whether there was one."""
        if self._take_waiting():
            return True
        due = visiting.take_due()
        if due is None:
            return False
        for roster in visiting.visit(due):
            if roster.stage == Roster.Stage.DONE:
                pipeline.take_on(
                    roster
                )  # a beat; what is new waits for its turn, so that none overtakes another
        return True

    def _take_waiting(self) -> bool:
        """The oldest roster of a source that nobody else is busy with."""
        moment = now().timestamp()
        self._set_aside = {source: until for source, until in self._set_aside.items() if until > moment}
        waiting = Roster.objects.exclude(stage=Roster.Stage.DONE).exclude(source__in=self._set_aside)
        oldest = waiting.values("source").annotate(oldest=Min("id")).order_by("oldest")
        return any(self._take_oldest_of(each["source"]) for each in oldest[:_MOST_LOOKED_AT])

    def _take_oldest_of(self, source: int) -> bool:
        """Take a source's oldest roster to its end, unless somebody else is at one."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_ROSTERS, source])
            if not cursor.fetchone()[0]:
                return False
        try:
            # Looked for with the lock in hand: what was the oldest before may be done by now.
            unfinished = Roster.objects.filter(source=source).exclude(stage=Roster.Stage.DONE)
            roster = unfinished.order_by("id").first()
            if roster is None:
                return False
            pipeline.take_on(roster)
        except OperationalError:
            raise
        except Exception:
            self._set_aside[source] = now().timestamp() + _AGAIN_SECONDS
            raise
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_ROSTERS, source])
        return True
