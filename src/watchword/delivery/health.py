"""Whether a provider is well, and which of a channel's two providers carries its traffic.

Values and rules alone: no clock, no database, no provider. Times are seconds of whatever clock the caller keeps.

```
                 first is ill                     second is ill too
     FIRST ------------------------> SECOND ------------------------> NOBODY
       ^  ^                            |                                | |
       |  '--- first well, in steps ---'                                | |
       '------------------ first well by its probes --------------------' '-- second well: SECOND
```
A channel with one provider goes from FIRST to NOBODY and back. Between two changes lie at least COOL_DOWN seconds, so
a provider that comes and goes cannot drag the traffic to and fro.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from math import inf

COOL_DOWN = 60.0
"""Seconds between two changes of who carries a channel."""

TRIAL_SHARES = (0.05, 0.25, 0.5)
"""The way back: the first provider's share of the traffic, a step at a time."""

_STEP_SECONDS = 60.0  # each step lasts at least this long, and until the first provider is found well
_LONGEST_HOLD = 3600.0  # after each trial that failed, the next one waits twice as long, up to this
_KEPT_SECONDS = 300.0

# A provider is ill when, of the outcomes in a window of so many seconds, if there are at least so many, this share was
# bad. The last line is for quiet hours: three failures and nothing else.
_ILL = ((60.0, 5, 0.5), (300.0, 20, 0.3), (300.0, 3, 1.0))
_SLOW_SECONDS = 10.0  # or when its answers take this long on the average of the last minute
_WELL_WINDOW, _WELL_LEAST, _WELL_SHARE = 60.0, 3, 0.1


class Outcome(Enum):
    """What a hand-over says of the provider's health. A refusal of one address is a success: the provider works."""

    SUCCESS = "success"
    ERROR = "error"
    UNKNOWN = "unknown"


class Verdict(Enum):
    """How a provider is."""

    WELL = "well"
    ILL = "ill"
    UNSURE = "unsure"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rates:
    """What a window of time shows of a provider."""

    outcomes: int
    errors: float  # share of all outcomes
    unknowns: float  # share of all outcomes
    latency: float  # seconds, on the average

    @property
    def bad(self) -> float:
        """The share that did not end well."""
        return self.errors + self.unknowns


@dataclass(slots=True)
class _Second:
    at: float
    successes: int = 0
    errors: int = 0
    unknowns: int = 0
    latency: float = 0.0


class Tally:
    """The outcomes of one provider in the last five minutes, counted by the second."""

    def __init__(self) -> None:
        self._seconds: deque[_Second] = deque()

    def add(self, at: float, outcome: Outcome, latency: float = 0.0) -> None:
        """Count an outcome; `latency` is the seconds that the answer took."""
        if not self._seconds or at - self._seconds[-1].at >= 1.0:
            self._seconds.append(_Second(at))
            while self._seconds[0].at <= at - _KEPT_SECONDS:
                self._seconds.popleft()
        second = self._seconds[-1]
        second.successes += outcome is Outcome.SUCCESS
        second.errors += outcome is Outcome.ERROR
        second.unknowns += outcome is Outcome.UNKNOWN
        second.latency += latency

    def rates(self, at: float, window: float, since: float = -inf) -> Rates:
        """Of the last `window` seconds, as far as they lie after `since`."""
        start = max(at - window, since)
        counted = [second for second in self._seconds if second.at > start]
        errors, unknowns = sum(s.errors for s in counted), sum(s.unknowns for s in counted)
        outcomes = errors + unknowns + sum(s.successes for s in counted)
        each = max(outcomes, 1)
        return Rates(
            outcomes=outcomes,
            errors=errors / each,
            unknowns=unknowns / each,
            latency=sum(s.latency for s in counted) / each,
        )

    def verdict(self, at: float, since: float = -inf) -> Verdict:
        """How the provider is, by what it did after `since`."""
        for window, least, share in _ILL:
            rates = self.rates(at, window, since)
            if rates.outcomes >= least and rates.bad >= share:
                return Verdict.ILL
        minute = self.rates(at, _WELL_WINDOW, since)
        if minute.outcomes >= _ILL[0][1] and minute.latency >= _SLOW_SECONDS:
            return Verdict.ILL
        if minute.outcomes >= _WELL_LEAST and minute.bad <= _WELL_SHARE:
            return Verdict.WELL
        return Verdict.UNSURE

    def recent_verdict(self, at: float, since: float) -> Verdict:
        """How the provider is by its last minute alone: for one that was ill and may be well again."""
        minute = self.rates(at, _WELL_WINDOW, since)
        if minute.outcomes >= _WELL_LEAST and minute.bad <= _WELL_SHARE:
            return Verdict.WELL
        return Verdict.UNSURE


