"""A jail's life as its rosters tell it, of any size and oddity: invented people, seeded, with the truth beside it.

People come and go at a jail's pace, fewer on weekends; some come back. The files are Harbor County's (roster.py). Now
and then one is odd, in the ways that real feeds are; what truly happened is known all the same, so that whoever reads
the files can be held against it.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from watchword.demo.people import FACILITIES, Held, invent, invent_one
from watchword.demo.roster import as_csv

ZONE = ZoneInfo("America/New_York")
"""Of Harbor County: the files' times are its own."""

_DAY = timedelta(days=1)
_LISTED_WHEN_OUT = timedelta(days=3)
_WEEKEND = 0.5  # of a working day's comings and goings
_LEAVE_A_DAY = 0.05
_MOVE_A_DAY = 0.01
_EXPLICIT = 0.6  # of those who leave, so many are listed as released; the others are just gone
_COME_BACK = 0.2
_EDITED = 0.6  # of all rows, in a mass edit
_LONGEST_GAP = 6


class Oddity(StrEnum):
    """What may be wrong with a day's file."""

    GAP = "gap"  # none comes for some days
    EMPTY = "empty"  # no bytes, or a header alone
    TRUNCATED = "truncated"  # cut somewhere, in the middle of a row
    STALE = "stale"  # an older day's file again
    RENUMBERED = "renumbered"  # everybody has a new number, from now on
    MASS_EDIT = "mass_edit"  # most rows say `released`, and the next day they do not
    SHUFFLED = "shuffled"  # the rows in another order


HIDES_NOTHING = (None, Oddity.SHUFFLED, Oddity.RENUMBERED)
"""A file of one of these lists everybody who is held."""


@dataclass(kw_only=True)
class Stay:
    """One stay of one person, as it truly was. Times are the county's own."""

    person: int
    booked: datetime
    left: datetime | None = None
    explicit: bool = False
    """A row says that they left; else they are just gone."""
    moves: int = 0
    listed: bool = False
    """Some file that hides nothing has listed it."""


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """One file: when it reached whoever takes it, its bytes, and what is odd about it."""

    at: datetime
    file: bytes
    oddity: Oddity | None


@dataclass
class _Held:
    row: Held
    stay: Stay


