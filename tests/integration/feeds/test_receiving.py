"""Bytes are kept before anything is read, the same bytes again are a beat, and sources are listed as they fare."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.integration.feeds.conftest import MAPPING
from watchword.core.errors import WatchwordError
from watchword.feeds import mapping, quarantine, raw
from watchword.feeds.formats import open_rows
from watchword.feeds.models import QuarantinedRow, Roster, Source
from watchword.feeds.queries import list_sources
from watchword.feeds.reading import Reading
from watchword.feeds.receiving import add_source, receive, source_named
from watchword.worklist.models import Incident

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def came(source: Source, data: bytes) -> Roster:
    return receive(source, io.BytesIO(data), NOW)


def test_the_same_bytes_as_the_latest_are_a_beat(source: Source) -> None:
    outcomes = [came(source, data).outcome for data in (b"a", b"a", b"b", b"a", b"a")]
    assert outcomes == ["pending", "duplicate", "pending", "pending", "duplicate"]


def test_the_same_bytes_from_another_source_are_news_there(source: Source) -> None:
    came(source, b"a")
    assert came(add_source("other", MAPPING), b"a").outcome == "pending"


def test_the_bytes_are_kept_though_they_cannot_be_read(source: Source) -> None:
    roster = came(source, b"\x00\xff")
    assert b"".join(raw.chunks(source.pk, bytes(roster.sha256))) == b"\x00\xff"


@pytest.mark.parametrize("name", ["", " harbor", "harbor/jail"])
def test_a_source_has_a_plain_name(db: None, name: str) -> None:
    with pytest.raises(WatchwordError, match="a short word"):
        add_source(name, MAPPING)


def test_a_source_that_is_not_there_is_told_so_with_what_to_do(db: None) -> None:
    with pytest.raises(WatchwordError, match="watchword source add nowhere"):
        source_named("nowhere")


def test_a_source_that_never_sent_is_listed(source: Source) -> None:
    (listed,) = list_sources()
    assert listed | {"added_at": None} == {
        "name": "harbor",
        "agency": "Harbor County Sheriff",
        "rosters": 0,
        "last_received_at": None,
        "last_outcome": None,
        "open_incidents": 0,
        "fault": "",
        "added_at": None,
    }


def test_sources_are_listed_with_how_they_fare_in_one_query(source: Source) -> None:
    other = add_source("airport", MAPPING.replace("Harbor County Sheriff", "Airport Police"))
    receive(source, io.BytesIO(b"a"), NOW - timedelta(days=1))
    came(source, b"a")
    came(other, b"a")
    for kind, state in (
        ("empty_roster", "open"),
        ("unreadable_roster", "open"),
        ("empty_roster", "released"),
    ):
        Incident.objects.create(kind=kind, source="harbor", state=state, summary="")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        listed = list_sources()
    assert len(queries) == 1
    shown = ("name", "agency", "rosters", "last_received_at", "last_outcome", "open_incidents")
    assert [tuple(one[name] for name in shown) for one in listed] == [
        ("airport", "Airport Police", 1, NOW, "pending", 0),
        ("harbor", "Harbor County Sheriff", 2, NOW, "duplicate", 2),
    ]


def quarantined(source: Source, data: bytes) -> tuple[Roster, bool]:
    """A roster whose bad rows are kept, and whether it is complete all the same."""
    roster = came(source, data)
    form = mapping.load(source.mapping)
    reading = Reading(form, open_rows(form, raw.chunks(source.pk, bytes(roster.sha256))), NOW)
    for _ in reading.read():
        pass
    complete = quarantine.keep(roster, reading.bad)
    Roster.objects.filter(pk=roster.pk).update(content="0" * 32)
    return roster, complete


HEADER = b"id,name,charges\n"


def test_a_bad_row_is_kept_by_number_column_and_reason_without_its_words(source: Source) -> None:
    roster, _ = quarantined(source, HEADER + b"1,Reyes,\n77,ICE HOLD\n")
    row = QuarantinedRow.objects.get(roster=roster)
    assert (row.row_number, row.column, row.person_key) == (2, "", "77")
    assert row.reason == "2 cells where the header has 3"
    with connection.cursor() as cursor:
        cursor.execute("SELECT row::text FROM feeds_quarantinedrow row")
        assert "ICE" not in cursor.fetchone()[0]


def test_a_bad_row_whose_person_is_known_leaves_the_roster_complete(source: Source) -> None:
    assert quarantined(source, HEADER + b"1,Reyes,\n77,cut\n")[1]


def test_a_new_bad_row_of_nobody_makes_it_incomplete_and_a_lasting_one_does_not(source: Source) -> None:
    footer = b"End of list\n"
    assert not quarantined(source, HEADER + b"1,Reyes,\n" + footer)[1]
    assert quarantined(source, HEADER + b"2,Okafor,\n" + footer)[1]
    assert not quarantined(source, HEADER + b"2,Okafor,\n" + footer + b"garbage\n")[1]
