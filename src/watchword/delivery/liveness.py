"""How a worker shows that it lives: a number of its own, and a session's advisory lock on it.

The lock is held by one connection that does nothing else but listen for new work. When the process dies, for whatever
reason, PostgreSQL lets go of the lock within moments, and the reaper takes back what the number had claimed.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import psycopg
import structlog
from django.db import connection

from watchword.core.sql import load
from watchword.delivery.planning import WAKE_CHANNEL

LOCKS = 0x57_44
"""The first of the two numbers of every worker's lock; the second is the worker's own."""

_WORKERS = load(__package__, "workers")
_RECONNECT_SECONDS = 1.0
_log = structlog.get_logger(__name__)


class Liveness:
    """A worker's number. None while the connection that proves it is gone."""

    def __init__(self, call: Callable[[], None]) -> None:
        """`call` is called when there may be new work."""
        self.number: int | None = None
        self.may_send = False  # the database behind the connection is the one we knew (heartbeat.py)
        self.workers = 1  # that live, this one included; they share what a provider may be given in a second
        self._call = call

    def claims_as(self) -> int | None:
        """The number to claim with; None: claim nothing now."""
        return self.number if self.may_send else None

    async def keep(self) -> None:
        """Hold a number until cancelled; a new one after each loss of the connection."""
        while True:
            try:
                await self._hold()
            except psycopg.OperationalError:
                _log.warning("the worker lost its lock and takes a new number", worker=self.number)
            finally:
                self.number, self.may_send = None, False  # what answers next may be another database
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _hold(self) -> None:
        async with await psycopg.AsyncConnection.connect(**address(), autocommit=True) as link:
            cursor = await link.execute("SELECT nextval('delivery_worker_number')")
            (number,) = await cursor.fetchone() or (0,)
            await link.execute("SELECT pg_advisory_lock(%s, %s)", [LOCKS, number])
            await link.execute(f"LISTEN {WAKE_CHANNEL}")
            self.number = number
            self._call()
            async for _ in link.notifies():
                self._call()


def count_workers() -> int:
    """How many workers live on this database, by their locks; at least one, the one that asks."""
    with connection.cursor() as cursor:
        cursor.execute(_WORKERS, {"locks": LOCKS})
        counted: tuple[int] = cursor.fetchone()
    return max(1, *counted)


def address() -> dict[str, Any]:
    """The database that Django's settings name, with all that libpq is to know of it (sslmode, certificates, ...).

    What Django alone understands is left out: how its own connection hands out cursors.
    """
    given = connection.get_connection_params()
    ours = ("cursor_factory", "context", "prepare_threshold", "client_encoding")
    return {name: value for name, value in given.items() if name not in ours and value not in (None, "")}
