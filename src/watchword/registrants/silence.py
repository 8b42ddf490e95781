"""When a registrant may be reached: their silent times, and the next moment outside all of them. No database is read.

A silent time is told by the wall clock in the registrant's own time zone. "From 22:00 until 07:00" is silent whenever a
clock on their wall shows a time in it, so an hour that the clocks repeat in autumn is silent twice, and one that they
skip in spring never is.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from watchword.registrants.models import SilentTime

MARGIN = timedelta(minutes=5)
"""A message is not sent so shortly before never-safe hours: a call rings for a while, a text may be on its way."""

_FAR = timedelta(days=400)
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


class Silence(Protocol):
    """Wall-clock times in which nothing is sent."""

    @property
    def margin(self) -> timedelta:
        """How long before it nothing is sent either."""

    def covers(self, wall: datetime) -> bool:
        """Whether this wall-clock time, which has no zone, is silent."""

    def ends_after(self, wall: datetime) -> Iterable[datetime]:
        """Wall-clock times at which it may end next."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """Hours of some weekdays: from `starts` until just before `ends`, which lies on the next day if it is not later."""

    days: frozenset[int]  # weekdays on which it begins; Monday is 1
    starts: time
    ends: time
    margin: timedelta = timedelta()

    def covers(self, wall: datetime) -> bool:
        """Whether this wall-clock time lies in it."""
        clock, today = wall.time(), wall.isoweekday()
        if self.starts < self.ends:
            return today in self.days and self.starts <= clock < self.ends
        yesterday = (today - 2) % 7 + 1
        return (today in self.days and clock >= self.starts) or (yesterday in self.days and clock < self.ends)

    def ends_after(self, wall: datetime) -> Iterable[datetime]:
        """Its end on this day and the next."""
        return [datetime.combine(wall.date() + ahead, self.ends) for ahead in (timedelta(), _DAY)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """Whole days, the first and the last among them."""

    first: date
    last: date
    margin: timedelta = timedelta()

    def covers(self, wall: datetime) -> bool:
        """Whether this wall-clock time lies in it."""
        return self.first <= wall.date() <= self.last

    def ends_after(self, wall: datetime) -> Iterable[datetime]:
        """The midnight after the last day."""
        return [datetime.combine(self.last + _DAY, time())]


def silences(times: Iterable[SilentTime], contact_point: int, *, urgent: bool, wakes: bool) -> list[Silence]:
    """Those of a registrant's silent times that keep a message that presses so from this contact point.

    `wakes`: it tells a release, an escape or the like.
    """
    return [
        _silence(each)
        for each in times
        if each.contact_point_id in (None, contact_point) and _keeps_back(each, urgent=urgent, wakes=wakes)
    ]


def opens_at(at: datetime, silences: Collection[Silence], zone: ZoneInfo) -> datetime:
    """The first moment from `at` on that none of these keeps silent; `at` itself where none does.

    Where they leave none open within 400 days, a moment after those: it is not to be sent before it, nor then.
    """
    return _opens_at(at, tuple(silences), zone) if silences else at


@lru_cache(maxsize=10_000)  # of one event, thousands are told at one moment, and nights are much alike
def _opens_at(at: datetime, silences: tuple[Silence, ...], zone: ZoneInfo) -> datetime:
    moment = at
    while moment < at + _FAR:
        silent = [each for each in silences if _is_silent(each, moment, zone)]
        if not silent:
            return moment
        wall = _wall(moment, zone)
        moment = min(
            end
            for each in silent
            for said in each.ends_after(wall)
            for end in _instants(said, zone)
            if end > moment
        )
    return moment


def _is_silent(silence: Silence, moment: datetime, zone: ZoneInfo) -> bool:
    return silence.covers(_wall(moment, zone)) or (
        bool(silence.margin) and silence.covers(_wall(moment + silence.margin, zone))
    )


def _keeps_back(row: SilentTime, *, urgent: bool, wakes: bool) -> bool:
    match SilentTime.KeepsBack(row.keeps_back):
        case SilentTime.KeepsBack.ROUTINE:
            return not urgent
        case SilentTime.KeepsBack.ALL_BUT_RELEASES:
            return not wakes
        case SilentTime.KeepsBack.ALL:
            return True


def _silence(row: SilentTime) -> Silence:
    margin = MARGIN if row.kind == SilentTime.Kind.NEVER_SAFE else timedelta()
    if row.first_day and row.last_day:
        return Days(first=row.first_day, last=row.last_day, margin=margin)
    if row.starts is None or row.ends is None:
        raise AssertionError("the database has let a silent time in that has neither hours nor days")
    return Hours(days=frozenset(row.days), starts=row.starts, ends=row.ends, margin=margin)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _instants(wall: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """When a clock on that wall shows this: once, twice where it is set back, and where it skips it, just after."""
    early, late = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if _wall(late, zone) == wall:
        yield early
        yield late
        return
    offset = early.astimezone(zone).utcoffset()
    while (
        early.astimezone(zone).utcoffset() == offset
    ):  # clocks are set at a whole minute, an hour or so later
        early += _MINUTE
    yield early
