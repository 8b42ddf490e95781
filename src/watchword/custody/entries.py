"""What people enter by hand: a departure while a feed is down, and the taking back of what was wrong.

An entry goes the way of any roster: a `Roster` that is no listing (outcome `entered`) carries its events, so it is told
by the same stages, and once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from watchword.audit import actions as audit
from watchword.core import sql
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.custody.models import Event, EventKind, Record, SourceState, Status
from watchword.feeds.fields import RELEASE_KINDS
from watchword.feeds.models import Roster, Source

DEPARTURES = (Status.RELEASED, Status.REMOVED, Status.ESCAPED, Status.DIED, Status.FURLOUGHED)
"""What may be entered by hand."""

_NEVER_TAKEN_BACK = (EventKind.UPDATED, EventKind.CORRECTED)
_MODULUS = 1 << 128
CLOCKS_DIFFER = timedelta(minutes=5)
"""By so much a source's clock and ours may differ."""


@dataclass(frozen=True, kw_only=True)
class Departure:
    """Somebody has left, as a person says who asked the agency."""

    source: str
    person: str  # the source's number of them
    status: str  # one of DEPARTURES
    at: datetime
    booking: str | None = None  # which of several bookings
    release_kind: str | None = None
    destination: str | None = None


def check_departure(said: Departure) -> Record:
    """The record that it is about; WatchwordError where it cannot be entered."""
    if said.status not in DEPARTURES:
        raise WatchwordError(f"Give one of these: {', '.join(DEPARTURES)}.")
    if said.release_kind is not None and said.release_kind not in RELEASE_KINDS:
        raise WatchwordError(f"A release is one of these: {', '.join(RELEASE_KINDS)}.")
    if said.at > now() + CLOCKS_DIFFER:
        raise WatchwordError("A departure cannot be entered before it has happened.")
    held = (Status.IN_CUSTODY, Status.FURLOUGHED, Status.VANISHED)
    found = Record.objects.filter(
        source__name=said.source, person__key=said.person, status__in=set(held) - {Status(said.status)}
    )
    if said.booking is not None:
        found = found.filter(booking=said.booking)
    # One who vanished is entered as what became of them; where another booking goes on, that is the one that is meant.
    records = list(found.exclude(status=Status.VANISHED)) or list(found.order_by("-id")[:1])
    if not records:
        raise WatchwordError(
            f"{said.source} holds nobody under this number, so no departure can be entered. Check the number."
        )
    if len(records) > 1:
        bookings = ", ".join(record.booking or "(no number)" for record in records)
        raise WatchwordError(
            f"Several bookings of this person are open: {bookings}. Say which with --booking."
        )
    return records[0]


@transaction.atomic
def enter_departure(said: Departure, *, by: str, second: str, reason: str) -> Roster:
    """Record it; the roster that carries it is now to be told.

    What the source says of the person later is compared with it: the same departure tells nobody again; that they are
    held after all waits for a person (`entry_contradicted`).
    """
    source = _lock(said.source)
    record = check_departure(said)
    roster = _entry(source, {said.status: 1})
    sql.run(
        __package__,
        "enter_departure",
        {
            "source": source.pk,
            "roster": roster.pk,
            "record": record.pk,
            "status": said.status,
            "at": said.at,
            "release_kind": said.release_kind,
            "destination": said.destination,
        },
    )
    _forget_lines(source, record)
    audit.record(by, "departure.enter", f"record:{record.pk}", reason, second=second, status=said.status)
    return roster


def check_correction(events: Collection[int]) -> list[Event]:
    """The events to be taken back; WatchwordError where one of them cannot be."""
    found = list(Event.objects.filter(pk__in=set(events)).select_related("source").order_by("id"))
    if missing := sorted(set(events) - {event.pk for event in found}):
        raise WatchwordError(f"There is no event {missing[0]}. `watchword events` lists them.")
    for event in found:
        if event.kind in _NEVER_TAKEN_BACK:
            raise WatchwordError(
                f"Event {event.pk} is {event.kind}: it was told to nobody, or is a correction itself. Enter what is "
                "true instead: `watchword departure enter`."
            )
    newer = sql.rows(__package__, "not_standing", {"events": [event.pk for event in found]})
    if newer:
        raise WatchwordError(
            f"Event {newer[0]['id']} is not how things stand any more: something newer was said of this person. "
            "Take that back, or enter what is true."
        )
    return found


@transaction.atomic
def correct(events: Collection[int], *, by: str, second: str = "", reason: str) -> list[Roster]:
    """Take back what was wrong: the records stand as before, and whoever is told of these people is told so.

    Returns a roster for each source, whose notices are now to be written.
    """
    audit.must_say(by, reason)
    names = Event.objects.filter(pk__in=set(events)).values_list("source__name", flat=True)
    sources = [_lock(name) for name in sorted(set(names))]
    wrong = check_correction(events)
    return [
        _take_back(source, [e for e in wrong if e.source_id == source.pk], by, second, reason)
        for source in sources
    ]


def _take_back(source: Source, wrong: Sequence[Event], by: str, second: str, reason: str) -> Roster:
    roster = _entry(source, {})
    corrected = sql.run(
        __package__,
        "correct",
        {"source": source.pk, "roster": roster.pk, "events": [event.pk for event in wrong]},
    )
    roster.events = {EventKind.CORRECTED: corrected}
    roster.save(update_fields=["events"])
    for event in wrong:
        audit.record(
            by, "event.correct", f"event:{event.pk}", reason, **({"second": second} if second else {})
        )
    return roster


def _lock(name: str) -> Source:
    """The source, locked as a comparison locks it."""
    source = Source.objects.select_for_update(no_key=True).filter(name=name).first()
    if source is None:
        raise WatchwordError(
            f"There is no source named {name!r}. `watchword source list` shows those there are."
        )
    return source


def _entry(source: Source, events: dict[str, int]) -> Roster:
    return Roster.objects.create(
        source=source,
        received_at=now(),
        sha256=b"",
        size=0,
        purged_at=now(),  # there are no bytes to keep
        outcome=Roster.Outcome.ENTERED,
        stage=Roster.Stage.COMPARED,
        events=events,
    )


def _forget_lines(source: Source, record: Record) -> None:
    (changed,) = sql.rows(__package__, "forget_lines", {"record": record.pk})
    state = SourceState.objects.get(source=source)
    before, after = (sum(digest.int for digest in changed[when]) for when in ("before", "after"))
    state.content = UUID(int=(state.content.int + after - before) % _MODULUS)
    state.stamp = uuid4()  # the lines that were kept are no more what is known
    state.save(update_fields=["content", "stamp"])
