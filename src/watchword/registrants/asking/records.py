"""What somebody gives who asks to be told, and what they get back."""

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from watchword.custody.finding.records import Found, Sought
from watchword.registrants.asking.models import Relation
from watchword.registrants.models import ContactPoint


class ForWhom(StrEnum):
    """Who is to be told."""

    MYSELF = "myself"
    ANOTHER = "another"
    """The one who asks is told for somebody else: a parent, an advocate, a lawyer."""
    BOTH = "both"
    """The one who asks, and the one they ask for. Each confirms a contact of their own."""
    PROXY = "proxy"
    """An organisation is told, and relays; whom it tells stays unnamed to us."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """How one recipient is reached. Nothing of it shows in a log or a debugger."""

    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    push: str | None = field(default=None, repr=False)
    """A place in the system of the partner who asks (`normalise_push`); whoever passes it on has checked its key.
    """
    name: str | None = field(default=None, repr=False)
    language: str
    time_zone: str | None = None  # an IANA name; None: the source's
    unsafe: tuple[time, time] | None = None  # each day from, until: nothing goes to the phone then
    voicemail_says_more: bool = False
    disguise: ContactPoint.Disguise = ContactPoint.Disguise.NONE  # of emails
    tty: bool = False  # the phone is a text telephone
    calls_only: bool = False  # the phone takes no texts


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A request to be told about one person."""

    source: str
    sought: Sought
    relation: Relation
    for_whom: ForWhom
    reached: Reached  # the one who asks
    other: Reached | None = None  # the one they ask for, where both are told
    pin: str | None = field(default=None, repr=False)  # of whoever asks for themselves; else we make one
    evidence: str = field(default="", repr=False)
    note: str = field(default="", repr=False)
    watch: bool = False
    form: UUID | None = None  # of the sheet it was written on: sent twice, it is one request


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What the one who asked gets, whatever they asked for: a number and a PIN to come back with."""

    request: int
    recipients: tuple[int, ...]  # registrants: the one who asked, then the one they asked for
    is_new: bool = True  # not the same sheet sent again
    number: str = field(repr=False)
    pin: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A request as an officer sees it."""

    id: int
    source: str
    state: str
    relation: str
    modes: list[str]
    sought: dict[str, Any] = field(repr=False)
    evidence: str = field(repr=False)
    note: str = field(repr=False)
    watch: bool
    contacts: list[str]  # masked
    signs: list[str]  # of misuse
    asked_at: datetime
    found: list[Found]  # who it may be
    hidden: list[Found]  # the same, among those who must not be found
