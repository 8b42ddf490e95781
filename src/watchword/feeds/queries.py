"""Reading what sources there are and how they fare."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from watchword.feeds import mapping
from watchword.feeds.models import Roster, Source
from watchword.worklist.models import Incident


def list_sources() -> list[dict[str, Any]]:
    """Every source by name: its agency, how many rosters came, when the last one did, what it turned out to be
    (None where none came yet), how many of its incidents are open, and why it cannot be fetched from ('' if it can).
    """
    rosters = Roster.objects.filter(source=OuterRef("pk"))
    last = rosters.order_by("-id")
    incidents = Incident.objects.filter(source=OuterRef("name"), state=Incident.State.OPEN)
    found = Source.objects.annotate(
        rosters=_count(rosters, "source"),
        last_received_at=Subquery(last.values("received_at")[:1]),
        last_outcome=Subquery(last.values("outcome")[:1]),
        open_incidents=_count(incidents, "source"),
        fault=Coalesce("visit__fault", Value("", TextField())),
    ).order_by("name")
    return [
        {
            "name": source.name,
            "agency": mapping.load(source.mapping).agency,
            "rosters": source.rosters,
            "last_received_at": source.last_received_at,
            "last_outcome": source.last_outcome,
            "open_incidents": source.open_incidents,
            "fault": source.fault,
            "added_at": source.added_at,
        }
        for source in found
    ]


def _count(rows: QuerySet[Any], group: str) -> Coalesce:
    counted = rows.order_by().values(group).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
