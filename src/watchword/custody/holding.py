"""What waits for a person: which changes are held, and in which incident."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from watchword.custody import breaker
from watchword.custody.models import HeldChange
from watchword.custody.staging import Staging
from watchword.feeds.models import Roster, Source
from watchword.worklist.models import Incident

STALE_CHANGES = 10
"""An older roster's rows again, undoing this many changes or more, are a stale file; fewer are news (ROSTERS rules)."""

EXPLICIT = ("escaped", "released", "removed", "died")
"""Said by a row in so many words: they pass a roster that waits for its bad rows, if their own number is normal."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What of a roster waits: counts by kind, the incident (the newest, if several), and what that makes of the
    roster.
    """

    counts: dict[str, int]
    incident_id: int | None = None
    everything: bool = False
    outcome: Roster.Outcome | None = None


def open_incident(source: Source, roster: Roster, kind: str, summary: str, **facts: Any) -> Incident:
    """The open incident of this kind for the source, brought up to date; a new one where there is none."""
    incident, _ = Incident.objects.update_or_create(
        source=source.name,
        kind=kind,
        state=Incident.State.OPEN,
        defaults={"roster": roster.id, "summary": summary, "facts": facts},
    )
    return incident


def hold(
    staging: Staging,
    source: Source,
    roster: Roster,
    *,
    releasing: Incident | None,
    old_rows: bool,
    waits: bool,
    bad: int,
) -> Held:
    """Mark in `change` what is held, and keep it in its incident.

    What already waits goes on waiting, in the same incident; of the rest, kinds that the breaker finds abnormal are
    held, and everything of a stale roster (`old_rows`, that would undo much) or of one with too many bad rows (but for
    what is explicit and normal in number). What belongs together waits together.
    """
    staging.run("held", source_name=source.name, releasing=releasing.id if releasing else None)
    staging.execute(
        "UPDATE change SET held = true, incident_id = waiting.incident_id FROM change waiting"
        " WHERE change.unit = waiting.unit AND waiting.held AND NOT change.held"
    )
    incident = None
    stale = releasing is None and old_rows and sum(staging.counts("NOT held").values()) >= STALE_CHANGES
    if releasing is None:
        verdicts = breaker.judge(staging.counts("NOT held"), roster.in_custody, roster.days, _history(source))
        abnormal = [verdict for verdict in verdicts if verdict.abnormal]
        kinds = [verdict.kind for verdict in abnormal]
        if stale:
            condition, kind = "true", Incident.Kind.STALE_ROSTER
            summary = "These are the rows of an older roster again: a stale file."
        elif waits:
            passing = [kind for kind in EXPLICIT if kind not in kinds]
            condition, kind = f"kind <> ALL('{{{','.join(passing)}}}')", Incident.Kind.TOO_MANY_BAD_ROWS
            summary = f"{bad} of {roster.rows} rows cannot be read. Only explicit departures were told."
        else:
            condition, kind = f"kind = ANY('{{{','.join(kinds)}}}')", Incident.Kind.ABNORMAL_CHANGE
            summary = _abnormal_summary(abnormal)
        staging.execute(f"UPDATE change SET held = true WHERE NOT held AND {condition}")  # noqa: S608
        staging.execute("UPDATE change SET held = true WHERE unit IN (SELECT unit FROM change WHERE held)")
        if waits or staging.value("SELECT EXISTS (SELECT FROM change WHERE held AND incident_id IS NULL)"):
            limits = {verdict.kind: {"count": verdict.count, "limit": verdict.limit} for verdict in abnormal}
            incident = open_incident(source, roster, kind, summary, judged=limits, days=round(roster.days, 2))
            staging.execute(
                "UPDATE change SET incident_id = %s WHERE held AND incident_id IS NULL", incident.id
            )
    _keep(staging, source, roster, settle=releasing is None and not stale and not waits)
    counts = staging.counts("held")
    passed = bool(staging.counts("NOT held"))
    return Held(
        counts=counts,
        incident_id=incident.id
        if incident
        else staging.value("SELECT max(incident_id) FROM change WHERE held"),
        everything=stale or waits,
        outcome=_outcome(stale=stale, waits=waits, wholly=bool(counts) and not passed),
    )


def _outcome(*, stale: bool, waits: bool, wholly: bool) -> Roster.Outcome | None:
    if stale:
        return Roster.Outcome.STALE
    if waits:
        return Roster.Outcome.WAITING
    return Roster.Outcome.HELD if wholly else None


def _keep(staging: Staging, source: Source, roster: Roster, *, settle: bool) -> None:
    """Write down what is held. With `settle`, what this roster does not say any more leaves its incident."""
    staging.execute(
        "INSERT INTO custody_heldchange (incident_id, person_id, kind, booking)"
        " SELECT incident_id, person_id, kind, booking FROM change WHERE held AND incident_id IS NOT NULL"
        " ON CONFLICT DO NOTHING"
    )
    if not settle:
        return
    waiting = HeldChange.objects.filter(incident__source=source.name, incident__state=Incident.State.OPEN)
    incidents = set(waiting.values_list("incident_id", flat=True).distinct())
    staging.execute(
        "DELETE FROM custody_heldchange waiting WHERE incident_id = ANY(%s) AND NOT EXISTS ("
        " SELECT FROM change WHERE change.held AND change.person_id = waiting.person_id"
        " AND change.kind = waiting.kind AND change.booking = waiting.booking)",
        list(incidents),
    )
    still = set(waiting.values_list("incident_id", flat=True).distinct())
    Incident.objects.filter(pk__in=still).update(roster=roster.id)
    Incident.objects.filter(pk__in=incidents - still, state=Incident.State.OPEN).update(
        state=Incident.State.CLEARED,
        closed_by="system",
        closed_at=roster.received_at,
        reason=f"Roster {roster.id} says nothing of it any more.",
    )


def _history(source: Source) -> Iterable[breaker.Past]:
    recent = Roster.objects.filter(source=source, outcome=Roster.Outcome.NEWS).order_by("-id")[
        : breaker.HISTORY
    ]
    return [
        breaker.Past(in_custody=roster.in_custody, days=roster.days, events=roster.events)
        for roster in recent
    ]


def _abnormal_summary(abnormal: Iterable[breaker.Verdict]) -> str:
    parts = [f"{one.count} {one.kind} (normal: at most {one.limit})" for one in abnormal]
    return (
        f"More changed than is normal for this source: {', '.join(parts)}. None of these was told to anybody."
    )
