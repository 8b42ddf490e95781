"""Where somebody is, for whoever asks: of open sources alone."""

from dataclasses import dataclass
from datetime import datetime

from watchword.core.errors import WatchwordError
from watchword.custody.finding.queries import find
from watchword.custody.finding.records import Sought
from watchword.custody.models import Record
from watchword.feeds.models import Roster
from watchword.feeds.receiving import source_named
from watchword.registrants.asking.rules import rule_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What an open roster says of one person: what anybody could read in it."""

    number: str
    name: str
    facility: str
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """Who was found, and as of when. Nobody found may mean not held, not listed yet, or not to be shown."""

    people: list[Seen]
    as_of: datetime | None


def look_up(source_name: str, sought: Sought) -> Looked:
    """Who of an open source it may be, the likest first.

    The same statements run whoever is found: whoever must not be found is not among those that are searched.
    WatchwordError where the source is not open: of its people nothing is shown, and a request is taken instead.
    """
    source = source_named(source_name)
    if not rule_of(source).is_open:
        raise WatchwordError("Nothing is shown about the people of this source. Ask to be told instead.")
    numbers = [one.person for one in find(sought, source=source.pk)]
    asked = [*numbers, 0]  # nobody's: of an empty list Django would not ask at all
    held = (
        Record.objects.filter(person__in=asked).select_related("person").order_by("listed", "booked_at", "id")
    )
    newest = {record.person_id: record for record in held}
    seen = Roster.objects.filter(source=source, outcome__in=("baseline", "news", "unchanged", "duplicate"))
    return Looked(
        people=[_seen(newest[number]) for number in numbers if number in newest],
        as_of=seen.order_by("-id").values_list("received_at", flat=True).first(),
    )


def _seen(record: Record) -> Seen:
    names = (record.first_name, record.middle_name, record.last_name, record.suffix)
    return Seen(
        number=record.person.key,
        name=" ".join(name for name in names if name),
        facility=record.facility or "",
        status=record.status,
    )
