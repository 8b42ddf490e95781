"""What is known of the things to be told, read set by set."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from watchword.core.encryption import keyring
from watchword.core.sql import rows
from watchword.feeds.mapping import load
from watchword.feeds.models import Source
from watchword.feeds.places.queries import facility_names
from watchword.notices.records import Facts, Needed
from watchword.registrants.addresses import CONTEXT, masked

_Row = dict[str, Any]
_Sources = dict[int, dict[str, Any]]
"""What every fact says of its source, by the source's id."""
_Names = dict[tuple[int, str], str]
"""What the office calls a facility, by the source's id and spelling."""


def needed_wordings(notice_ids: list[int]) -> list[Needed]:
    """The wordings that some contact point of these notices needs and that are not yet written."""
    return [Needed(**row) for row in rows(__package__, "needed_wordings", {"notices": notice_ids})]


def event_facts(event_ids: list[int]) -> dict[int, Facts]:
    """What is known of each event, by its id."""
    found = rows(__package__, "event_facts", {"events": event_ids})
    for row in found:
        row["before"], row["after"] = json.loads(row["before"]), json.loads(row["after"])
        row["record"] = json.loads(row["record"]) | row["after"]  # an event names what changed only
    sources = _sources(found)
    names = facility_names(
        {
            (row["source"], said)
            for row in found
            for said in (row["record"]["facility"], row["before"].get("facility"), row["elsewhere"])
            if said
        }
    )
    return {row["event"]: _event(row, sources, names) for row in found}


def standing_facts(notice_ids: list[int]) -> dict[int, Facts]:
    """What is known for each notice without an event: where the person stands, and for a summary what happened in
    the quiet before; by the notice's id."""
    found = rows(__package__, "standing_facts", {"notices": notice_ids})
    sources = _sources(found)
    names = facility_names({(row["source"], row["facility"]) for row in found if row["facility"]})
    happenings: dict[int, list[Facts]] = defaultdict(list)
    quiet = rows(__package__, "quiet_events", {"notices": notice_ids})
    events = event_facts([row["event"] for row in quiet]) if quiet else {}
    for row in quiet:
        happenings[row["notice"]].append(events[row["event"]])
    return {row["notice"]: _standing(row, sources, names, tuple(happenings[row["notice"]])) for row in found}


def _sources(found: Iterable[_Row]) -> _Sources:
    known: _Sources = {}
    for source in Source.objects.filter(pk__in={row["source"] for row in found}):
        mapping = load(source.mapping)
        zone = ZoneInfo(mapping.time_zone)
        known[source.pk] = {"zone": zone, "agency": mapping.agency, "source": mapping.title}
    return known


def _event(row: _Row, sources: _Sources, names: _Names) -> Facts:
    before, after, state = row["before"], row["after"], row["record"]
    to, origin = state["facility"], before.get("facility")
    known_to, known_origin = (_named(row["source"], said, names) for said in (to, origin))
    if known_to != known_origin:  # else a move was recorded, and the office has since called both places one
        to, origin = known_to, known_origin
    return Facts(
        kind=row["kind"],
        **sources[row["source"]],
        number=row["number"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        suffix=row["suffix"],
        status=after.get("status"),
        earlier=before.get("status"),
        facility=to,
        from_facility=origin,
        still_held=row["still_held"],
        elsewhere=_named(row["source"], row["elsewhere"], names),
        destination=state["destination"],
        release_kind=state["release_kind"],
        when=row["source_at"],
        recorded=row["recorded_at"],
        release_date=_date(state["expected_release_on"]),
        old_release_date=_date(before.get("expected_release_on")),
        court=_instant(state["next_court_at"]),
        old_court=_instant(before.get("next_court_at")),
        court_place=state["next_court_place"],
    )


def _named(source: int, said: str | None, names: _Names) -> str | None:
    """A facility as the office calls it; else as the source says it."""
    return names.get((source, said), said) if said else said


def _standing(row: _Row, sources: _Sources, names: _Names, happenings: tuple[Facts, ...]) -> Facts:
    if row["kind"] == "contact_stopped":
        # It may be read by whoever stopped the contact point: nothing of a case, and of no agency, is in it.
        return Facts(
            kind=row["kind"],
            zone=ZoneInfo(row["time_zone"]),
            number=row["number"],
            stopped=None if row["is_muted"] else _stopped(row),
            muted=_stopped(row) if row["is_muted"] else None,
            when=row["occasion"],
        )
    return Facts(
        kind=row["kind"],
        **sources[row["source"]],
        number=row["number"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        suffix=row["suffix"],
        status=row["status"],
        since=row["status_at"],
        facility=_named(row["source"], row["facility"], names),
        destination=row["destination"],
        release_kind=row["release_kind"],
        as_of=row["as_of"],
        release_date=row["expected_release_on"],
        quiet_from=row["quiet_from"],
        quiet_until=row["occasion"],
        watched_until=row["occasion"],
        happenings=happenings,
    )


def _stopped(row: _Row) -> tuple[str, str] | None:
    """The contact point that was stopped or muted; None if it was started again meanwhile."""
    if row["stopped_channel"] is None:
        return None
    return row["stopped_channel"], masked(keyring().decrypt(row["stopped_address"], CONTEXT))


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
