"""Who must be told what: the writing of notices.

A registration is told an event if the moment the event was recorded lies in the registration's `entitled` times. That
is a fact about the past, so it does not matter when, how often or in which order the notices of rosters are written;
the database lets each be written once.
"""

import json
from datetime import datetime

from django.db import transaction

from watchword.core.sql import run
from watchword.feeds.mapping import load
from watchword.feeds.models import Roster
from watchword.notices.urgency import WAKING, urgencies
from watchword.registrants.actions import end_expired_watches


@transaction.atomic
def write_notices(roster_id: int) -> int:
    """Write a notice for everyone who must be told of this roster, and settle what follows from its events: watches
    that are over, registrations that a death ends or that a correction of one opens again.

    Returns how many notices were written: 0 when it is done a second time.
    """
    roster = Roster.objects.select_related("source").get(pk=roster_id)
    parameters = {"roster": roster_id}
    urgency = urgencies()
    matched = 0
    if roster.outcome == Roster.Outcome.BASELINE:  # with events of people of whom changes were pushed before
        current = parameters | {"urgency": urgency["current_status"]}
        matched = run(__package__, "match_watches_by_baseline", current)
    run(__package__, "reopen_after_false_death", parameters)
    pressing = {
        "urgencies": json.dumps(urgency),
        "waking": list(WAKING),
        "zone": load(roster.source.mapping).time_zone,
    }
    written = run(__package__, "write_notices", parameters | pressing)
    written += run(__package__, "write_corrections", parameters)
    run(__package__, "tell_together", parameters)
    run(__package__, "end_on_death", parameters)
    run(__package__, "match_watches", parameters)
    return matched + written


def write_current_status(registration_id: int, occasion: datetime) -> int:
    """Tell an active registration where the person stands now, once for this occasion; 1, or 0 where there is nothing
    to tell, as while it watches for somebody not yet listed. If the person has died, it is the last notice."""
    return _write_standing(registration_id, "current_status", occasion)


def write_summary(registration_id: int, occasion: datetime) -> int:
    """Tell a registration that resumed at `occasion` what happened in the quiet before, in order, and where the person
    stands now; 1, or 0 where it is there already. If the person has died, it is the last notice."""
    return _write_standing(registration_id, "summary", occasion)


def write_contact_stopped(contact_point_id: int, *, registration: int | None = None) -> int:
    """Tell a registrant, by their other contact points, that this one was stopped, or muted for this `registration`
    alone: it may have been somebody else who did it. The words name nobody and no case. 1, or 0 where it is told
    already or no other can be used."""
    parameters = {
        "contact_point": contact_point_id,
        "registration": registration,
        "urgency": urgencies()["contact_stopped"],
    }
    return run(__package__, "write_contact_stopped", parameters)


@transaction.atomic
def end_watches() -> int:
    """End the watches whose limit has passed, and tell their registrants that nobody watches any more; how many are
    told: not those who never became active, to whom nothing is sent."""
    return run(
        __package__,
        "write_watch_ended",
        {"registrations": end_expired_watches(), "urgency": urgencies()["watch_ended"]},
    )


@transaction.atomic
def _write_standing(registration_id: int, kind: str, occasion: datetime) -> int:
    parameters = {
        "registration": registration_id,
        "kind": kind,
        "occasion": occasion,
        "urgency": urgencies()[kind],
    }
    written = run(__package__, "write_standing", parameters)
    run(__package__, "end_dead", parameters)
    return written
