"""A list that comes and comes and never changes: people come and go everywhere, so it is an old file, sent again.

The same list again is a beat of its source's rhythm, and tells nothing false. But a server that does not say when its
file was written would give a stale one for ever, and nobody would notice that departures are missed.
"""

from datetime import timedelta
from itertools import pairwise

from watchword.custody.breaker import HISTORY_DAYS, LEARNED_DAYS
from watchword.feeds import mapping as mappings
from watchword.feeds.models import Roster
from watchword.worklist.incidents import clear_incidents, open_incident
from watchword.worklist.models import Incident

UNLEARNED = timedelta(days=7)
"""How long a list may stand still of which it is not known yet how often it changes; or ten rhythms, if more."""

SHORTEST = timedelta(days=1)
"""No list that changed within a day stands still."""

_TIMES_USUAL = 3
_Outcome = Roster.Outcome
_SAME = (_Outcome.UNCHANGED, _Outcome.DUPLICATE)


def look(roster: Roster) -> None:
    """Note whether this list says what its source has said for too long: an incident. It ends with the next news."""
    source = roster.source
    if roster.outcome not in _SAME:
        if roster.outcome in (_Outcome.NEWS, _Outcome.HELD):
            clear_incidents(Incident.Kind.LIST_STANDS_STILL, source.name, "The list changes again.")
        return
    lists = Roster.objects.filter(source=source, shape=Roster.Shape.LISTING, id__lt=roster.pk)
    changed = lists.filter(content__isnull=False).exclude(outcome__in=_SAME).order_by("-id").first()
    if not roster.is_listing or changed is None or roster.received_at - changed.received_at <= SHORTEST:
        return
    limit = _longest_normal(roster, changed)
    if roster.received_at - changed.received_at > limit:
        words = (
            f"The list of {source.name} has come without any change since {changed.received_at:%Y-%m-%d %H:%M} UTC. Of "
            f"this source at most {limit / timedelta(days=1):.0f} days would be normal. It may be an old file, sent "
            "again and again: ask the agency."
        )
        facts = {"since": changed.received_at.isoformat(), "limit_days": round(limit / timedelta(days=1), 2)}
        open_incident(Incident.Kind.LIST_STANDS_STILL, source.name, words, facts)


def _longest_normal(roster: Roster, changed: Roster) -> timedelta:
    """Three times as long as the source has shown thrice in nine weeks; one long gap makes nothing normal."""
    rhythm = mappings.load(roster.source.mapping).rhythm
    since = changed.received_at - timedelta(days=HISTORY_DAYS)
    news = Roster.objects.filter(
        source=roster.source, shape=Roster.Shape.LISTING, outcome=_Outcome.NEWS, received_at__gte=since
    )
    moments = news.order_by("received_at").values_list("received_at", flat=True)
    gaps = sorted(later - earlier for earlier, later in pairwise(moments))
    if len(gaps) < LEARNED_DAYS:
        return max(UNLEARNED, 10 * rhythm)
    return max(SHORTEST, 2 * rhythm, _TIMES_USUAL * gaps[-3])
