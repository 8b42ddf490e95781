"""Invented rosters, written as short as one would say them, and what was told because of them.

People are letters, days are days of March 2026: `A(5, facility="North")` is a row of person A, admitted on 5 March.
A story is a list of steps: rosters, and what a person decides about incidents. Playing it checks after every step
what was told, what is held, and what must be true of the tables whatever was said.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import count
from typing import Any

from django.db import connection

from watchword.custody import incidents, known_lines
from watchword.custody.comparing import compare
from watchword.custody.models import Event, HeldChange, Record, SourceState
from watchword.feeds.fingerprints import Known
from watchword.feeds.models import Roster, Source
from watchword.feeds.receiving import add_source, receive
from watchword.worklist.models import Incident

Row = dict[str, str]

COLUMNS = (
    *(
        "id",
        "booking",
        "admitted",
        "discharged",
        "status",
        "status_at",
        "facility",
        "release_kind",
        "destination",
    ),
    *("name", "born", "age", "out_on", "court", "court_place", "charges", "race"),
)
"""The invented source's columns; `race` is one that no mapping reads."""

OTHER_HEADER = {"id": "INMATE_ID", "booking": "BOOK_NO", "admitted": "ADMITTED_DT", "charges": "TOP_CHARGE"}
"""The same source's other header form: these columns are named so, the rest in capitals."""

_numbers = count(1)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a source is like."""

    name: str = "with booking numbers"
    numbered: bool = True
    """It numbers its bookings."""
    admissions: bool = True
    """It gives the admission."""
    after: int | None = 1
    """Complete rosters of news until an absence means `vanished`; None: it means nothing."""
    tolerated: str = "40%"

    def mapping(self) -> str:
        """The YAML that describes it."""
        absence = "{means: ignore}" if self.after is None else f"{{means: vanished, after: {self.after}}}"
        columns = {
            "person_key": "[id, INMATE_ID]",
            "booking_key": "[booking, BOOK_NO]" if self.numbered else None,
            "booked_at": "[admitted, ADMITTED_DT]" if self.admissions else None,
            "released_at": "discharged",
            "status": "status",
            "status_at": "status_at",
            "facility": "facility",
            "release_kind": "release_kind",
            "destination": "destination",
            "last_name": "name",
            "birth_date": "born",
            "age": "age",
            "expected_release_on": "out_on",
            "next_court_at": "court",
            "next_court_place": "court_place",
            "charges": "{column: [charges, TOP_CHARGE], separator: ';'}",
        }
        return "\n".join(
            [
                "agency: Invented County Jail",
                "title: Invented daily list",
                "time_zone: UTC",
                "rhythm: 24 hours",
                f"absence: {absence}",
                f"tolerated_bad_rows: {self.tolerated}",
                "format: {kind: csv}",
                "columns:",
                *(f"  {field}: {column}" for field, column in columns.items() if column),
            ]
        )


NUMBERED = Kind()
UNNUMBERED = Kind(name="without booking numbers", numbered=False)
DATELESS = Kind(name="with booking numbers, without admissions", admissions=False)
BARE = Kind(name="with neither", numbered=False, admissions=False)


def day(number: int) -> str:
    """A day of March 2026, at eight in the morning."""
    return f"2026-03-{number:02}T08:00"


def held_person(person: str, admitted: int | None = None, **cells: str | int) -> Row:
    """A row; days are given by their number. Where the source numbers bookings, this one is `A-5` unless said."""
    row = dict.fromkeys(COLUMNS, "") | {"id": person, "booking": f"{person}-{admitted}"}
    if admitted is not None:
        row["admitted"] = day(admitted)
    for column, value in cells.items():
        text = str(value)
        if isinstance(value, int) and column != "age":
            text = date(2026, 3, value).isoformat() if column in ("out_on", "born") else day(value)
        row[column] = text
    assert set(row) == set(COLUMNS), "a cell of no column"
    return row


A, B, C, D, E = (partial(held_person, letter) for letter in "ABCDE")


def crowd(number: int, admitted: int = 2, **cells: str | int) -> list[Row]:
    """So many other people."""
    return [held_person(f"P{one:03}", admitted, **cells) for one in range(number)]


def as_csv(
    rows: Iterable[Row], *, columns: Sequence[str] = COLUMNS, header: dict[str, str] | None = None
) -> bytes:
    """The rows as a file: with these columns, in this order, under these names."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([(header or {}).get(column, column) for column in columns])
    writer.writerows([row[column] for column in columns] for row in rows)
    return text.getvalue().encode()


