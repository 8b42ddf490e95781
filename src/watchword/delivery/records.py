"""What goes out, and what providers answer: values that every channel shares."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Outbound:
    """One message, ready for a provider."""

    delivery: int
    reference: UUID  # our own, of this attempt
    channel: str
    provider: str  # the name of the one who is to get it
    urgent: bool
    to: str  # E.164, an email or a postal address; never logged
    subject: str = ""  # of an email or a letter
    body: str = ""  # of an email, a text or a letter, whose paragraphs stand between empty lines
    language: str = ""  # of an email or a letter
    sender_name: str = (
        ""  # of an email: what stands beside our address, where the registrant chose a disguise
    )
    unsubscribe_url: str = (
        ""  # of an email: stops mails about its registration to this address with one click
    )
    url: str = ""  # of a call: where its first TwiML document is; of a letter: its page, to be typed
    status_url: str = ""  # where the provider sends its receipts, if it has any
    message_id: str = ""  # of a push: by which its receiver knows a repeat
    signing_keys: tuple[bytes, ...] = field(default=(), repr=False)  # of a push, the newest first
    attempts: int = 1  # this one included
    repeat: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """The provider has taken the message over."""

    provider_id: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """The provider did not take it: nothing was sent."""

    code: str  # the provider's own, or our word for it
    permanent: bool  # trying again would not help
    of_address: bool = False  # it is about this address or mailbox alone; `permanent` always is
    retry_after: float | None = None  # seconds that the provider asked us to wait
    opted_out: bool = False  # the person has blocked us at the provider: the contact point is stopped


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """It may have been taken over: the answer did not come, or could not be understood."""

    code: str
    of_address: bool = False  # it is about this address alone, and says nothing of the provider


Result = Accepted | Refused | Unknown


@dataclass(frozen=True, kw_only=True, slots=True)
class Completed:
    """A hand-over and how it ended."""

    outbound: Outbound
    result: Result

    @property
    def outcome(self) -> str:
        """The word for it that an attempt keeps."""
        match self.result:
            case Accepted():
                return "accepted"
            case Refused():
                return "refused"
            case Unknown():
                return "unknown"

    @property
    def error(self) -> str | None:
        """Why it was not taken over, in the provider's code or our word for it; None where it was."""
        return None if isinstance(self.result, Accepted) else self.result.code


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """A hand-over whose end we do not know, as a provider may find it again."""

    delivery: int
    reference: UUID
    channel: str
    provider: str  # the name of the one who got it
    to: str
    mark: str  # words that the body holds and no other message does: the link's token
    since: datetime  # not handed over before this moment, by the database's clock
    waited: timedelta  # so long ago that was, by the same clock
    is_reference_lost: bool = False  # it went out under another one, if at all: the database was restored
    written_off: bool = False  # it was not found before; looked for once more


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Messages or calls in the provider's list that could be the one, oldest first, by the provider's ids."""

    provider_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NotFound:
    """The provider has its list, and this is not in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NoAnswer:
    """The provider could be asked, but did not answer now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CannotAsk:
    """This kind of provider keeps no list that we could look in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MaySendAgain:
    """Whoever receives it drops what it has already: it can be sent again without harm."""


Answer = Found | NotFound | NoAnswer | CannotAsk | MaySendAgain


Meaning = Literal["handed_over", "delivered", "not_reached", "impossible", "no_news", "unknown"]
"""What a receipt means: `not_reached` may be tried again, `impossible` not; `no_news` says no more than that the
provider has it, as a delay or an out-of-office reply does; `unknown` is a word nobody told us of."""


CallOutcome = Literal[
    "busy", "no_answer", "rejected", "unreachable", "invalid", "voicemail", "answered", "confirmed"
]
"""How a call ended: nobody took it (the first five), a machine took it, somebody did, or somebody who knew the PIN."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What a receipt says, in our words."""

    meaning: Meaning
    word: str  # the provider's own
    error: str = ""
    provider_id: str | None = None
    call_outcome: CallOutcome | None = None  # of a call, where this receipt tells it
    records: bool = False  # a machine took the call, and records from now on
    reference: UUID | None = None  # our own, where the receipt itself names it
    sent_to: str = ""  # the number it is about, where only the provider's id says which message; never logged
    opted_out: bool = False  # the person has blocked us at the provider: the contact point is stopped
