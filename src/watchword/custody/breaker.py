"""Is this much change normal for this source? What is not tells nobody anything until a person has looked.

Normal is judged per kind of event and per time elapsed since the last roster of news: after 22 days New York City's
roster has lost 9 % of its people, after 520 hours a county jail's 31 %, and both were true. People leave at a rate:
of `n` held, a share `1 - exp(-rate x days)` is gone after `days`. Until a source has shown its own rates, each kind
has a rate that the busiest known rosters stay well under (New York City's busiest day in the shared windows: 2.2 %
vanished).
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from watchword.custody.models import EventKind

NEVER_HELD_BELOW = 5
"""Changes of a kind; fewer are never held (ROSTERS rules)."""

LEARNED_AFTER = 10
"""Rosters of news, over at least LEARNED_DAYS, before a source's own rates count."""

LEARNED_DAYS = 7.0
HISTORY = 60
"""Rosters of news that are looked back on."""


@dataclass(frozen=True, kw_only=True)
class Prior:
    """What is taken for normal of a kind before the source has shown its own: a rate a day, and a number always
    allowed.
    """

    rate: float
    allowed: int = NEVER_HELD_BELOW - 1


# A departure told falsely is what must not happen, so these are tight. A booking, a transfer or a date told falsely
# harms
# less, and small jails have busy nights, so these are wide.
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
    """One earlier roster of news: people in custody before it, days since the one before, events by kind."""

    in_custody: int
    days: float
    events: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether a number of changes of one kind is held, and the limit that says so."""

    kind: str
    count: int
    limit: int

    @property
    def abnormal(self) -> bool:
        """More than the limit."""
        return self.count > self.limit


def judge(counts: Mapping[str, int], in_custody: int, days: float, history: Iterable[Past]) -> list[Verdict]:
    """A verdict for each kind that is told to anybody.

    `in_custody` are the people held just before; `days` the time elapsed since the last roster of news. What leaves
    in bursts (a morning's court releases) is a day's worth at most, so less than a day is judged as one.
    """
    past = list(history)
    elapsed = max(days, 1.0)
    return [
        Verdict(kind=kind, count=count, limit=_limit(kind, max(in_custody, 1), elapsed, past))
        for kind, count in counts.items()
        if kind in PRIORS
    ]


def _limit(kind: str, in_custody: int, days: float, past: list[Past]) -> int:
    prior = PRIORS[kind]
    expected = in_custody * -math.expm1(-_rate(kind, prior.rate, past) * days)
    return max(prior.allowed, int(expected + 3 * math.sqrt(expected) + 1))


def _rate(kind: str, prior: float, past: list[Past]) -> float:
    """The highest rate a day that is normal: the source's own where it has shown enough, else the prior."""
    if len(past) < LEARNED_AFTER or sum(one.days for one in past) < LEARNED_DAYS:
        return prior
    rates = sorted(_shown_rate(kind, one) for one in past)
    return max(3 * rates[len(rates) // 2], 1.5 * rates[-1], prior / 10)


def _shown_rate(kind: str, one: Past) -> float:
    share = min(one.events.get(kind, 0) / max(one.in_custody, 1), 0.95)
    return -math.log1p(-share) / max(one.days, 1.0)
