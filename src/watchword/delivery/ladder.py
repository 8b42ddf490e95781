"""In which order, and when, a notice is tried: each step of its ladder at its first moment outside silent times.

Pure: no database and no clock. Most registrants have no silent times, and their ladders are laid out by SQL alone
(sql/plan.sql), which gives the same for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from watchword.registrants.silence import Silence, opens_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A delivery on its ladder."""

    delivery: int
    rung: int  # its place in this notice's ladder, ties allowed
    backup: bool
    silences: Sequence[Silence]


def lay_out(
    steps: Sequence[Step], begins: datetime, zone: ZoneInfo, wait: timedelta, before_backup: timedelta
) -> dict[int, datetime]:
    """When each delivery of one notice is due, by its id.

    The lowest rung of which something may be sent has its turn, with all its ties; then, after `wait`, the next. A rung
    that is silent at its turn loses it to the next that is not, and has it as soon as it can. Nobody's backup is told
    before all own rungs had their turn, and `before_backup` more has gone by.
    """
    own = _take_turns([step for step in steps if not step.backup], begins, zone, wait)
    ended = max(own.values(), default=begins - before_backup)
    return own | _take_turns([step for step in steps if step.backup], ended + before_backup, zone, wait)


def _take_turns(
    steps: Sequence[Step], begins: datetime, zone: ZoneInfo, wait: timedelta
) -> dict[int, datetime]:
    due: dict[int, datetime] = {}
    waiting = {
        rung: [step for step in steps if step.rung == rung] for rung in sorted({s.rung for s in steps})
    }
    turn = begins
    while waiting:
        opening = {
            rung: {step.delivery: opens_at(turn, step.silences, zone) for step in tied}
            for rung, tied in waiting.items()
        }
        first = {rung: min(times.values()) for rung, times in opening.items()}
        rung = min(first, key=lambda each: (first[each], each))  # of those open at once, the lowest
        due |= opening[rung]
        del waiting[rung]
        turn = first[rung] + wait
    return due
