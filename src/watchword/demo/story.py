"""What happens in Harbor County: its rosters one after another, and the change of custody in each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import cycle
from typing import Any

from watchword.demo.people import DETENTION_CENTER, FACILITIES, MAIN_JAIL, Held, invent
from watchword.demo.roster import as_csv

HELD_AT_FIRST = 1200
_BETWEEN_ROSTERS = timedelta(minutes=5)
_REMOVED_TO = "Honduras"


class Role(StrEnum):
    """A part that a person held has in the story."""

    BOOKED = "booked"
    TRANSFERRED = "transferred"
    RELEASED = "released"
    REMOVED = "removed"
    ESCAPED = "escaped"
    STILL_HELD = "still held"
    NEVER_BOOKED = "never booked"


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One roster of the story."""

    title: str
    roster: bytes
    role: Role | None = None
    """Whose custody changes; None where it is nobody's."""
    kind: str | None = None
    """The event that everybody who watches them must be told of."""


class Story:
    """Harbor County from the moment `begins` (its own clock, no zone): the same story for the same moment.

    Each roster is five minutes of the county's time after the one before; a story that begins an hour ago is
    told to its end before it reaches the present.
    """

    def __init__(self, begins: datetime) -> None:
        self._now = begins.replace(second=0, microsecond=0)
        *held, newcomer, stranger = invent(HELD_AT_FIRST + 2, as_of=self._now)
        self._newcomer = newcomer
        self._listed = {person.person_no: person for person in held}
        jailed = [person.person_no for person in held if person.facility == MAIN_JAIL]
        detained = [
            person.person_no
            for person in held
            if person.facility == DETENTION_CENTER and person.born_in == _REMOVED_TO
        ]
        self._cast = {
            Role.BOOKED: newcomer.person_no,
            Role.NEVER_BOOKED: stranger.person_no,
            Role.REMOVED: detained[0],
            Role.TRANSFERRED: jailed[0],
            Role.RELEASED: jailed[1],
            Role.ESCAPED: jailed[2],
            Role.STILL_HELD: jailed[3],
        }
        self._crowd = cycle(jailed[4:])
        self.baseline = as_csv(self._listed.values())

    def person_key(self, role: Role) -> str:
        """The county's number of whoever has this part."""
        return self._cast[role]

    def who_is_moved_on(self) -> Held:
        """Somebody who is held from the first roster on, and moved from place to place after the story's end."""
        return self._listed[self._cast[Role.STILL_HELD]]

    def is_held(self, role: Role) -> bool:
        """Whether they are listed now."""
        return self._cast[role] in self._listed

    def chapters(self) -> Iterator[Chapter]:
        """The rosters that follow the baseline, in order."""
        now = self._time_passes()
        self._listed[self._newcomer.person_no] = replace(
            self._newcomer, booking_no=f"B{now:%y}-{HELD_AT_FIRST + 1}", booked=now, status_since=now
        )
        yield self._chapter("Somebody is booked", Role.BOOKED, "booked")

        self._time_passes()
        self._change(Role.TRANSFERRED, facility=DETENTION_CENTER)
        yield self._chapter("Somebody is moved to the detention center", Role.TRANSFERRED, "transferred")

        now = self._time_passes()
        self._change(Role.RELEASED, status="OUT", status_since=now, released=now, release_kind="BAIL")
        yield self._chapter("Somebody is released on bail", Role.RELEASED, "released")

        now = self._time_passes()
        self._change(
            Role.REMOVED,
            status="DEPORTED",
            status_since=now,
            released=now,
            release_kind="DEPORT",
            destination=_REMOVED_TO,
        )
        yield self._chapter("Somebody is removed to another country", Role.REMOVED, "removed")

        now = self._time_passes()
        self._change(Role.ESCAPED, status="ESC", status_since=now)
        yield self._chapter("Somebody escapes", Role.ESCAPED, "escaped")

        yield Chapter(title="An empty file arrives", roster=b"")

    def afterwards(self) -> Iterator[Chapter]:
        """Without end: somebody who is watched is moved from one place to the next."""
        for place in cycle((*FACILITIES[1:], MAIN_JAIL)):
            self._time_passes()
            self._change(Role.STILL_HELD, facility=place)
            yield self._chapter("Somebody is moved", Role.STILL_HELD, "transferred")

    def _time_passes(self) -> datetime:
        """Five minutes later; meanwhile somebody whom nobody watches has been moved."""
        self._now += _BETWEEN_ROSTERS
        bystander = next(self._crowd)
        self._listed[bystander] = _moved(self._listed[bystander])
        return self._now

    def _change(self, role: Role, **changes: Any) -> None:
        key = self._cast[role]
        self._listed[key] = replace(self._listed[key], **changes)

    def _chapter(self, title: str, role: Role, kind: str) -> Chapter:
        return Chapter(title=title, roster=as_csv(self._listed.values()), role=role, kind=kind)


def _moved(person: Held) -> Held:
    return replace(person, facility=FACILITIES[(FACILITIES.index(person.facility) + 1) % len(FACILITIES)])
