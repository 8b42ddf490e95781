"""Conditions that reckon with time: so many years before a day, one day after another, hours that an office counts."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from watchword.law.conditions import Scene
from watchword.law.facts import Incarceration
from watchword.law.leaves import WRITTEN, OfPaths, value_of
from watchword.law.times import Span, days_covered, hours_after, weekends_and, window_start, years_before

_COUNTS = {True: "still counts", False: "does not count any more"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Within(OfPaths):
    """A date lies within so many years before another; time incarcerated may be left out and so lengthen them."""

    day: tuple[str, ...]
    years: int
    before: tuple[str, ...] | None = None
    """Before this fact; None is before the day of the question."""
    exact_counts: bool
    """Whether a date exactly so many years before is within."""
    leaving_out_incarceration: bool = False

    def truth(self, scene: Scene) -> bool | None:
        """Unknown also where it hangs on a time in custody that is not told."""
        day, before = value_of(scene, self.day), self._before(scene)
        if day is None or before is None:
            return None
        if day > before:
            return False
        if self._reached(day, window_start(before, self.years, 0)):
            return True
        if not self.leaving_out_incarceration:
            return False
        least, most = self._left_out(scene, day, before)
        if self._reached(day, window_start(before, self.years, least)):
            return True
        if most is None or self._reached(day, window_start(before, self.years, most)):
            return None
        return False

    def _reached(self, day: date, start: date) -> bool:
        return day >= start if self.exact_counts else day > start

    def _before(self, scene: Scene) -> date | None:
        return scene.as_of if self.before is None else value_of(scene, self.before)

    def _left_out(self, scene: Scene, judgment: date, arrest: date) -> tuple[int, int | None]:
        """The fewest and the most days in custody that may be left out; None is no known limit."""
        periods = scene.facts.incarceration
        if periods is None:
            return 0, None
        offence = scene.it.offence_date
        sure = [span for period in periods if (span := _sure(period))]
        possible = [_possible(period, arrest) for period in periods if period.for_serious_crime is not False]
        return (
            days_covered(sure, offence or judgment, arrest),
            days_covered(possible, offence or date.min, arrest),
        )

    def paths(self, scene: Scene) -> tuple[tuple[str, ...], ...]:
        """The dates, and the times in custody where they are left out."""
        return (self.day,) if self.before is None else (self.day, self.before)

    def missing(self, scene: Scene) -> frozenset[str]:
        """A date, or what is not told of the times in custody."""
        dates = OfPaths.missing(self, scene)
        if dates or not self.leaving_out_incarceration:
            return dates
        if scene.facts.incarceration is None:
            return frozenset({"facts.incarceration"})
        gaps = {
            f"facts.incarceration[{place}].{WRITTEN.get(name, name)}"
            for place, period in enumerate(scene.facts.incarceration)
            for name in ("begin", "end", "for_serious_crime")
            if period.for_serious_crime is not False and getattr(period, name) is None
        }
        if scene.it.offence_date is None:
            gaps.add(f"{scene.at}.offence_date")
        return frozenset(gaps)

    def notes(self, scene: Scene) -> tuple[str, ...]:
        """Where the years begin, and by which conventions."""
        day, before = value_of(scene, self.day), self._before(scene)
        if day is None or before is None or day > before:
            return ()
        said = [
            f"{self.years} years before {before} is {years_before(before, self.years)} (the same day and month; "
            f"29 February becomes 28 February); a day exactly so long before {_COUNTS[self.exact_counts]}"
        ]
        if self.leaving_out_incarceration and scene.facts.incarceration:
            least, _ = self._left_out(scene, day, before)
            start = window_start(before, self.years, least)
            said.append(
                f"{least} days incarcerated for a violent or serious crime are left out, so from {start}"
            )
        return tuple(said)


def _sure(period: Incarceration) -> Span | None:
    if period.for_serious_crime and period.begin and period.end:
        return period.begin, period.end
    return None


def _possible(period: Incarceration, arrest: date) -> Span:
    return period.begin or date.min, period.end or arrest


@dataclass(frozen=True, kw_only=True, slots=True)
class After(OfPaths):
    """A date lies after another."""

    day: tuple[str, ...]
    other: tuple[str, ...]

    def truth(self, scene: Scene) -> bool | None:
        """Unknown while either date is."""
        day, other = value_of(scene, self.day), value_of(scene, self.other)
        return None if day is None or other is None else day > other

    def paths(self, scene: Scene) -> tuple[tuple[str, ...], ...]:
        """Both dates."""
        return (self.day, self.other)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours(OfPaths):
    """A moment is not later than so many hours after another, of which none run on weekends and holidays."""

    hours: int
    after: tuple[str, ...]
    at: tuple[str, ...]

    def truth(self, scene: Scene) -> bool | None:
        """Unknown while either moment is."""
        at, deadline = value_of(scene, self.at), self.deadline(scene)
        return None if at is None or deadline is None else local(at, scene.book.zone) <= deadline

    def deadline(self, scene: Scene) -> datetime | None:
        """When the hours are over; local time."""
        begin = value_of(scene, self.after)
        return None if begin is None else deadline(scene, begin, self.hours)

    def paths(self, scene: Scene) -> tuple[tuple[str, ...], ...]:
        """Both moments."""
        return (self.after, self.at)

    def notes(self, scene: Scene) -> tuple[str, ...]:
        """When they are over."""
        until = self.deadline(scene)
        return (f"the {self.hours} hours are over at {until:%Y-%m-%d %H:%M}",) if until else ()


def deadline(scene: Scene, begin: datetime, hours: int) -> datetime:
    """So many counted hours after a moment, by the office's own holidays or the place's; local time."""
    own = scene.facts.holidays
    left_out = scene.book.days_off if own is None else weekends_and(own)
    return hours_after(local(begin, scene.book.zone), hours, left_out)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment by the clock on the place's wall; a time without a zone is that already."""
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment
