"""What waits for a person: how it is shown, and what the person decides about it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min

from watchword.audit import actions as audit
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.custody import renumbering
from watchword.custody.comparing import compare
from watchword.custody.entries import correct as correct_events
from watchword.custody.models import Event, EventKind, HeldChange
from watchword.feeds.models import Roster
from watchword.worklist.models import Incident

SAMPLES = 5
"""People of each kind who are shown with an incident, by the source's numbers."""

NOBODYS_CUSTODY = (
    EventKind.TRANSFERRED,
    EventKind.RELEASE_DATE_CHANGED,
    EventKind.COURT_DATE_CHANGED,
    EventKind.UPDATED,
)
"""What a source may change in its records (a jail's new name, a calendar moved) without anybody leaving or coming."""


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
    samples: dict[str, list[str]] = field(default_factory=dict)


def list_incidents() -> list[IncidentView]:
    """Every incident, newest first."""
    return _views(Incident.objects.order_by("-id"))


def list_open() -> list[IncidentView]:
    """What waits for a person, the oldest first."""
    return _views(Incident.objects.filter(state=Incident.State.OPEN).order_by("id"))


def list_closed(newest: int) -> list[IncidentView]:
    """So many of those that were decided or are over, the last closed first."""
    closed = Incident.objects.exclude(state=Incident.State.OPEN).order_by("-closed_at", "-id")
    return _views(closed[:newest])


def show(incident_id: int) -> IncidentView:
    """One incident, with some people of each kind by their numbers; WatchwordError where there is none."""
    return _views([_get(incident_id)], samples=True)[0]


@transaction.atomic
def split(incident_id: int, kinds: Collection[str]) -> int:
    """Take these kinds of change out of an open incident into one of their own, to be decided apart; which that is.

    What belongs together (the end of one stay and the booking of the next) goes on waiting together. WatchwordError
    where the incident holds nothing of a kind. An incident that holds nothing else is given back as it is.
    """
    incident = _lock(incident_id, Incident.State.OPEN)
    if incident.kind == Incident.Kind.KEYS_RENUMBERED:
        raise WatchwordError("People who seem to have new numbers are decided as a whole: leave out --only.")
    waiting = HeldChange.objects.filter(incident=incident)
    there = set(waiting.values_list("kind", flat=True))
    if missing := sorted(set(kinds) - there):
        raise WatchwordError(
            f"Incident {incident_id} holds nothing that is {missing[0]}. It holds: {', '.join(sorted(there))}."
        )
    if there == set(kinds):
        return incident_id
    judged = incident.facts.get("judged", {})
    apart = {kind: facts for kind, facts in judged.items() if kind in kinds}
    incident.facts = incident.facts | {
        "judged": {kind: judged[kind] for kind in judged.keys() - apart.keys()}
    }
    incident.save(update_fields=["facts"])
    new = Incident.objects.create(
        kind=incident.kind,
        source=incident.source,
        roster=incident.roster,
        summary=f"Of incident {incident_id}, what is {', '.join(sorted(kinds))}: decided apart.",
        facts=incident.facts | {"judged": apart, "split_from": incident_id},
    )
    waiting.filter(kind__in=kinds).update(incident=new)
    return new.pk


@transaction.atomic
def release(incident_id: int, *, by: str, reason: str, second: str = "") -> list[Roster]:
    """Let what is held go on: its roster is compared again, and this time it passes.

    Returns the rosters whose notices are now to be written: several where changes were pushed one by one. An incident
    about a roster that cannot be read at all cannot be released, nor one about an empty roster after which a newer one
    was read.
    """
    incident, roster = _lock_releasable(incident_id)
    return _let_go(incident, roster, Incident.State.RELEASED, by, reason, second)


@transaction.atomic
def discard(incident_id: int, *, by: str, reason: str, second: str = "") -> None:
    """Decide that what is held was wrong: the records stay as they are. A later roster that says it again is judged
    anew.
    """
    _close(_lock(incident_id, Incident.State.OPEN), Incident.State.DISCARDED, by, reason, second)


