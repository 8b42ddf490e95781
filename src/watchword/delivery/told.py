"""What a registrant was told, as they may read it again."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from watchword.core.sql import rows

_NO_STATUS = ("contact_stopped", "feed_silent")
_NEWEST = 2**63 - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One notice that was handed to somebody, in the words that it was told in."""

    notice: int
    registration: int
    kind: str
    told_at: datetime  # when it was first handed over
    confirmed_at: datetime | None
    language: str
    subject: str = field(repr=False)  # "" where it was told by calls alone
    body: str = field(repr=False)


def told(
    registrations: Collection[int],
    *,
    before: int | None = None,
    most: int,
    without: Collection[str] = (),
) -> list[Told]:
    """What was told by these registrations, newest first, from before this notice on."""
    found = rows(
        __package__,
        "told",
        {
            "registrations": list(registrations),
            "before": before or _NEWEST,
            "without": list(without),
            "most": most,
        },
    )
    return [Told(**row) for row in found]


def last_told(registration: int) -> Told | None:
    """The newest that says where the person stands, or that we watch no more."""
    return next(iter(told([registration], most=1, without=_NO_STATUS)), None)
