"""The keys that sources show to send us their rosters: made, rotated, ended, and checked.

A key is good for one source and for nothing but sending; whoever shows one that is wrong learns nothing, not even which
sources there are. Each change is in the ledger.
"""

import hmac
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from watchword.audit.actions import record
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.core.keys import digest_of, new_key
from watchword.feeds.models import Source, SourceKey
from watchword.feeds.receiving import source_named

LONGEST_ROTATION_HOURS = 24 * 14

_PREFIX = "wwsk_"


@transaction.atomic
def make_key(source: str, *, by: str, hours: float = 0) -> str:
    """A new key for this source, shown this once. Those it had are good for so many hours more."""
    if not 0 <= hours <= LONGEST_ROTATION_HOURS:
        raise WatchwordError(f"Give 0 to {LONGEST_ROTATION_HOURS} hours.")
    _check_actor(by)
    found = source_named(source)
    until = now() + timedelta(hours=hours)
    ended = _in_force(found).update(ends_at=until)
    key = new_key(_PREFIX)
    made = SourceKey.objects.create(source=found, digest=digest_of(key))
    record(
        by, "source.key.make", f"source:{found.pk}", key=made.pk, ended=ended, old_end_at=until.isoformat()
    )
    return key


@transaction.atomic
def revoke_keys(source: str, *, by: str, reason: str) -> int:
    """End all keys of this source at once; returns how many there were."""
    _check_actor(by)
    found = source_named(source)
    ended = _in_force(found).update(ends_at=now())
    record(by, "source.key.revoke", f"source:{found.pk}", reason, ended=ended)
    return ended


def list_keys(source: str) -> list[dict[str, Any]]:
    """The keys of this source, newest first, without what would open anything."""
    found = SourceKey.objects.filter(source=source_named(source)).order_by("-id")
    return [{"id": key.pk, "made_at": key.made_at, "ends_at": key.ends_at} for key in found]


def source_opened_by(key: str, name: str) -> Source | None:
    """The source of this name, if the key is one of its own and in force.

    The same look-ups are made and the same comparison is done for every name and key.
    """
    given = digest_of(key)
    source = Source.objects.filter(name=name).first()
    found = SourceKey.objects.filter(digest=given).filter(Q(ends_at=None) | Q(ends_at__gt=now())).first()
    is_known = hmac.compare_digest(bytes(found.digest) if found else bytes(len(given)), given)
    if source is None or found is None:
        return None
    return source if is_known and found.source_id == source.pk else None


def _in_force(source: Source) -> QuerySet[SourceKey]:
    return SourceKey.objects.filter(source=source).filter(Q(ends_at=None) | Q(ends_at__gt=now()))


def _check_actor(by: str) -> None:
    if not by.strip():
        raise WatchwordError("Say who decides (--by): it goes into the ledger.")
