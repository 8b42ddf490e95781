"""What goes in and out of the counter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from watchword.desk.counter.models import Decision, LawRequest
from watchword.law import Answer, Change, Question


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A request as it came."""

    kind: str
    source: str
    person: str
    """The source's number of the person; empty for other support."""
    jurisdiction: str
    office: str
    asker: str
    federal_reason: str
    received_at: datetime
    papers: Mapping[str, str]
    facts: Mapping[str, Any]
    response: str = ""
    """Of other support: what was done, naming nobody."""


@dataclass(frozen=True, kw_only=True)
class Conviction:
    """A judgment, and where it is known from."""

    crime: Mapping[str, Any]
    source: str
    source_on: date


@dataclass(frozen=True, kw_only=True)
class ActionView:
    """What the law says of one action now, and what was decided."""

    action: str
    question: Question
    answer: Answer
    changes: list[Change]
    decision: Decision | None
    waits_by: str
    """Who decided, while a second person has yet to confirm; empty otherwise."""
    waits_honoured: bool

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """The tree of reasons, as data."""
        return [reason.as_data() for reason in self.answer.because]


@dataclass(frozen=True, kw_only=True)
class RequestView:
    """A request as its page shows it."""

    request: LawRequest
    papers: Mapping[str, str]
    facts: Mapping[str, Any]
    convictions: list[Mapping[str, Any]]
    """With `crime`, `source`, `source_on` and `entered_by`."""
    actions: list[ActionView]
    to_ask: list[str]
    """The facts that can still matter, the best first."""
    is_answered: bool