class Carrying(Enum):
    """Who has a channel's traffic."""

    FIRST = "first"
    SECOND = "second"
    NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stand:
    """Where a channel stands: who carries it, and how far the first provider is on its way back."""

    carrying: Carrying = Carrying.FIRST
    since: float = -inf  # of the last change of `carrying`
    trial: int = 0  # 0: none; else the step of TRIAL_SHARES, from 1
    trial_since: float = -inf  # of that step, or of the end of the last trial
    hold: float = COOL_DOWN  # seconds before the next trial

    def shares(self) -> tuple[float, float]:
        """The share of the traffic for the first and the second provider; none where nobody carries it."""
        match self.carrying:
            case Carrying.FIRST:
                return 1.0, 0.0
            case Carrying.SECOND:
                trial = TRIAL_SHARES[self.trial - 1] if self.trial else 0.0
                return trial, 1.0 - trial
            case Carrying.NOBODY:
                return 0.0, 0.0


def step(stand: Stand, tallies: Sequence[Tally], at: float) -> Stand:
    """Where the channel stands at this moment; `tallies` are its one or two providers'."""
    may_change = at - stand.since >= COOL_DOWN
    match stand.carrying:
        case Carrying.FIRST:
            if not may_change or tallies[0].verdict(at, stand.since) is not Verdict.ILL:
                return stand
            other_is_there = len(tallies) > 1 and tallies[1].verdict(at) is not Verdict.ILL
            return _change(Carrying.SECOND if other_is_there else Carrying.NOBODY, stand, at)
        case Carrying.SECOND:
            if may_change and tallies[1].verdict(at, stand.since) is Verdict.ILL:
                first_is_back = stand.trial and tallies[0].verdict(at, stand.trial_since) is Verdict.WELL
                return _change(Carrying.FIRST if first_is_back else Carrying.NOBODY, stand, at)
            return _try_first(stand, tallies[0], at)
        case Carrying.NOBODY:
            for tally, carrying in zip(tallies, (Carrying.FIRST, Carrying.SECOND), strict=False):
                if may_change and tally.recent_verdict(at, stand.since) is Verdict.WELL:
                    return _change(carrying, stand, at)
            return stand


def _change(carrying: Carrying, stand: Stand, at: float) -> Stand:
    # The second's way back begins after the hold; it grows only by trials that failed.
    hold = stand.hold if carrying is Carrying.SECOND else COOL_DOWN
    return Stand(carrying=carrying, since=at, trial_since=at, hold=hold)


def _try_first(stand: Stand, first: Tally, at: float) -> Stand:
    """The next step of the first provider's slow return, or its end."""
    waited = at - stand.trial_since
    if not stand.trial:
        return replace(stand, trial=1, trial_since=at) if waited >= stand.hold else stand
    match first.verdict(at, stand.trial_since):
        case Verdict.ILL:
            return replace(stand, trial=0, trial_since=at, hold=min(2 * stand.hold, _LONGEST_HOLD))
        case Verdict.WELL if waited >= _STEP_SECONDS:
            if stand.trial < len(TRIAL_SHARES):
                return replace(stand, trial=stand.trial + 1, trial_since=at)
            return _change(Carrying.FIRST, stand, at)
        case _:
            return stand
