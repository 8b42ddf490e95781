"""What a registrant was told, as they may read it again."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from watchword.audit.actions import record
from watchword.core.sql import rows
from watchword.registrants.models import Registration

_NO_STATUS = ("contact_stopped", "feed_silent")
_NOTHING_OF_THEM = ("contact_stopped",)
_TOLD_AGAIN = (Registration.State.ACTIVE, Registration.State.PAUSED, Registration.State.WITHHELD)
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


@transaction.atomic
def tell_again(registrant_id: int, channel: str) -> list[Told]:
    """What a registrant was told last of each registration, for them to hear or read again by `channel`; each is a line
    of the ledger.

    In the words that it was told in, and nothing newer: of somebody who is protected nothing else may be told, and
    whoever asks must not notice that. A registration that waits or has ended tells nothing.
    """
    found = Registration.objects.filter(registrant=registrant_id, state__in=_TOLD_AGAIN).order_by("id")
    last = [
        one
        for number in found.values_list("id", flat=True)
        for one in told([number], most=1, without=_NOTHING_OF_THEM)
    ]
    for each in last:
        record("registrant", "registration.tell_again", f"registration:{each.registration}", channel=channel)
    return last


def last_told(registration: int) -> Told | None:
    """The newest that says where the person stands, or that we watch no more."""
    return next(iter(told([registration], most=1, without=_NO_STATUS)), None)
