"""What a source has shown before: the days since its last news, its changes and the length of its lists."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from watchword.custody import breaker
from watchword.custody.models import EventKind, SourceState
from watchword.custody.staging import Staging
from watchword.feeds import mapping as mappings
from watchword.feeds.models import Roster, Source


def days_since_news(staging: Staging, source: Source, roster: Roster) -> float:
    """Days since the last roster of which anything was applied: by our receipts or by the newest admissions, of which
    the one is right for a source that is followed, the other for rosters of weeks that are loaded within an hour.

    While something waits, the source's clock stands still, and a cut file puts it back. What passed in the meantime
    has had its time all the same; or an incident that nobody decides would make any number normal in the end.
    """
    passed = Roster.objects.filter(source=source, outcome=Roster.Outcome.NEWS, id__lt=roster.id)
    if not roster.is_listing:
        return _days_since_push(source, roster, passed)
    state = SourceState.objects.get(source=source)
    lists = passed.filter(shape=Roster.Shape.LISTING)
    last = lists.order_by("-id").values_list("received_at", flat=True).first()
    known, listed = (
        staging.value(
            f"SELECT max(booked_at) FROM {table} AND booked_at <= %s",  # noqa: S608
            *parameters,
            roster.received_at,
        )
        for table, parameters in (
            ("custody_record WHERE source_id = %s AND listed", (source.id,)),
            ("staged WHERE true", ()),
        )
    )
    elapsed = [
        roster.received_at - max(state.news_at, last or state.news_at),
        mappings.load(source.mapping).rhythm,
    ]
    if listed and known:
        elapsed.append(listed - max(known, state.clock or known))
    return max(elapsed) / timedelta(days=1)


def _days_since_push(source: Source, roster: Roster, passed: QuerySet[Roster]) -> float:
    """A push counts no time where the source's lists do, or it would be counted twice."""
    if Roster.objects.filter(source=source, outcome=Roster.Outcome.BASELINE).exists():
        return 0.0
    last = passed.order_by("-id").values_list("received_at", flat=True).first()
    return max(0.0, (roster.received_at - last) / timedelta(days=1)) if last else 0.0


def normal(
    source: Source, roster: Roster, counts: Mapping[str, int]
) -> tuple[breaker.Now, list[breaker.Past]]:
    """What this roster is judged as, and what the source has shown; nothing is read where it cannot matter."""
    zone = ZoneInfo(mappings.load(source.mapping).time_zone)
    on = roster.received_at.astimezone(zone).date()
    news = Roster.objects.filter(source=source, outcome=Roster.Outcome.NEWS, id__lt=roster.id)
    past, lately = [], dict[str, int]()
    if not roster.is_listing:  # one by one they are few: those of a day are counted together
        lately = _events_since(news, roster.received_at - timedelta(days=1), roster.events)
    if breaker.needs_history({kind: count + lately.get(kind, 0) for kind, count in counts.items()}):
        since = roster.received_at - timedelta(days=breaker.HISTORY_DAYS)
        for at, in_custody, days, events in news.filter(received_at__gte=since).values_list(
            "received_at", "in_custody", "days", "events"
        ):
            past.append(
                breaker.Past(on=at.astimezone(zone).date(), in_custody=in_custody, days=days, events=events)
            )
        if roster.is_listing:
            lately = _events_since(news, roster.received_at - timedelta(days=1), {})
    now = breaker.Now(
        on=on,
        in_custody=roster.in_custody,
        days=roster.days,
        lately=lately,
        one_by_one=not roster.is_listing,
    )
    return now, past


def _events_since(news: QuerySet[Roster], since: datetime, these: Mapping[str, int]) -> dict[str, int]:
    """Events by kind of rosters received after a moment, and these."""
    found = dict(these)
    for events in news.filter(received_at__gt=since).values_list("events", flat=True):
        for kind, count in events.items():
            found[kind] = found.get(kind, 0) + count
    return found


def lengths(source: Source, roster: Roster, counts: Mapping[str, int]) -> list[breaker.Length]:
    """How long the source's lists were; nothing is read where nobody to speak of is absent."""
    if counts.get(EventKind.VANISHED, 0) < breaker.NEVER_HELD_BELOW:
        return []
    news = Roster.objects.filter(
        source=source, shape=Roster.Shape.LISTING, outcome=Roster.Outcome.NEWS, id__lt=roster.id
    )
    since = roster.received_at - timedelta(days=breaker.HISTORY_DAYS)
    found = news.filter(received_at__gte=since).order_by("id").values_list("rows", "days")
    return [breaker.Length(rows=rows, days=days) for rows, days in found]


def rows_before(source: Source, roster: Roster) -> int | None:
    """How many rows the roster before had; None where there was none."""
    accepted = Roster.objects.filter(source=source, id__lt=roster.id, content__isnull=False)
    return accepted.order_by("-id").values_list("rows", flat=True).first()