@dataclass
class Jail:
    """The same life for the same arguments. `odd` is the share of days that are odd, `kinds` in which ways."""

    people: int
    begins: datetime
    seed: int = 1
    every: timedelta = _DAY
    odd: float = 0.0
    kinds: tuple[Oddity, ...] = tuple(Oddity)
    stays: list[Stay] = field(default_factory=list)
    """Every stay up to the last file given, in the order of booking."""
    numbers: dict[str, int] = field(default_factory=dict)
    """Whose each number is, or ever was."""

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 -- the same life each time, not a secret
        self._now = self.begins.astimezone(ZONE).replace(tzinfo=None, second=0, microsecond=0)
        self._held: dict[int, _Held] = {}
        self._out: dict[int, _Held] = {}
        self._away: list[Held] = []
        self._renumbered = 0
        self._sent: list[bytes] = []
        self._newest = self.people
        for number, row in enumerate(invent(self.people, as_of=self._now, seed=self.seed), 1):
            self._admit(number, row)

    def rosters(self, count: int) -> Iterator[Simulated]:
        """So many files, one after another; the first is never odd."""
        for place in range(count):
            if place:
                self._live(self.every)
            oddity = self._choose() if place else None
            if oddity is Oddity.GAP:
                self._live(self.every * self._chance.randint(1, _LONGEST_GAP))
            file = self._write(oddity)
            self._sent.append(file)
            yield Simulated(at=self._now.replace(tzinfo=ZONE).astimezone(UTC), file=file, oddity=oddity)

    def _choose(self) -> Oddity | None:
        return self._chance.choice(self.kinds) if self._chance.random() < self.odd else None

    def _live(self, time: timedelta) -> None:
        """Life goes on, a day or less at a time."""
        while time > timedelta():
            step = min(time, _DAY)
            self._live_a_while(step)
            time -= step

    def _live_a_while(self, step: timedelta) -> None:
        began, self._now = self._now, self._now + step
        pace = step / _DAY * (_WEEKEND if self._now.weekday() >= 5 else 1.0)
        self._out = {
            number: each
            for number, each in self._out.items()
            if each.stay.left and each.stay.left > self._now - _LISTED_WHEN_OUT
        }
        for number in [one for one in self._held if self._happens(_LEAVE_A_DAY * pace)]:
            self._leave(number, self._between(began))
        for each in self._held.values():
            if self._happens(_MOVE_A_DAY * pace):
                others = [place for place in FACILITIES if place != each.row.facility]
                each.row = replace(each.row, facility=self._chance.choice(others))
                each.stay.moves += 1
        for _ in range(self.people):
            if self._happens(_LEAVE_A_DAY * pace):
                self._come(self._between(began))

    def _happens(self, share: float) -> bool:
        return self._chance.random() < share

    def _between(self, began: datetime) -> datetime:
        minutes = int((self._now - began).total_seconds() // 60)
        return began + timedelta(minutes=self._chance.randint(1, max(1, minutes - 1)))

    def _leave(self, number: int, at: datetime) -> None:
        each = self._held.pop(number)
        each.stay.left, each.stay.explicit = at, self._happens(_EXPLICIT)
        if each.stay.explicit:
            row = replace(each.row, status="OUT", status_since=at, released=at, release_kind="BAIL")
            self._out[number] = _Held(row, each.stay)
        self._away.append(each.row)

    def _come(self, at: datetime) -> None:
        if self._away and self._happens(_COME_BACK):
            row = self._away.pop(self._chance.randrange(len(self._away)))
            number = self.numbers[row.person_no]
            if number in self._out:  # still listed as out: back another day
                self._away.append(row)
                return
        else:
            self._newest += 1
            number, row = self._newest, invent_one(self._newest, self._chance, self._now)
        row = replace(
            row,
            booking_no=f"B{at:%y%j}-{number:05d}",
            booked=at,
            status_since=at,
            facility=self._chance.choice(FACILITIES),
        )
        self._admit(number, row)

    def _admit(self, number: int, row: Held) -> None:
        row = self._under_its_number(number, row)
        stay = Stay(person=number, booked=row.booked)
        self._held[number] = _Held(row, stay)
        self.stays.append(stay)

    def _under_its_number(self, number: int, row: Held) -> Held:
        key = f"R{self._renumbered}-{number:06d}" if self._renumbered else f"HC{number:06d}"
        self.numbers[key] = number
        return replace(row, person_no=key)

    def _write(self, oddity: Oddity | None) -> bytes:
        if oddity is Oddity.RENUMBERED:
            self._renumbered += 1
            self._out = {}
            for number, each in self._held.items():
                each.row = self._under_its_number(number, each.row)
        rows = [each.row for each in (*self._held.values(), *self._out.values())]
        if oddity in HIDES_NOTHING or oddity is Oddity.GAP:
            for each in (*self._held.values(), *self._out.values()):
                each.stay.listed = True
        match oddity:
            case Oddity.EMPTY:
                return self._chance.choice([b"", as_csv([])])
            case Oddity.STALE:
                return self._chance.choice(self._sent[-5:])
            case Oddity.SHUFFLED:
                return as_csv(self._chance.sample(rows, len(rows)))
            case Oddity.TRUNCATED:
                whole = as_csv(rows)
                return whole[: int(len(whole) * self._chance.uniform(0.2, 0.7))]
            case Oddity.MASS_EDIT:
                return as_csv(self._edited(rows))
            case _:
                return as_csv(rows)

    def _edited(self, rows: list[Held]) -> list[Held]:
        at = self._now - timedelta(hours=1)
        return [
            replace(row, status="OUT", status_since=at, released=at, release_kind="COURT")
            if row.status == "HELD" and self._happens(_EDITED)
            else row
            for row in rows
        ]
