"""What the exchange remembers: phones, texts, calls, mailboxes, mails, letterboxes, letters, partners, pushes."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, TypeAlias, TypeVar

from watchword.carrier.behaviours import (
    CallBehaviour,
    LetterBehaviour,
    MailBehaviour,
    PartnerBehaviour,
    TextBehaviour,
)
from watchword.carrier.receipts import Receipt
from watchword.carrier.webhooks import Answer

KEPT_PER_PLACE = 1_000
"""Texts or calls of one phone, mails of one mailbox, letters of one letterbox, or pushes to one partner, that are
kept."""

Value = TypeVar("Value")
Item = TypeVar("Item")
Behaviour = TypeVar("Behaviour", MailBehaviour, LetterBehaviour, PartnerBehaviour)


class Kept(Generic[Value]):
    """A bounded memory, in order of arrival; the oldest falls out."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._items: OrderedDict[str, Value] = OrderedDict()

    def add(self, key: str, value: Value) -> None:
        """Remember `value`; at the limit, forget the oldest."""
        self._items[key] = value
        if len(self._items) > self._limit:
            self._items.popitem(last=False)

    def get(self, key: str) -> Value | None:
        """What was remembered under `key`, or None."""
        return self._items.get(key)

    def pop(self, key: str) -> Value | None:
        """Forget `key`; what was remembered under it, or None."""
        return self._items.pop(key, None)

    def newest_first(self) -> Iterator[Value]:
        """Everything kept, the latest arrival first."""
        return reversed(self._items.values())

    def __len__(self) -> int:
        return len(self._items)


def keep_newest(items: list[Value], item: Value) -> None:
    """Append to a place's own list, which stays within KEPT_PER_PLACE (trimmed now and then, not each time)."""
    items.append(item)
    if len(items) > 2 * KEPT_PER_PLACE:
        del items[:-KEPT_PER_PLACE]


Direction = Literal["outbound-api", "outbound-reply", "inbound"]


@dataclass(slots=True, kw_only=True)
class Text:
    """A text message. `outbound` is from our number to a phone, `inbound` from a phone to our number."""

    sid: str
    at: datetime
    updated_at: datetime
    direction: Direction
    from_: str
    to: str
    body: str
    segments: int
    status: str = "queued"
    error_code: int | None = None
    callback: str = ""
    tells: Callable[["Text"], Sequence[Receipt]] | None = None
    """What the customer is told of its present state; None: nothing, ever."""
    arrived: bool = False
    """Whether it is on the phone (or, inbound, with us)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened in a call, as the transcript shows it."""

    at: datetime
    kind: Literal["said", "played", "printed", "paused", "pressed", "unheard", "dialled", "note"]
    text: str
    language: str = ""
    voice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """How the customer wants to be told whether a person or a machine took the call."""

    waits_for_beep: bool
    """A machine is reported once it records (machine_end_beep), not at once (machine_start)."""
    holds_up_the_call: bool
    """The first document is asked for only then, and told of it; otherwise `callback` is told meanwhile."""
    callback: str
    callback_method: str


@dataclass(slots=True, kw_only=True)
class Call:
    """A call. States are Twilio's: queued, ringing, in-progress; completed, busy, no-answer, failed, canceled."""

    sid: str
    at: datetime
    updated_at: datetime
    direction: Literal["outbound-api", "outbound-dial", "inbound"]
    from_: str
    to: str
    parent_sid: str | None = None
    url: str = ""
    method: str = "POST"
    twiml: str = ""
    callback: str = ""
    callback_method: str = "POST"
    callback_events: frozenset[str] = frozenset({"completed"})
    ring_seconds: float = 30
    send_digits: str = ""
    detection: Detection | None = None
    answered_by: str | None = None
    status: str = "queued"
    sip_code: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    duration: int | None = None
    listening: bool = False
    pressing: str = ""
    """The keys that the present Gather has taken so far."""
    reported: int = 0
    transcript: list[Line] = field(default_factory=list)

    @property
    def phone(self) -> str:
        """The number of the handset: whoever is not our own number."""
        return self.from_ if self.direction == "inbound" else self.to

    @property
    def over(self) -> bool:
        """Whether the call has ended, in whatever way."""
        return self.status not in ("queued", "ringing", "in-progress")


@dataclass(slots=True, kw_only=True)
class Phone:
    """A number with a handset. It comes to be when first texted, called or set."""

    number: str
    label: str = ""
    calling: CallBehaviour = field(default_factory=CallBehaviour)
    texting: TextBehaviour = field(default_factory=TextBehaviour)
    texts: list[Text] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    last_line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail in one mailbox, as it came over the wire."""

    id: str
    at: datetime
    sender: str
    to: str
    raw: bytes


@dataclass(slots=True, kw_only=True)
class Letter:
    """A letter that was taken to be printed and mailed."""

    id: str
    at: datetime
    updated_at: datetime
    to: Mapping[str, str]
    sender: Mapping[str, str]
    metadata: Mapping[str, str]
    pdf: bytes
    key: str = ""
    """The customer's own: a second request with the same is the same letter."""
    state: str = "created"
    """The last that the customer was told of: created, mailed, in_transit, ..."""

    @property
    def address(self) -> str:
        """The letterbox that it goes to."""
        return ", ".join(lines_of(self.to))


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One push that another office's system took."""

    id: str
    """Its `webhook-id`, by which its receiver knows a repeat."""
    at: datetime
    to: str
    body: str


_LINES = (
    ("name",),
    ("company",),
    ("address_line1",),
    ("address_line2",),
    ("address_city", "address_state", "address_zip"),
    ("address_country",),
)


def lines_of(place: Mapping[str, str]) -> list[str]:
    """The lines of an address as they stand on the envelope."""
    lines = (" ".join(place[name] for name in names if place.get(name)) for names in _LINES)
    return [line for line in lines if line]


@dataclass(slots=True, kw_only=True)
class Box(Generic[Behaviour, Item]):
    """An address that things come to. It comes to be when first written to or set."""

    address: str
    behaviour: Behaviour
    label: str = ""
    contents: list[Item] = field(default_factory=list)


Mailbox: TypeAlias = Box[MailBehaviour, Mail]
Letterbox: TypeAlias = Box[LetterBehaviour, Letter]
"""A postal address, its lines with commas between."""
Partner: TypeAlias = Box[PartnerBehaviour, Push]
"""Another office's system, by the last part of its endpoint's path."""


@dataclass(slots=True, kw_only=True)
class OurLine:
    """One of the customer's own numbers, and the webhooks that the carrier calls for it."""

    number: str
    message_url: str
    voice_url: str
    deliver: Callable[[Text], Awaitable[Answer]] | None = None
    """How a phone's text gets to the customer instead: over SMPP, once a text has come that way."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """Something that the exchange accepted; `n` counts from 1 and never repeats until a reset."""

    n: int
    at: datetime
    kind: Literal["text", "call", "mail", "letter", "push", "inbound_text", "inbound_call"]
    item: Text | Call | Mail | Letter | Push
