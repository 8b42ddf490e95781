"""What waits for a person: which changes are held, and in which incident."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watchword.custody import breaker, history
from watchword.custody.models import EventKind, HeldChange, SourceState
from watchword.custody.staging import Staging
from watchword.feeds.models import Roster, Source
from watchword.worklist.models import Incident

STALE_CHANGES = 10
"""Older rows again, undoing this many changes or more, are a stale file; fewer are news (ROSTERS rules)."""

STALE_RETURNS = 3
"""So many who had left are back, in a list whose newest admission is older than what we knew: it is of an older day."""

RENUMBERED = 5
"""So many people who vanished, and whose names and dates stand under numbers never seen: the source renumbered."""

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
    made_at: datetime | None = None,
) -> Held:
    """Mark in `change` what is held, and keep it in its incident.

    What already waits goes on waiting, in the same incident. Of the rest are held: everything of a stale roster
    (`old_rows`, or older data, that would undo much) or of one with too many bad rows (but for what is explicit and
    normal in number); people whose numbers were changed; what contradicts an entry by hand; and each kind that the
    breaker finds abnormal. What belongs together waits together. What was pushed after the list was made (`made_at`)
    does not leave its incident because the list says nothing of it.
    """
    staging.run("held", source_name=source.name, releasing=releasing.id if releasing else None)
    staging.run("alone")
    staging.execute(
        "UPDATE change SET held = true, incident_id = waiting.incident_id FROM change waiting"
        " WHERE change.unit = waiting.unit AND waiting.held AND NOT change.held"
    )
    if releasing is not None and not roster.is_listing:  # of what was pushed then, only this is true still
        staging.run("hold_others", releasing=releasing.id)
    if releasing is not None and releasing.facts.get("quietly"):
        staging.run("quieten", releasing=releasing.id)
    counts = staging.counts("true")
    if min(counts.get(EventKind.VANISHED, 0), counts.get(EventKind.BOOKED, 0)) >= RENUMBERED:
        staging.run("twins")
    incident, stale = None, False
    if releasing is None:
        roster.days = history.days_since_news(staging, source, roster)
        stale = roster.is_listing and _is_stale(staging, source, roster, old_rows=old_rows)
        counts = staging.counts("NOT held")
        verdicts = breaker.judge(counts, *history.normal(source, roster, counts))
        if roster.is_listing and roster.rows < breaker.fewest_rows(
            roster.days, history.lengths(source, roster, counts)
        ):
            verdicts = [breaker.of_a_cut_list(verdict) for verdict in verdicts]
        abnormal = [verdict for verdict in verdicts if verdict.abnormal]
        if stale:
            summary = "These are the rows of an older roster again: a stale file."
            incident = _hold(staging, source, roster, Incident.Kind.STALE_ROSTER, "true", summary, abnormal)
        elif waits:
            passing = ",".join(set(EXPLICIT) - {verdict.kind for verdict in abnormal})
            summary = f"{bad} of {roster.rows} rows cannot be read. Only explicit departures were told."
            incident = _hold(
                staging,
                source,
                roster,
                Incident.Kind.TOO_MANY_BAD_ROWS,
                f"kind <> ALL('{{{passing}}}')",
                summary,
                abnormal,
                even_if_empty=True,
            )
        else:
            incident = _hold_what_is_abnormal(staging, source, roster, abnormal)
    if staging.counts("held"):
        staging.analyze("change (held)")
    settle = releasing is None and not stale and not waits
    _keep(staging, source, roster, settle=settle, made_at=made_at)
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


def _is_stale(staging: Staging, source: Source, roster: Roster, *, old_rows: bool) -> bool:
    """Whether much would be undone by older rows again, or by an older day's list that had never come."""
    counts = staging.counts("NOT held")
    if sum(counts.values()) < STALE_CHANGES:
        return False
    if old_rows or counts.get(EventKind.CORRECTED, 0) < STALE_RETURNS:
        return old_rows
    clock = SourceState.objects.values_list("clock", flat=True).get(source=source)
    newest = staging.value(
        "SELECT greatest((SELECT max(booked_at) FROM staged WHERE booked_at <= %s),"
        " (SELECT booked_at FROM custody_record record WHERE source_id = %s AND listed AND booked_at <= %s"
        "   AND NOT EXISTS (SELECT FROM touched WHERE touched.record_id = record.id)"
        "   ORDER BY booked_at DESC LIMIT 1))",
        roster.received_at,
        source.id,
        roster.received_at,
    )
    return bool(clock and newest and newest < clock)


