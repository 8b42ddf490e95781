"""Lengths of time as mappings write them: `15 minutes`, `24 hours`, `90 days`."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

_DURATION = re.compile(r"(\d+)\s*(second|minute|hour|day)s?")


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or int(match[1]) == 0:
        raise ValueError("write a number and a unit: 15 minutes, 24 hours or 90 days")
    try:
        return timedelta(**{match[2] + "s": int(match[1])})
    except OverflowError:
        raise ValueError("longer than the calendar") from None


Duration = Annotated[timedelta, BeforeValidator(_duration)]
