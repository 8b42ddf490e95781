"""The form of each provider's `cases`: its own answers and receipts, as they come over the wire, and what they mean.

The shared tests (tests/contracts/test_providers.py) play each answer to the provider's client over a socket, and read
each receipt.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from watchword.delivery.records import Answer, Meaning, Result

Situation = Literal[
    "accepted", "refused_for_ever", "refused_for_now", "too_many", "unavailable", "broken", "garbage"
]
"""What every provider must have a case of; `too_many` asks us to wait where the protocol lets it."""


SOUGHT_TO, SOUGHT_MARK = "+12025550123", "the-mark-of-this-message"
SOUGHT_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOUGHT_REFERENCE = UUID("5f0c1b1e-7f0a-4a67-9b1d-0c5e2f7a9d31")
"""What the lists are asked for: a message to this number, with this mark, handed over at this moment or later, under
this reference of ours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerCase:
    """What the provider answers to a hand-over, and what that means."""

    situation: Situation
    channel: str
    raw: bytes  # the whole answer
    means: Result
    to: str = ""  # of a dialogue: the beginning of the line that gets this answer, such as "RCPT"


@dataclass(frozen=True, kw_only=True, slots=True)
class ListCase:
    """The provider's list of what it took, as it answers our question."""

    channel: str
    raw: bytes  # the whole answer to a question about what is SOUGHT_...
    means: Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptCase:
    """What the provider tells us later, and what that means."""

    kind: str
    raw: bytes
    means: Meaning


@dataclass(frozen=True, kw_only=True, slots=True)
class Cases:
    """All that a provider may say."""

    answers: tuple[AnswerCase, ...]
    lists: tuple[ListCase, ...] = ()  # none: it cannot be asked
    receipts: tuple[ReceiptCase, ...] = ()  # none: it tells nothing later


def http(status: str, body: str = "", *headers: str) -> bytes:
    """An HTTP answer with this status line and these header lines."""
    length = len(body.encode())
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {length}", "", body]
    return "\r\n".join(lines).encode()
