"""What a person decides about what was held: release it, or discard it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from watchword.audit import actions as audit
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.custody.comparing import compare
from watchword.custody.models import HeldChange
from watchword.feeds.models import Roster
from watchword.worklist.models import Incident


@dataclass(frozen=True, kw_only=True)
class IncidentView:
    """An incident as a person reads it; `held` counts by kind what still waits in it."""

    id: int
    kind: str
    state: str
    source: str
    roster: int | None
    summary: str
    held: dict[str, int]
    facts: dict[str, Any]
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str
    reason: str


def list_incidents() -> list[IncidentView]:
    """Every incident, newest first."""
    return _views(Incident.objects.order_by("-id"))


def show(incident_id: int) -> IncidentView:
    """One incident; WatchwordError where there is none."""
    return _views([_get(incident_id)])[0]


@transaction.atomic
def release(incident_id: int, *, by: str, reason: str) -> Roster:
    """Let what is held go on: its roster is compared again, and this time it passes.

    Returns the roster, whose notices are now to be written. An incident about a roster that cannot be read at all
    cannot be released, nor one about an empty roster after which a newer one was read.
    """
    incident = _lock_open(incident_id)
    if incident.roster is None:
        raise WatchwordError(
            "This incident holds nothing that could be released; it is cleared when it is over."
        )
    roster = Roster.objects.get(pk=incident.roster)
    _refuse_what_cannot_be_released(incident, roster)
    roster = compare(roster, releasing=incident)
    _close(incident, Incident.State.RELEASED, by, reason)
    return roster


@transaction.atomic
def discard(incident_id: int, *, by: str, reason: str) -> None:
    """Decide that what is held was wrong: the records stay as they are. A later roster that says it again is judged
    anew.
    """
    _close(_lock_open(incident_id), Incident.State.DISCARDED, by, reason)


def _close(incident: Incident, state: Incident.State, by: str, reason: str) -> None:
    if not by.strip() or not reason.strip():
        raise WatchwordError("Say who decides (--by) and why (--reason): both go into the ledger.")
    held = HeldChange.objects.filter(incident=incident)
    audit.record(by, f"incident.{state}", f"incident:{incident.id}", reason, changes=held.count())
    held.delete()
    incident.state, incident.closed_at, incident.closed_by, incident.reason = state, now(), by, reason
    incident.save()


def _lock_open(incident_id: int) -> Incident:
    incident = Incident.objects.select_for_update().filter(pk=incident_id).first() or _get(incident_id)
    if incident.state != Incident.State.OPEN:
        raise WatchwordError(
            f"Incident {incident_id} is {incident.state} already (by {incident.closed_by}); nothing was done."
        )
    return incident


def _get(incident_id: int) -> Incident:
    incident = Incident.objects.filter(pk=incident_id).first()
    if incident is None:
        raise WatchwordError(f"There is no incident {incident_id}. `watchword incidents` lists them.")
    return incident


def _refuse_what_cannot_be_released(incident: Incident, roster: Roster) -> None:
    if incident.kind == Incident.Kind.UNREADABLE_ROSTER:
        raise WatchwordError(
            f"Roster {roster.id} cannot be read, so there is nothing to release. Discard the incident, and ask the "
            "source for the file again."
        )
    newer = Roster.objects.filter(source=roster.source, id__gt=roster.id, content__isnull=False).exists()
    if incident.kind == Incident.Kind.EMPTY_ROSTER and newer:
        raise WatchwordError(
            f"A newer roster was read since the empty one ({roster.id}), so it says nothing any more. "
            "Discard the incident."
        )


def _views(incidents: Iterable[Incident]) -> list[IncidentView]:
    incidents = list(incidents)
    held: dict[int, dict[str, int]] = {}
    waiting = HeldChange.objects.filter(incident__in=incidents).values_list("incident_id", "kind")
    for incident_id, kind, count in waiting.annotate(Count("id")).order_by("kind"):
        held.setdefault(incident_id, {})[kind] = count
    return [
        IncidentView(
            id=incident.id,
            kind=incident.kind,
            state=incident.state,
            source=incident.source,
            roster=incident.roster,
            summary=incident.summary,
            held=held.get(incident.id, {}),
            facts=incident.facts,
            opened_at=incident.opened_at,
            closed_at=incident.closed_at,
            closed_by=incident.closed_by,
            reason=incident.reason,
        )
        for incident in incidents
    ]
