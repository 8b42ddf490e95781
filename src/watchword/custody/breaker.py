"""Is this much change normal for this source? What is not tells nobody anything until a person has looked.

Normal is judged per kind of event and per time elapsed since the last roster of news: after 22 days New York City's
roster has lost 9 % of its people, after 520 hours a county jail's 31 %, and both were true. People leave at a rate:
of `n` held, a share `1 - exp(-rate x days)` is gone after `days`.

A source's own rates are learned from its days: the median and the median absolute deviation, which one mad day does
not move, of the same weekday where six of them are known (courts rest on Sundays). Until it has shown ten days, each
kind has a rate that the busiest known rosters stay well under (New York City's busiest day in the shared windows:
2.2 % vanished). A source that sends many rosters a day is judged by the last 24 hours, so that a file that crumbles a
little each time is held as well.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from statistics import median

from watchword.custody.models import EventKind

NEVER_HELD_BELOW = 5
"""Changes of a kind; fewer are never held (ROSTERS rules)."""

LEARNED_DAYS = 10
"""Days of news, over at least as much time, before a source's own rates count."""

SAME_WEEKDAYS = 6
"""Days of one weekday before they are judged apart from the others."""

HISTORY_DAYS = 63
"""How far is looked back: nine of each weekday."""

_NORMAL_FACTOR = 3.0  # up to three times the median is normal, however little the source is used to vary
_DEVIATIONS = 6.0
_OF_A_NORMAL_DISTRIBUTION = 1.4826  # the median absolute deviation times this is its standard deviation
_MAY_SHRINK = 0.1  # of the rows, in a day
_SHORTER = 5.0  # deviations
_SHOWN_THRICE = 1.5  # what a source did on three days is no accident, and half as much again may be normal


@dataclass(frozen=True, kw_only=True)
class Prior:
    """What is taken for normal of a kind before the source has shown its own: a rate a day, and a number always
    allowed.
    """

    rate: float
    allowed: int = NEVER_HELD_BELOW - 1


# A departure told falsely is what must not happen, so these are tight. A booking, a transfer or a date told falsely
# harms less, and small jails have busy nights, so these are wide.
PRIORS: Mapping[str, Prior] = {
    EventKind.VANISHED: Prior(rate=0.05),
    EventKind.RELEASED: Prior(rate=0.05),
    EventKind.REMOVED: Prior(rate=0.05),
    EventKind.ESCAPED: Prior(rate=0.005),
    EventKind.DIED: Prior(rate=0.005),
    EventKind.FURLOUGHED: Prior(rate=0.05),
    EventKind.RETURNED: Prior(rate=0.05),
    EventKind.RECAPTURED: Prior(rate=0.005),
    EventKind.CORRECTED: Prior(rate=0.05),
    EventKind.BOOKED: Prior(rate=0.25, allowed=19),
    EventKind.TRANSFERRED: Prior(rate=0.10, allowed=9),
    EventKind.RELEASE_DATE_CHANGED: Prior(rate=0.50, allowed=19),
    EventKind.COURT_DATE_CHANGED: Prior(rate=0.50, allowed=19),
}


@dataclass(frozen=True, kw_only=True)
class Past:
    """One earlier roster of news: the source's own day it came on, people in custody before it, days since the one
    before, events by kind.
    """

    on: date
    in_custody: int
    days: float
    events: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Now:
    """What is to be judged: the source's own day, people held just before, days since the last roster of news, and
    what was told by kind in the 24 hours before.
    """

    on: date
    in_custody: int
    days: float
    lately: Mapping[str, int]
    one_by_one: bool = False
    """They are pushed singly: a few of a kind are few only together with those of the 24 hours before."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether a number of changes of one kind is held, the most that is normal, and what is usual."""

    kind: str
    count: int
    limit: int
    usual: int | None = None
    """The median of what this source shows in such a time; None while it has not shown enough."""
    lately: int = 0
    """Of the same kind, told in the 24 hours before: counted with them."""
    one_by_one: bool = False

    @property
    def abnormal(self) -> bool:
        """More than the limit, and not fewer than are ever held."""
        together = self.count + self.lately
        few = together if self.one_by_one else self.count
        return few >= NEVER_HELD_BELOW and together > self.limit


def of_a_cut_list(verdict: Verdict) -> Verdict:
    """The same, where the list is shorter than is normal: as many absences as are never held may be true."""
    if verdict.kind != EventKind.VANISHED:
        return verdict
    return replace(verdict, limit=min(verdict.limit, NEVER_HELD_BELOW - 1))