@transaction.atomic
def correct(incident_id: int, *, by: str, reason: str, second: str = "") -> list[Roster]:
    """Put right what is neither news nor nonsense; the rosters whose notices are now to be written.

    Open: the source changed its records and nobody's custody (people got new numbers, a jail a new name), so it is
    taken over and nobody is told. Released before: what was told was wrong after all, and is taken back, to everyone.
    """
    incident = _lock(incident_id, Incident.State.OPEN, Incident.State.RELEASED)
    if incident.state == Incident.State.RELEASED:
        return _take_back(incident, by, reason, second)
    incident, roster = _lock_releasable(incident_id)
    held = set(HeldChange.objects.filter(incident=incident, twin=None).values_list("kind", flat=True))
    if incident.kind == Incident.Kind.KEYS_RENUMBERED:
        renumbering.take_over_numbers(incident)
    elif not held <= set(NOBODYS_CUSTODY):
        raise WatchwordError(
            "This incident holds that people came or left, and that cannot be taken over without telling. Release it "
            "if it is true, discard it if it is not."
        )
    else:
        incident.facts = incident.facts | {"quietly": True}
    return _let_go(incident, roster, Incident.State.CORRECTED, by, reason, second)


def _let_go(
    incident: Incident, newest: Roster, state: Incident.State, by: str, reason: str, second: str
) -> list[Roster]:
    said = HeldChange.objects.filter(incident=incident).values("roster")
    rosters = list(Roster.objects.filter(pk__in=said).order_by("id")) or [newest]
    before = Event.objects.filter(roster__in=rosters).aggregate(last=Max("id"))["last"] or 0
    rosters = [compare(roster, releasing=incident) for roster in rosters]
    told = Event.objects.filter(roster__in=rosters, id__gt=before).exclude(kind=EventKind.UPDATED)
    span = told.aggregate(first=Min("id"), last=Max("id"))
    incident.facts = incident.facts | {
        "told": [span["first"], span["last"]] if span["first"] else [],
        "rosters": [roster.pk for roster in rosters],
    }
    _close(incident, state, by, reason, second)
    return rosters


def told_by(incident: Incident) -> list[int]:
    """The events that were recorded, to be told, when the incident was released."""
    told = incident.facts.get("told")
    if not told:
        return []
    events = Event.objects.filter(roster__in=incident.facts["rosters"], id__range=told).exclude(
        kind=EventKind.UPDATED
    )
    return list(events.order_by("id").values_list("id", flat=True))


def _take_back(incident: Incident, by: str, reason: str, second: str) -> list[Roster]:
    wrong = told_by(incident)
    if not wrong:
        raise WatchwordError(
            f"Incident {incident.id} told nobody anything, so there is nothing to take back."
        )
    rosters = correct_events(wrong, by=by, second=second, reason=reason)
    incident.state = Incident.State.CORRECTED
    incident.save()
    audit.record(by, "incident.corrected", f"incident:{incident.id}", reason, **_with(second))
    return rosters


def _close(incident: Incident, state: Incident.State, by: str, reason: str, second: str) -> None:
    audit.must_say(by, reason)
    held = HeldChange.objects.filter(incident=incident)
    audit.record(
        by, f"incident.{state}", f"incident:{incident.id}", reason, changes=held.count(), **_with(second)
    )
    held.delete()
    incident.state, incident.closed_at, incident.reason = state, now(), reason
    incident.closed_by = f"{by}, {second}" if second else by
    incident.save()


def _with(second: str) -> dict[str, str]:
    return {"second": second} if second else {}


def _lock_releasable(incident_id: int) -> tuple[Incident, Roster]:
    incident = _lock(incident_id, Incident.State.OPEN)
    if incident.roster is None:
        raise WatchwordError(
            "This incident holds nothing that could be released; it is cleared when it is over."
        )
    roster = Roster.objects.get(pk=incident.roster)
    _refuse_what_cannot_be_released(incident, roster)
    return incident, roster


def _lock(incident_id: int, *states: Incident.State) -> Incident:
    incident = Incident.objects.select_for_update().filter(pk=incident_id).first() or _get(incident_id)
    if incident.state not in states:
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


def _views(incidents: Iterable[Incident], *, samples: bool = False) -> list[IncidentView]:
    incidents = list(incidents)
    held: dict[int, dict[str, int]] = {}
    waiting = HeldChange.objects.filter(incident__in=incidents)
    for incident_id, kind, count in (
        waiting.values_list("incident_id", "kind").annotate(Count("id")).order_by("kind")
    ):
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
            samples={
                kind: list(
                    waiting.filter(incident=incident, kind=kind)
                    .order_by("person__key")
                    .values_list("person__key", flat=True)[:SAMPLES]
                )
                for kind in (held.get(incident.id, {}) if samples else {})
            },
        )
        for incident in incidents
    ]
