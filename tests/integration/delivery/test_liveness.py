"""The connection that proves that a worker lives: to the same database, in the same way, as all the others."""

import asyncio
from typing import Any

import psycopg
import pytest
from django.db import connection

from watchword.delivery.liveness import Liveness, address, count_workers


def test_every_option_of_the_database_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    more: dict[str, Any] = {
        "sslmode": "verify-full",
        "sslrootcert": "/etc/ssl/office.pem",
        "connect_timeout": 3,
    }
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", connection.settings_dict["OPTIONS"] | more)
    given = address()
    assert more.items() <= given.items()
    assert psycopg.conninfo.make_conninfo(**given)  # libpq knows every one of them


@pytest.mark.django_db(transaction=True)
def test_living_workers_are_counted_by_their_locks() -> None:
    async def two_live() -> int:
        workers = [Liveness(lambda: None) for _ in range(2)]
        keeping = [asyncio.create_task(worker.keep()) for worker in workers]
        while not all(worker.number for worker in workers):
            await asyncio.sleep(0.01)
        living = await asyncio.to_thread(_counted)
        for task in keeping:
            task.cancel()
        await asyncio.wait(keeping)
        return living

    assert asyncio.run(asyncio.wait_for(two_live(), 30)) == 2


def _counted() -> int:
    try:
        return count_workers()
    finally:
        connection.close()
