"""A place's rules: offices, dated versions, and for each action what is generally forbidden and when it is not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from watchword.core.errors import WatchwordError
from watchword.law.conditions import Condition
from watchword.law.facts import Action
from watchword.law.offences import Offences
from watchword.law.spans import Hours


class Outcome(StrEnum):
    """What the law says of an action."""

    MUST_NOT = "MUST NOT"
    MAY = "MAY"
    MUST = "MUST"
    UNKNOWN = "UNKNOWN"


class LawError(WatchwordError):
    """A question that no rulebook can be asked, said in a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Proviso:
    """What must also hold when the office acts: while it is unknown it is a condition of the answer."""

    condition: Condition
    says: str
    """The condition in the words of an answer."""
    hours: Hours | None = None
    """The hours that run, so that the answer can name their end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """A labelled exception."""

    label: str
    outcome: Outcome
    when: Condition
    provisos: tuple[Proviso, ...] = ()
    conditions: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    citation: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A general answer and its exceptions, the first that holds."""

    name: str
    says: str
    otherwise: Outcome
    unless: tuple[Branch, ...]
    citation: str
    status: str
    doubts: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    """What goes with every answer that lets the office act."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """An office's rules from one day to the next change."""

    begin: date
    end: date | None
    citation: str
    reference: str
    status: str
    changed: str
    notes: str
    rules: Mapping[Action, Rule]
    doubts: tuple[str, ...] = ()

    def as_data(self, place: str, office: str) -> dict[str, Any]:
        """As an answer carries it."""
        return {
            "jurisdiction": place,
            "office": office,
            "in_force_from": self.begin.isoformat(),
            "in_force_until": self.end.isoformat() if self.end else None,
            "citation": self.citation,
            "reference": self.reference,
            "status": self.status,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """One office and its versions, oldest first; each ends where the next begins."""

    name: str
    title: str
    versions: tuple[Version, ...]

    def version(self, on: date) -> Version | None:
        """The version in force that day."""
        return next((version for version in reversed(self.versions) if version.begin <= on), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """A question that the text leaves open, for some time perhaps."""

    says: str
    status: str
    begin: date
    end: date

    def stands(self, on: date) -> bool:
        """Whether it bears on that day."""
        return self.begin <= on < self.end


@dataclass(frozen=True, kw_only=True, slots=True)
class Overlay:
    """Another layer of law over an answer that the rules give: it is said beside it, and changes nothing in it."""

    says: str
    citation: str
    status: str
    begin: date
    outcomes: tuple[Outcome, ...]
    actions: tuple[Action, ...]
    when: Condition


@dataclass(frozen=True, kw_only=True, slots=True)
class Rulebook:
    """One place."""

    name: str
    title: str
    zone: ZoneInfo
    days_off: Callable[[date], bool]
    """Whether a day is a Saturday, a Sunday or a public holiday of the place."""
    offices: Mapping[str, Office]
    doubts: Mapping[str, Doubt]
    overlays: tuple[Overlay, ...]
    terms: Mapping[str, Condition]
    offences: Offences
    notes: str = ""

    def office(self, name: str) -> Office:
        """The office of this name; LawError with the offices that there are."""
        try:
            return self.offices[name]
        except KeyError:
            raise LawError(
                f"{self.title} has no rules for the office {name!r}; there are {', '.join(self.offices)}."
            ) from None

    def latest(self) -> date:
        """When the newest version of any office begins."""
        return max(office.versions[-1].begin for office in self.offices.values())