class Feed:
    """A source of that kind, and what it sends."""

    def __init__(self, kind: Kind = NUMBERED) -> None:
        self.kind = kind
        self.source: Source = add_source(f"invented-{next(_numbers)}", kind.mapping())
        self._day = 10

    def send(self, file: bytes | Iterable[Row], at: int | None = None) -> Roster:
        """A roster arrives, on the day after the last one unless said, and is compared."""
        self._day = at or self._day + 1
        moment = datetime(2026, 3, self._day, 20, tzinfo=UTC)
        content = file if isinstance(file, bytes) else as_csv(file)
        return compare(receive(self.source, io.BytesIO(content), moment))

    def push(self, *rows: dict[str, Any], at: datetime | None = None) -> Roster:
        """Changes are pushed, as JSON objects, at noon of the day after the last list unless said."""
        moment = at or datetime(2026, 3, self._day + 1, 12, tzinfo=UTC)
        body = "\n".join(map(json.dumps, rows)).encode()
        return compare(
            receive(
                self.source,
                io.BytesIO(body),
                moment,
                shape=Roster.Shape.JSON_CHANGES,
                request_key=str(next(_numbers)),
            )
        )

    def incident(self) -> Incident:
        """The newest incident of the source."""
        found = Incident.objects.filter(source=self.source.name).order_by("-id").first()
        assert found is not None, "no incident"
        return found

    def told(self, since: int = 0) -> list[str]:
        """What was recorded after that event, each as a line, by person."""
        events = Event.objects.filter(source=self.source, id__gt=since).select_related("person")
        return [described(event) for event in sorted(events, key=lambda one: (one.person.key, one.pk))]

    def last_event(self) -> int:
        """The id of the newest event."""
        return (
            Event.objects.filter(source=self.source).order_by("-id").values_list("id", flat=True).first() or 0
        )

    def state(self) -> SourceState | None:
        """What is known of the source."""
        return SourceState.objects.filter(source=self.source).first()

    def check_tables(self) -> None:
        """What is true after any roster."""
        records = Record.objects.filter(source=self.source)
        state = self.state()
        digests = sum(digest.int for record in records for digest in record.digests)
        assert (state.content.int if state else 0) == digests % 2**128
        for record in records:
            assert record.listed == bool(record.fingerprints)
            assert len(record.fingerprints) == len(record.digests)
        if state and (kept := known_lines.load(self.source.id, state.stamp)):
            lines = [
                print.bytes + record.id.to_bytes(8, "big")
                for record in records
                for print in record.fingerprints
            ]
            assert list(kept.to_file())[:3] == list(Known.from_packed(b"".join(lines)).to_file())[:3]


def described(event: Event) -> str:
    """An event as a line: its kind and person, and every field it speaks of but for the status its kind says."""
    if event.kind == "booked":
        return f"booked {event.person.key}"
    fields = sorted({*event.before, *event.after} - {"status"})
    changes = [
        f"{name} {_short(event.before.get(name))} -> {_short(event.after.get(name))}" for name in fields
    ]
    return f"{event.kind} {event.person.key}" + (": " if changes else "") + ", ".join(changes)


def _short(value: Any) -> str:
    if isinstance(value, list):
        return "+".join(value)
    if isinstance(value, str) and value.startswith("2026-03-"):
        return str(int(value[8:10]))
    return "unset" if value is None else str(value)


