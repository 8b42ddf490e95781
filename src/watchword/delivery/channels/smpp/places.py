"""How many binds there are over all workers: a carrier allows one, or a few, and refuses or drops the others.

Each bind is a place, and a place is an advisory lock of PostgreSQL (docs/decisions/0006). A worker that has none leaves
the texts to those who have; when one of these dies, PostgreSQL lets go of its place within moments.
"""

import asyncio

import psycopg

LOCKS = 0x53_4D
"""The first of the two numbers of every place's lock; the second is made of the account's name and the place."""

_LOOK_SECONDS = 2.0
_TAKE = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"


async def try_to_take(link: psycopg.AsyncConnection, account: str, binds: int) -> bool:
    """Take one of so many places of this account for as long as the connection lives; whether there was one."""
    for place in range(binds):
        cursor = await link.execute(_TAKE, [LOCKS, f"{account}/{place}"])
        (taken,) = await cursor.fetchone() or (False,)
        if taken:
            return True
    return False


async def take(link: psycopg.AsyncConnection, account: str, binds: int) -> None:
    """Wait for a place and take it."""
    while not await try_to_take(link, account, binds):
        await asyncio.sleep(_LOOK_SECONDS)


async def lost(link: psycopg.AsyncConnection) -> None:
    """Return, or raise OperationalError, when the connection is gone, and the place with it."""
    async for _ in link.notifies():
        pass
