"""Whether we still see what each source lists: its rhythm, the beats it missed, and the limit at which people are told.

What counts is how long this system has *looked* and seen nothing. The time in which it was down itself counts for no
source's silence, nor does a clock that was set: each look adds the little that has passed since the last one, and a
gap longer than that is our own.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from watchword.custody.models import Look, Sight, Silence, SourceState
from watchword.feeds import mapping as mappings
from watchword.feeds.models import Roster, Source
from watchword.worklist.incidents import clear_incidents, open_incident
from watchword.worklist.models import Incident

MISSED_BEATS = 2.25
"""Rhythms without a sight of the source until staff are told: two beats missed, and a little for a late one."""

LONGEST_GAP = timedelta(minutes=5)
"""Between two looks, which are a minute apart; a longer one is our own absence."""

ABOUT_US = "watchword"
"""What an incident about our own absence is about, as its `source`."""

_Outcome = Roster.Outcome
SEEN = (_Outcome.BASELINE, _Outcome.NEWS, _Outcome.UNCHANGED, _Outcome.HELD)
"""What a roster must be for us to have seen its source: an empty, unreadable or stale file shows nothing."""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a look found: sentences for staff about what is new, and the silences that registrants must know of."""

    alarms: list[str]
    silences: list[Silence]


def is_a_sight(roster: Roster) -> bool:
    """Whether this roster shows what its source lists; the same bytes again do if those did.

    Pushed changes are a sight of a source whose lists mean no absence. Of any other, only a list shows who has gone.
    """
    if not roster.is_listing and mappings.load(roster.source.mapping).absence.means != "ignore":
        return False
    if roster.outcome != _Outcome.DUPLICATE:
        return roster.outcome in SEEN
    others = Roster.objects.filter(source=roster.source_id, shape=roster.shape, id__lt=roster.pk).exclude(
        outcome=_Outcome.DUPLICATE
    )
    return others.order_by("-id").values_list("outcome", flat=True).first() in SEEN


@transaction.atomic
def saw(roster: Roster) -> None:
    """The source was seen by this roster: any silence of it is over. A second time changes nothing."""
    if not is_a_sight(roster):
        return
    moment = _database_clock()
    Sight.objects.update_or_create(
        source_id=roster.source_id, defaults={"seen_at": moment, "unseen_for": timedelta()}
    )
    clear_incidents(Incident.Kind.FEED_SILENT, roster.source.name, "It sends lists again.")
    Silence.objects.filter(source=roster.source_id, over_at=None).update(over_at=moment)


def silent_among(source_ids: Collection[int]) -> set[int]:
    """Those of these sources that have not been seen for longer than their limit."""
    return set(
        Silence.objects.filter(over_at=None, source__in=source_ids).values_list("source_id", flat=True)
    )


def unsettled(source_id: int | None = None) -> list[Silence]:
    """Silences whose end somebody has still to be told; of one source, or of all."""
    found = Silence.objects.filter(settled=False, over_at__isnull=False).order_by("id")
    return list(found if source_id is None else found.filter(source=source_id))


@transaction.atomic
def look() -> Looked:
    """Note that time has passed, and find who is silent. Every minute; the silences are to be told in the same
    transaction.
    """
    moment = _database_clock()
    Sight.objects.bulk_create(
        Sight(source=source, seen_at=source.added_at) for source in Source.objects.filter(sight=None)
    )
    alarms = _count_what_passed(moment)
    for sight in Sight.objects.filter(unseen_for__gt=timedelta()).select_related("source"):
        mapping = mappings.load(sight.source.mapping)
        if sight.unseen_for > MISSED_BEATS * mapping.rhythm:
            alarms += _tell_staff(sight)
        if sight.unseen_for > mapping.silence_limit:
            Silence.objects.get_or_create(
                source=sight.source, over_at=None, defaults={"since": sight.seen_at, "told_at": moment}
            )
    return Looked(alarms=alarms, silences=list(Silence.objects.filter(over_at=None).order_by("id")))


def _count_what_passed(moment: datetime) -> list[str]:
    """Add to each source's silence the time since the last look, unless we were away ourselves; then say so."""
    last = Look.objects.select_for_update().order_by("id").first()
    if last is None:
        Look.objects.create(at=moment)
        return []
    passed, since, last.at = moment - last.at, last.at, moment
    last.save()
    if timedelta() <= passed <= LONGEST_GAP:
        Sight.objects.update(unseen_for=F("unseen_for") + passed)
        return []
    if passed < timedelta():
        return []  # the clock was put back
    words = (
        f"This system did not look after its sources from {since:%Y-%m-%d %H:%M} to {moment:%Y-%m-%d %H:%M} UTC: it "
        "was down, or its clock was set. That time counts for no source's silence. Sources that send by themselves may "
        "have sent in vain: ask them to send again."
    )
    facts = {"from": since.isoformat(), "until": moment.isoformat()}
    return [words] if open_incident(Incident.Kind.WE_WERE_AWAY, ABOUT_US, words, facts) else []


def _tell_staff(sight: Sight) -> list[str]:
    name, since = sight.source.name, f"{sight.seen_at:%Y-%m-%d %H:%M} UTC"
    if SourceState.objects.filter(source=sight.source_id).exists():
        words = (
            f"{name} has sent no list that can be read since {since}: two beats of its rhythm are missed. Ask the "
            "agency. Departures that it tells you can be entered by hand: `watchword departure enter`."
        )
    else:
        words = (
            f"{name} was added on {since}, and no list that can be read has come: two beats of its rhythm are missed. "
            "Ask the agency, and look at `watchword source list`: it says where a source cannot be fetched from."
        )
    is_new = open_incident(Incident.Kind.FEED_SILENT, name, words, {"since": sight.seen_at.isoformat()})
    return [words] if is_new else []


def _database_clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
