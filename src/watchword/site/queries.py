"""What the live page shows: ids, kinds, places, counts and states. Nobody's name and no contact is read here."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from watchword.custody.models import Event, Record
from watchword.delivery.models import Delivery
from watchword.delivery.states import State
from watchword.feeds.models import Roster
from watchword.notices.models import Notice
from watchword.worklist.models import Incident, Task

_NEWEST_ROSTERS = 6
_NEWEST_NOTICES = 14


@dataclass(frozen=True, kw_only=True)
class Totals:
    """How much has come to each station of the way."""

    rosters: int
    events: int
    notices: int
    handed_over: int
    under_way: int
    confirmed: int
    tasks: int


@dataclass(frozen=True, kw_only=True)
class RosterSeen:
    """One roster and what it turned out to be."""

    number: int
    source: str
    received_at: datetime
    outcome: str
    rows: int
    events: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class DeliverySeen:
    """One notice's way to one contact point."""

    channel: str
    state: str


@dataclass(frozen=True, kw_only=True)
class NoticeSeen:
    """One registration that must be told, of what, and how far that has come."""

    number: int
    registration: int
    kind: str
    roster: int | None
    places: tuple[str, ...]
    state: str
    created_at: datetime
    confirmed_at: datetime | None
    confirmed_by: str | None
    deliveries: tuple[DeliverySeen, ...]


@dataclass(frozen=True, kw_only=True)
class IncidentSeen:
    """Something that waits for a person."""

    number: int
    kind: str
    source: str
    roster: int | None


@dataclass(frozen=True, kw_only=True)
class Way:
    """The way from a roster to a person, as it stands at this moment."""

    totals: Totals
    rosters: list[RosterSeen]
    notices: list[NoticeSeen]
    incidents: list[IncidentSeen]


def way_now() -> Way:
    """The newest of everything on the way. Meant for the demo: it counts whole tables."""
    return Way(totals=_totals(), rosters=_rosters(), notices=_notices(), incidents=_incidents())


def _totals() -> Totals:
    notices = Notice.objects.aggregate(
        all=Count("id"), confirmed=Count("id", filter=Q(state=Notice.State.CONFIRMED))
    )
    deliveries = Delivery.objects.aggregate(
        handed_over=Count("id", filter=Q(handed_over_at__isnull=False)),
        under_way=Count("id", filter=Q(state__in=[State.HANDED_OVER, State.DELIVERED])),
    )
    return Totals(
        rosters=Roster.objects.count(),
        events=Event.objects.count(),
        notices=notices["all"],
        handed_over=deliveries["handed_over"],
        under_way=deliveries["under_way"],
        confirmed=notices["confirmed"],
        tasks=Task.objects.filter(done=False).count(),
    )


def _rosters() -> list[RosterSeen]:
    return [
        RosterSeen(
            number=roster.pk,
            source=roster.source.name,
            received_at=roster.received_at,
            outcome=Roster.Outcome(roster.outcome).value,
            rows=roster.rows,
            events=roster.events,
        )
        for roster in Roster.objects.select_related("source").order_by("-id")[:_NEWEST_ROSTERS]
    ]


def _notices() -> list[NoticeSeen]:
    notices = list(
        Notice.objects.select_related("event__record", "registration").order_by("-id")[:_NEWEST_NOTICES]
    )
    people = [notice.registration.person_id for notice in notices]
    standing = dict(
        Record.objects.filter(person__in=people).order_by("id").values_list("person_id", "facility")
    )
    leading = {notice.pk: notice.told_with_id or notice.pk for notice in notices}
    deliveries = defaultdict[int, list[DeliverySeen]](list)
    for notice, channel, state in (
        Delivery.objects.filter(notice__in=leading.values())
        .order_by("rung", "id")
        .values_list("notice_id", "channel", "state")
    ):
        deliveries[notice].append(DeliverySeen(channel=channel, state=state))
    return [
        NoticeSeen(
            number=notice.pk,
            registration=notice.registration_id,
            kind=notice.kind,
            roster=notice.event.roster_id if notice.event else None,
            places=_places(notice.event)
            if notice.event
            else _named(standing.get(notice.registration.person_id)),
            state=notice.state,
            created_at=notice.created_at,
            confirmed_at=notice.confirmed_at,
            confirmed_by=notice.confirmed_by_channel,
            deliveries=tuple(deliveries[leading[notice.pk]]),
        )
        for notice in notices
    ]


def _places(event: Event) -> tuple[str, ...]:
    """Where from and where to, or the one place that the event speaks of."""
    before, after = event.before.get("facility"), event.after.get("facility")
    return (before, after) if before and after and before != after else _named(after or event.record.facility)


def _named(place: str | None) -> tuple[str, ...]:
    return (place,) if place else ()


def _incidents() -> list[IncidentSeen]:
    return [
        IncidentSeen(number=incident.pk, kind=incident.kind, source=incident.source, roster=incident.roster)
        for incident in Incident.objects.filter(state=Incident.State.OPEN).order_by("-id")[:_NEWEST_ROSTERS]
    ]
