"""How long to wait before trying again."""

import random
from datetime import timedelta

from django.conf import settings

_FIRST_SECONDS = 5.0
_LONGEST_SECONDS = 600.0


def wait_before_retry(attempts: int, retry_after: float | None = None) -> timedelta:
    """Doubling from 5 s to 10 minutes, spread by half either way so that retries do not come as one wave.

    `attempts` counts those made. Where the provider said how long to wait (seconds), that and a little more.
    """
    if retry_after is not None:
        return timedelta(seconds=retry_after * random.uniform(1.0, 1.2))  # noqa: S311 - no secret
    doubled = _FIRST_SECONDS * 2.0 ** min(attempts - 1, 20)
    return timedelta(seconds=min(doubled, _LONGEST_SECONDS) * random.uniform(0.5, 1.5))  # noqa: S311 - no secret


def wait_before_repeat(channel: str) -> timedelta | None:
    """How long until a call, unless confirmed, is made again; None for other channels, where words stay to be read."""
    return wait_for_phone() if channel == "voice" else None


def wait_for_phone() -> timedelta:
    """How long until a phone that was not reached is tried again."""
    return timedelta(minutes=settings.WATCHWORD.call_repeat_minutes)
