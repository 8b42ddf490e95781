"""Incidents about our own ways out: opened and cleared by the system itself. Those about rosters are custody's."""

from collections.abc import Mapping
from typing import Any

from watchword.core.clock import now
from watchword.worklist.models import Incident


def open_incident(kind: Incident.Kind, source: str, summary: str, facts: Mapping[str, Any]) -> bool:
    """Put it before the desk; whether it is new. One of this kind about this source that is open stays as it is."""
    incident = Incident(kind=kind, source=source, summary=summary, facts=dict(facts))
    before = Incident.objects.filter(kind=kind, source=source, state=Incident.State.OPEN)
    if before.exists():
        return False
    Incident.objects.bulk_create([incident], ignore_conflicts=True)
    return True


def clear_incidents(kind: Incident.Kind, source: str, reason: str) -> int:
    """It is over, for this reason. Returns how many were open."""
    still_open = Incident.objects.filter(kind=kind, source=source, state=Incident.State.OPEN)
    return still_open.update(state=Incident.State.CLEARED, closed_at=now(), closed_by="system", reason=reason)