def _hold_what_is_abnormal(
    staging: Staging, source: Source, roster: Roster, abnormal: list[breaker.Verdict]
) -> Incident | None:
    """Each reason in an incident of its own; the newest of them."""
    incidents = []
    contradicted = (
        "kind = ANY('{corrected,recaptured,returned}') AND EXISTS (SELECT FROM custody_event event"
        " JOIN feeds_roster roster ON roster.id = event.roster_id WHERE event.person_id = change.person_id"
        " AND event.record_id = change.record_id AND event.after ->> 'status' = change.before ->> 'status'"
        " AND roster.outcome = 'entered')"
    )
    summary = "The list says that somebody is held of whom a departure was entered by hand."
    incidents.append(
        _hold(staging, source, roster, Incident.Kind.ENTRY_CONTRADICTED, contradicted, summary, [])
    )
    renumbered = staging.value("SELECT count(*) FROM twin WHERE fresh")
    if renumbered >= RENUMBERED:
        condition = "EXISTS (SELECT FROM twin WHERE twin.record_id = change.record_id OR twin.stay_id = change.stay_id)"
        summary = (
            f"{renumbered} people are gone, and {renumbered} with the same names and dates are listed under numbers "
            "never seen: the source seems to have renumbered them."
        )
        incidents.append(
            _hold(staging, source, roster, Incident.Kind.KEYS_RENUMBERED, condition, summary, [])
        )
        left = staging.counts("NOT held")
        abnormal = [one for one in abnormal if left.get(one.kind, 0) + one.lately > one.limit]
    kinds = ",".join(verdict.kind for verdict in abnormal)
    incidents.append(
        _hold(
            staging,
            source,
            roster,
            Incident.Kind.ABNORMAL_CHANGE,
            f"kind = ANY('{{{kinds}}}')",
            _abnormal_summary(abnormal),
            abnormal,
        )
    )
    return next((incident for incident in reversed(incidents) if incident), None)


def _hold(
    staging: Staging,
    source: Source,
    roster: Roster,
    kind: Incident.Kind,
    condition: str,
    summary: str,
    abnormal: Iterable[breaker.Verdict],
    *,
    even_if_empty: bool = False,
) -> Incident | None:
    """Hold what fulfils the condition, and what belongs to it; the incident that it waits in, if anything does."""
    staging.execute(f"UPDATE change SET held = true WHERE NOT held AND {condition}")  # noqa: S608
    staging.execute(
        "UPDATE change SET held = true WHERE NOT held AND unit IN (SELECT unit FROM change WHERE held)"
    )
    if not even_if_empty and not staging.value(
        "SELECT EXISTS (SELECT FROM change WHERE held AND incident_id IS NULL)"
    ):
        return None
    judged = {
        verdict.kind: {"count": verdict.count, "limit": verdict.limit, "usual": verdict.usual}
        | ({"lately": verdict.lately} if verdict.lately else {})
        for verdict in abnormal
    }
    told_nobody = "" if kind == Incident.Kind.TOO_MANY_BAD_ROWS else " None of this was told to anybody."
    incident = open_incident(
        source,
        roster,
        kind,
        summary + told_nobody,
        judged=_judged_before(source, kind) | judged,
        days=round(roster.days, 2),
        rows=roster.rows,
        rows_before=history.rows_before(source, roster),
    )
    staging.execute("UPDATE change SET incident_id = %s WHERE held AND incident_id IS NULL", incident.id)
    return incident


def _outcome(*, stale: bool, waits: bool, wholly: bool) -> Roster.Outcome | None:
    if stale:
        return Roster.Outcome.STALE
    if waits:
        return Roster.Outcome.WAITING
    return Roster.Outcome.HELD if wholly else None


def _keep(
    staging: Staging, source: Source, roster: Roster, *, settle: bool, made_at: datetime | None
) -> None:
    """Write down what is held. With `settle`, what this roster does not say any more leaves its incident."""
    staging.run("keep_held", roster=roster.id)
    if not settle:
        return
    waiting = HeldChange.objects.filter(incident__source=source.name, incident__state=Incident.State.OPEN)
    incidents = set(waiting.values_list("incident_id", flat=True).distinct())
    if not incidents:
        return
    parameters = {"incidents": list(incidents), "made_at": made_at}
    staging.run("settle_listed" if roster.is_listing else "settle_pushed", **parameters)
    still = set(waiting.values_list("incident_id", flat=True).distinct())
    if roster.is_listing:
        Incident.objects.filter(pk__in=still).update(roster=roster.id)
    Incident.objects.filter(pk__in=incidents - still, state=Incident.State.OPEN).update(
        state=Incident.State.CLEARED,
        closed_by="system",
        closed_at=roster.received_at,
        reason=f"Roster {roster.id} says nothing of it any more.",
    )


def _judged_before(source: Source, kind: Incident.Kind) -> dict[str, Any]:
    """For which kinds of change the open incident holds already."""
    still_open = Incident.objects.filter(source=source.name, kind=kind, state=Incident.State.OPEN)
    facts: dict[str, Any] = still_open.values_list("facts", flat=True).first() or {}
    judged: dict[str, Any] = facts.get("judged", {})
    return judged


def _abnormal_summary(abnormal: Iterable[breaker.Verdict]) -> str:
    parts = [f"{one.count} {one.kind} (normal: at most {one.limit})" for one in abnormal]
    return f"More changed than is normal for this source: {', '.join(parts)}."
