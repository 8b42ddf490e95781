"""What people decide about custody: incidents, departures entered by hand, and corrections.

Where a decision reaches many people, or makes news of its own, two persons take it: the first decides and nothing
happens, the second confirms and it is done and told. What is done goes the way of any roster (pipeline).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction

from watchword.core.errors import WatchwordError
from watchword.custody import entries, incidents, renumbering
from watchword.custody.entries import Departure
from watchword.delivery.withdrawing import withdraw_untold
from watchword.feeds.models import Roster
from watchword.notices import reach
from watchword.pipeline import advance
from watchword.registrants.moving import move_registrations
from watchword.worklist import proposals
from watchword.worklist.models import Incident, Proposal


class Action(StrEnum):
    """What can be decided about an incident."""

    RELEASE = "release"
    DISCARD = "discard"
    CORRECT = "correct"


@dataclass(frozen=True, kw_only=True)
class Decided:
    """Whether it was done; else it waits for a second person. `notices` were (or would be) written."""

    done: bool
    notices: int
    events: dict[str, int]


def decide_incident(
    incident_id: int,
    action: Action,
    *,
    only: Collection[str] = (),
    by: str = "",
    reason: str = "",
    second: str = "",
) -> Decided:
    """Release, discard or correct an incident; a second person confirms it where more notices than
    WATCHWORD_SECOND_PERSON_ABOVE hang on it.

    With `only`, some kinds of what it holds are decided, in an incident of their own, and the rest goes on waiting. The
    first gives `by` and `reason`; the second, alone, `second` (and the same `only`). What has changed in the incident
    between the two must be looked at anew.
    """
    name, subject = f"incident.{action}", f"incident:{incident_id}"
    held = {kind: n for kind, n in incidents.show(incident_id).held.items() if not only or kind in only}
    reached = _reach_of(incident_id, action, only)

    def act(by: str, reason: str, second: str) -> Sequence[Roster]:
        decided = incidents.split(incident_id, only) if only else incident_id
        if action is Action.RELEASE:
            return incidents.release(decided, by=by, reason=reason, second=second)
        if action is Action.DISCARD:
            incidents.discard(decided, by=by, reason=reason, second=second)
            return []
        incident = Incident.objects.get(pk=decided)
        move_registrations(renumbering.pairs(incident))
        withdraw_untold(incidents.told_by(incident))
        return incidents.correct(decided, by=by, reason=reason, second=second)

    def unchanged(proposal: Proposal) -> None:
        if proposal.facts["held"] != held:
            raise WatchwordError(
                f"Incident {incident_id} has changed since {proposal.by} decided. Withdraw the decision "
                f"(`watchword proposals withdraw {proposal.pk}`), look at it again, and decide anew."
            )

    needs_two = reached.total > settings.WATCHWORD.second_person_above
    return _decide(
        name, subject, {"held": held}, act, unchanged,
        needs_two=needs_two, notices=reached.total, by=by, reason=reason, second=second,
    )  # fmt: skip


def correct_events(events: Collection[int], *, by: str = "", reason: str = "", second: str = "") -> Decided:
    """Take back events that were wrong; a second person as for an incident."""
    wanted = sorted(set(events))
    entries.check_correction(wanted)
    reached = reach.of_correction(wanted)

    def act(by: str, reason: str, second: str) -> Sequence[Roster]:
        withdraw_untold(wanted)
        return entries.correct(wanted, by=by, reason=reason, second=second)

    return _decide(
        "event.correct", f"events:{','.join(map(str, wanted))}", {}, act, None,
        needs_two=reached.total > settings.WATCHWORD.second_person_above,
        notices=reached.total, by=by, reason=reason, second=second,
    )  # fmt: skip


def enter_departure(said: Departure, *, by: str, reason: str) -> Proposal:
    """Enter that somebody has left, as while a feed is down; it is told when a second person confirms it."""
    record = entries.check_departure(said)
    facts = asdict(replace(said, booking=record.booking)) | {"at": said.at.isoformat()}
    return proposals.propose(
        "departure.enter", _departure(said.source, said.person), by=by, reason=reason, facts=facts
    )


def confirm_departure(source: str, person: str, *, second: str) -> Decided:
    """The second person confirms a departure: it is recorded and told."""
    with transaction.atomic():
        proposal = proposals.confirm("departure.enter", _departure(source, person), second=second)
        facts = proposal.facts | {"at": datetime.fromisoformat(proposal.facts["at"])}
        roster = entries.enter_departure(
            Departure(**facts), by=proposal.by, second=second, reason=proposal.reason
        )
    return _told([roster], 0)


def _departure(source: str, person: str) -> str:
    return f"person:{source}/{person}"


def _reach_of(incident_id: int, action: Action, only: Collection[str]) -> reach.Reach:
    incident = Incident.objects.filter(pk=incident_id).first()
    if action is Action.CORRECT and incident is not None:
        if incident.state == Incident.State.OPEN:
            return reach.Reach(notices={}, registrants=0)
        return reach.of_correction(incidents.told_by(incident))
    return reach.of_incident(incident_id, only)


def _decide(
    action: str,
    subject: str,
    facts: dict[str, Any],
    act: Callable[[str, str, str], Sequence[Roster]],
    check: Callable[[Proposal], None] | None,
    *,
    needs_two: bool,
    notices: int,
    by: str,
    reason: str,
    second: str,
) -> Decided:
    if second and by:
        raise WatchwordError(
            "Two persons decide one after the other: the first with --by and --reason, then the second, from their "
            "own account, with --second alone."
        )
    if second:
        with transaction.atomic():
            proposal = proposals.confirm(action, subject, second=second)
            if check is not None:
                check(proposal)
            rosters = act(proposal.by, proposal.reason, second)
    elif needs_two:
        proposals.propose(action, subject, by=by, reason=reason, facts=facts)
        return Decided(done=False, notices=notices, events={})
    else:
        with transaction.atomic():
            rosters = act(by, reason, "")
    return _told(rosters, notices)


def _told(rosters: Sequence[Roster], notices: int) -> Decided:
    events: dict[str, int] = {}
    for roster in rosters:
        advance(roster)
        for kind, count in roster.events.items():
            events[kind] = events.get(kind, 0) + count
    return Decided(done=True, notices=notices, events=events)