class Step:
    """One thing that happens in a story."""

    def play(self, feed: Feed) -> None:
        """Let it happen, and check what comes of it."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class _Says(Step):
    file: bytes | list[Row]
    tells: list[str]
    outcome: str | None
    held: dict[str, int]
    incident: str | None
    at: int | None

    def play(self, feed: Feed) -> None:
        since = feed.last_event()
        roster = feed.send(self.file, self.at)
        assert feed.told(since) == self.tells
        assert roster.held == self.held
        if self.outcome is not None:
            assert roster.outcome == self.outcome
        assert (roster.incident_id is not None) == (self.incident is not None)
        if self.incident is not None:
            assert Incident.objects.get(pk=roster.incident_id or 0).kind == self.incident
        assert sum(roster.events.values()) == len(self.tells)
        feed.check_tables()


def says(
    *rows: Row | list[Row],
    file: bytes | None = None,
    tells: Iterable[str] = (),
    outcome: str | None = None,
    held: dict[str, int] | None = None,
    incident: str | None = None,
    at: int | None = None,
) -> Step:
    """A roster with these rows (or this very file): what it tells, what it is, what of it is held, and where."""
    flat = [row for one in rows for row in (one if isinstance(one, list) else [one])]
    return _Says(
        file=flat if file is None else file,
        tells=list(tells),
        outcome=outcome,
        held=held or {},
        incident=incident,
        at=at,
    )


@dataclass(frozen=True, kw_only=True)
class _Decides(Step):
    release: bool
    tells: list[str]

    def play(self, feed: Feed) -> None:
        since, incident = feed.last_event(), feed.incident()
        decide = incidents.release if self.release else incidents.discard
        decide(incident.pk, by="Officer Example", reason="Looked at it with the jail.")
        assert feed.told(since) == self.tells
        assert not HeldChange.objects.filter(incident=incident).exists()
        incident.refresh_from_db()
        assert incident.state == ("released" if self.release else "discarded")
        feed.check_tables()


def releases(*, tells: Iterable[str]) -> Step:
    """A person releases the newest incident; this is told then."""
    return _Decides(release=True, tells=list(tells))


def discards() -> Step:
    """A person discards the newest incident; nothing is told."""
    return _Decides(release=False, tells=[])


@dataclass(frozen=True, kw_only=True)
class _Shows(Step):
    state: str
    held: dict[str, int]

    def play(self, feed: Feed) -> None:
        shown = incidents.show(feed.incident().pk)
        assert (shown.state, shown.held) == (self.state, self.held)


def incident_shows(state: str, **held: int) -> Step:
    """The newest incident is in this state, and this waits in it."""
    return _Shows(state=state, held=held)


@dataclass(frozen=True, kw_only=True)
class _Clock(Step):
    day: int | None

    def play(self, feed: Feed) -> None:
        state = feed.state()
        assert state is not None
        assert state.clock == (self.day and datetime.fromisoformat(day(self.day)).replace(tzinfo=UTC))


def clock_stands_at(number: int | None) -> Step:
    """The source's clock: the newest admission of its last roster of news."""
    return _Clock(day=number)


def play(story: Iterable[Step], kind: Kind = NUMBERED) -> Feed:
    """Play a story on a new source of that kind."""
    feed = Feed(kind)
    for step in story:
        step.play(feed)
    return feed


def tables_of(feed: Feed) -> list[tuple[Any, ...]]:
    """The records of a source as plain values, without ids; for comparing two ways to the same state."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person.key, to_jsonb(record) - ARRAY['id', 'source_id', 'person_id']"
            " FROM custody_record record JOIN custody_person person ON person.id = person_id"
            " WHERE record.source_id = %s ORDER BY 1, 2",
            [feed.source.pk],
        )
        return list(cursor.fetchall())