def needs_history(counts: Mapping[str, int]) -> bool:
    """Whether any verdict can depend on what a source has shown: so few changes are never held."""
    return any(count >= NEVER_HELD_BELOW for kind, count in counts.items() if kind in PRIORS)


def judge(counts: Mapping[str, int], now: Now, history: Iterable[Past]) -> list[Verdict]:
    """A verdict for each kind that is told to anybody.

    What leaves in bursts (a morning's court releases) is a day's worth at most, so less than a day is judged as one,
    together with what was told of its kind in the 24 hours before.
    """
    days = _days(history)
    return [_verdict(kind, count, now, days) for kind, count in counts.items() if kind in PRIORS]


@dataclass(frozen=True, kw_only=True)
class Length:
    """How long an earlier list of news was, in rows, and days since the one before."""

    rows: int
    days: float


def fewest_rows(days: float, history: Sequence[Length]) -> int:
    """The fewest rows that are normal `days` after the last of these lists, oldest first; 0 until there are enough.

    Who leaves makes room for who comes: a list becomes little shorter from one to the next, and a cut file much. It
    may lose a tenth, or five deviations of what its length has changed by, both more the longer it took.
    """
    if len(history) <= LEARNED_DAYS:
        return 0
    steps = [(one.rows - before.rows) / math.sqrt(max(one.days, 1.0)) for before, one in pairwise(history)]
    middle = median(steps)
    deviation = median(abs(step - middle) for step in steps) * _OF_A_NORMAL_DISTRIBUTION
    last, time = history[-1].rows, math.sqrt(max(days, 1.0))
    return max(0, int(last - time * max(_MAY_SHRINK * last, _SHORTER * deviation - middle)))


@dataclass(frozen=True, kw_only=True)
class _Day:
    """One of the source's own days on which it brought news."""

    on: date
    in_custody: int
    days: float
    events: Mapping[str, int]

    def rate(self, kind: str) -> float:
        """The rate a day at which this happened to people, by what the day showed."""
        share = min(self.events.get(kind, 0) / max(self.in_custody, 1), 0.95)
        return -math.log1p(-share) / max(self.days, 1.0)


def _days(history: Iterable[Past]) -> list[_Day]:
    of_day: dict[date, list[Past]] = defaultdict(list)
    for past in history:
        of_day[past.on].append(past)
    return [
        _Day(
            on=on,
            in_custody=max(past.in_custody for past in rosters),
            days=sum(past.days for past in rosters),
            events={
                kind: sum(past.events.get(kind, 0) for past in rosters)
                for kind in {kind for past in rosters for kind in past.events}
            },
        )
        for on, rosters in of_day.items()
    ]


def _verdict(kind: str, count: int, now: Now, days: Sequence[_Day]) -> Verdict:
    prior, people, elapsed = PRIORS[kind], max(now.in_custody, 1), max(now.days, 1.0)
    usual, highest = None, prior.rate
    if len(days) >= LEARNED_DAYS and sum(day.days for day in days) >= LEARNED_DAYS:
        rates = sorted(day.rate(kind) for day in _comparable(days, now))
        usual = round(_expected(people, median(rates), elapsed))
        highest = max(_highest_normal(rates), prior.rate / 10)
    expected = _expected(people, highest, elapsed)
    limit = max(prior.allowed, int(expected + 3 * math.sqrt(expected) + 1))
    return Verdict(
        kind=kind,
        count=count,
        limit=limit,
        usual=usual,
        lately=now.lately.get(kind, 0) if now.days < 1 or now.one_by_one else 0,
        one_by_one=now.one_by_one,
    )


def _comparable(days: Sequence[_Day], now: Now) -> Sequence[_Day]:
    """Those of the same weekday, where one day is judged and enough of them are known; else all."""
    same = [day for day in days if day.on.weekday() == now.on.weekday()]
    return same if len(same) >= SAME_WEEKDAYS and now.days < 2 else days


def _highest_normal(rates: Sequence[float]) -> float:
    """Of ascending rates; one mad day among them changes nothing."""
    middle = median(rates)
    deviation = median(abs(rate - middle) for rate in rates) * _OF_A_NORMAL_DISTRIBUTION
    shown_thrice = rates[-3] if len(rates) >= 3 else 0.0
    return max(_NORMAL_FACTOR * middle, middle + _DEVIATIONS * deviation, _SHOWN_THRICE * shown_thrice)


def _expected(people: int, rate: float, days: float) -> float:
    return people * -math.expm1(-rate * days)
