"""Two persons for what must not hang on one: the first decides, the second confirms, and only then it is done."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from watchword.audit.actions import must_say, record
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.worklist.models import Proposal


def propose(action: str, subject: str, *, by: str, reason: str, facts: Mapping[str, Any]) -> Proposal:
    """Put it down for a second person. `facts` say what exactly is to be done: ids and canonical words only."""
    must_say(by, reason)
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                action=action, subject=subject, by=by.strip(), reason=reason, facts=dict(facts)
            )
            record(by, f"{action}.propose", subject, reason)
    except IntegrityError:
        raise WatchwordError(
            f"This waits for a second person already: {subject}. They confirm it with --second, or it is withdrawn "
            "with `watchword proposals withdraw`."
        ) from None
    return proposal


@transaction.atomic
def confirm(action: str, subject: str, *, second: str) -> Proposal:
    """A second person agrees: the proposal, to be done in the same transaction.

    WatchwordError where nothing waits, and where it is the same person.
    """
    proposal = (
        Proposal.objects.select_for_update().filter(action=action, subject=subject, closed_at=None).first()
    )
    if proposal is None:
        raise WatchwordError(
            f"Nothing waits for a second person here ({action}, {subject}). The first one decides, with --by and "
            "--reason."
        )
    if not second.strip() or second.strip().casefold() == proposal.by.casefold():
        raise WatchwordError("The second person must be another than the first.")
    proposal.closed_at, proposal.confirmed_by = now(), second.strip()
    proposal.save()
    record(second, f"{action}.confirm", subject, proposal.reason, first=proposal.by)
    return proposal


@transaction.atomic
def withdraw(proposal_id: int, *, by: str, reason: str) -> None:
    """It is not to be done after all. WatchwordError where it does not wait."""
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id, closed_at=None).first()
    if proposal is None:
        raise WatchwordError(f"Proposal {proposal_id} does not wait for anybody.")
    proposal.closed_at = now()
    proposal.save()
    record(by, f"{proposal.action}.withdraw", proposal.subject, reason)


def waiting(subject: str | None = None) -> list[Proposal]:
    """What waits for a second person, oldest first; of one subject, or all of it."""
    found = Proposal.objects.filter(closed_at=None).order_by("id")
    return list(found if subject is None else found.filter(subject=subject))
