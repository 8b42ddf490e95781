"""The time, always aware and always UTC; and the zones that people live by."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import available_timezones


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


@lru_cache(maxsize=1)
def time_zones() -> frozenset[str]:
    """The IANA names of all zones that this machine knows. (To list them, `zoneinfo` reads a file for each.)"""
    return frozenset(available_timezones())
