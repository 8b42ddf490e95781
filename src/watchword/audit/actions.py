"""Writing in the ledger."""

from typing import Any

from watchword.audit.models import Entry
from watchword.core.errors import WatchwordError


def record(actor: str, action: str, subject: str, reason: str = "", **facts: Any) -> Entry:
    """Write one entry, in the caller's transaction, so that an act and its entry stand or fall together.

    `facts` hold ids and counts only: no contact data and no names.
    """
    return Entry.objects.create(actor=actor, action=action, subject=subject, reason=reason, facts=facts)


def must_say(by: str, reason: str) -> None:
    """WatchwordError unless somebody said who they are and why they decide so."""
    if not by.strip() or not reason.strip():
        raise WatchwordError("Say who decides (--by) and why (--reason): both go into the ledger.")
