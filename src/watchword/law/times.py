"""Time as statutes count it: years back, hours that do not run on some days, time spent incarcerated."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias

import holidays

Span: TypeAlias = tuple[date, date]


def years_before(day: date, years: int) -> date:
    """The same day and month so many years earlier; 29 February becomes 28 February in a year without one."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def age_on(day: date, born: date) -> int:
    """Full years of age; who was born on 29 February turns a year older on 1 March in a year without one."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def hours_after(start: datetime, hours: int, left_out: Callable[[date], bool]) -> datetime:
    """The moment when so many hours are over, of which none run on a day that is left out.

    `start` is a local time: statutes count by the clock on the wall. Where it falls on a day that is left out, the
    hours begin with the first day that counts.
    """
    left, at = timedelta(hours=hours), start
    while True:
        midnight = datetime.combine(at.date() + timedelta(days=1), time.min, at.tzinfo)
        if not left_out(at.date()):
            if at + left <= midnight:
                return at + left
            left -= midnight - at
        at = midnight


def weekends_and(days: Iterable[date]) -> Callable[[date], bool]:
    """Whether a day is a Saturday, a Sunday or one of these."""
    kept = frozenset(days)
    return lambda day: day.weekday() >= 5 or day in kept


@lru_cache
def weekends_and_holidays(country: str, subdivision: str) -> Callable[[date], bool]:
    """Whether a day is a Saturday, a Sunday or a public holiday there, as the package `holidays` lists them."""
    public = holidays.country_holidays(country, subdiv=subdivision)
    return lambda day: day.weekday() >= 5 or day in public


def days_covered(spans: Iterable[Span], since: date, until: date) -> int:
    """How many days from `since` to `until` these spans cover, none twice; a span's last day is not counted."""
    days, reached = 0, since
    for begin, end in sorted(spans):
        counted_from, counted_to = max(begin, reached), min(end, until)
        if counted_to > counted_from:
            days += (counted_to - counted_from).days
            reached = counted_to
    return days


def window_start(before: date, years: int, days_left_out: int) -> date:
    """Where a window of so many years before a day begins, when so many days in it do not count."""
    return years_before(before, years) - timedelta(days=days_left_out)
