"""A small invented county to put people in, and what happens to them."""

from datetime import datetime
from typing import Any

from django.db import connection

from watchword.core.clock import now
from watchword.custody.models import Event, Person, Record
from watchword.feeds.models import Roster, Source

MAPPING = """
agency: Harbor County Sheriff
title: Harbor County custody list
time_zone: America/New_York
rhythm: 15 minutes
absence: {means: vanished, after: 1}
format: {kind: csv}
columns: {person_key: id}
"""


class County:
    """An invented source, and a hand to put people, records and events into it as a comparison would."""

    def __init__(self, name: str = "harbor") -> None:
        self.source = Source.objects.create(name=name, mapping=MAPPING)

    def roster(self, outcome: str = "news") -> Roster:
        return Roster.objects.create(
            source=self.source, received_at=now(), sha256=b"", size=0, stage="compared", outcome=outcome
        )

    def person(self, key: str = "1001", **record: Any) -> Person:
        """Somebody the source lists: in custody, unless the record's fields say otherwise."""
        person, _ = Person.objects.get_or_create(source=self.source, key=key)
        names = {"first_name": "Ana", "last_name": "Example", "facility": "North Jail"}
        Record.objects.create(
            source=self.source, person=person, **{"status": "in_custody", **names, **record}
        )
        return person

    def event(
        self,
        person: Person,
        kind: str,
        *,
        roster: Roster | None = None,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        source_at: datetime | None = None,
        recorded_at: datetime | None = None,
    ) -> Event:
        """Something that changed; the person's record follows it."""
        record = Record.objects.get(person=person)
        for field, value in (after or {}).items():
            setattr(record, field, value)
        record.save()
        return Event.objects.create(
            source=self.source,
            roster=roster or self.roster(),
            person=person,
            record=record,
            kind=kind,
            source_at=source_at,
            recorded_at=recorded_at or database_clock(),
            before=before or {},
            after=after or {},
        )


def database_clock() -> datetime:
    """The moment by the clock that entitlement is measured with."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
