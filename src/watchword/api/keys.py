"""The keys that partners' systems show to use the API: made, listed, ended, checked. Each change is in the ledger."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from watchword.api.models import PartnerKey, Scope
from watchword.audit.actions import must_say, record
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.core.keys import digest_of, new_key
from watchword.core.sql import load
from watchword.registrants.models import Partner
from watchword.registrants.partners import partner_called

A_MINUTE = 120
"""Requests that a key may make in a minute, unless another number was given."""

MOST_A_MINUTE = 60_000

_PREFIX = "wwpk_"
_MINUTE = timedelta(minutes=1)


class TooManyRequestsError(WatchwordError):
    """This key has made as many requests as it may in a minute."""

    def __init__(self, seconds: int) -> None:
        super().__init__(self.__doc__)
        self.seconds = seconds
        """After which it may make one more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """Who uses the API, and for what they may use it."""

    partner: Partner
    scopes: frozenset[str]

    @property
    def actor(self) -> str:
        """For the ledger."""
        return f"partner:{self.partner.name}"


@transaction.atomic
def add_key(partner: str, scopes: Collection[str], *, a_minute: int = A_MINUTE, by: str) -> str:
    """A new key (`wwpk_...`) of this partner, shown this once. Those it has stay good: end them with `revoke_key`."""
    _check_actor(by)
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown or not scopes:
        raise WatchwordError(f"Say what the key is good for: {', '.join(Scope.values)}.")
    if not 1 <= a_minute <= MOST_A_MINUTE:
        raise WatchwordError(f"Give 1 to {MOST_A_MINUTE} requests a minute.")
    found = partner_called(partner)
    key = new_key(_PREFIX)
    made = PartnerKey.objects.create(
        partner=found, digest=digest_of(key), scopes=sorted(set(scopes)), a_minute=a_minute
    )
    record(by, "partner.key.add", f"partner:{found.pk}", key=made.pk, scopes=made.scopes, a_minute=a_minute)
    return key


@transaction.atomic
def revoke_key(partner: str, number: int, *, by: str, reason: str) -> None:
    """End one of a partner's keys at once. WatchwordError where it has none of this number that is good."""
    must_say(by, reason)
    found = partner_called(partner)
    good = PartnerKey.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now()), partner=found, pk=number)
    if not good.update(ends_at=now()):
        raise WatchwordError(
            f"{partner} has no key {number} that is good. `watchword partner key list` shows them."
        )
    record(by, "partner.key.revoke", f"partner:{found.pk}", reason, key=number)


def list_keys(partner: str) -> list[dict[str, Any]]:
    """The keys of this partner, newest first, without what would open anything."""
    found = PartnerKey.objects.filter(partner=partner_called(partner)).order_by("-id")
    return [
        {
            "id": key.pk,
            "scopes": " ".join(key.scopes),
            "a_minute": key.a_minute,
            "made_at": key.made_at,
            "ends_at": key.ends_at,
        }
        for key in found
    ]


def opened_by(key: str) -> Opened | None:
    """Who shows this key, if it is good, counting the request; None for any other.

    TooManyRequestsError where it has made too many. A request that is refused for that is not counted.
    """
    digest, at = digest_of(key), now()
    with connection.cursor() as cursor:
        cursor.execute(load(__package__, "count_request"), {"digest": digest, "now": at})
        counted = cursor.fetchone() is not None
    found = PartnerKey.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), digest=digest).select_related(
        "partner"
    )
    shown = found.first()
    if shown is None or not hmac.compare_digest(bytes(shown.digest), digest):
        return None
    if not counted:
        raise TooManyRequestsError(_seconds_until_one_more(shown, at))
    return Opened(partner=shown.partner, scopes=frozenset(shown.scopes))


def _seconds_until_one_more(key: PartnerKey, at: datetime) -> int:
    wait = key.free_at + _MINUTE / key.a_minute - _MINUTE - at
    return max(1, ceil(wait.total_seconds()))


def _check_actor(by: str) -> None:
    if not by.strip():
        raise WatchwordError("Say who decides (--by): it goes into the ledger.")
