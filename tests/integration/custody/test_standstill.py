"""A list that comes again and again and never changes is an old file, until somebody has asked."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.custody.rosters import A, Feed, as_csv, held_person
from watchword.custody import standstill
from watchword.feeds.models import Roster
from watchword.worklist.models import Incident

pytestmark = pytest.mark.django_db(transaction=True)

FIRST_DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)


def comes(feed: Feed, outcome: str, days: float) -> Roster:
    """A list came so many days after the first, and was this; it is looked at."""
    roster = Roster.objects.create(
        source=feed.source,
        received_at=FIRST_DAY + timedelta(days=days),
        sha256=b"",
        size=0,
        stage="done",
        outcome=outcome,
        content="00000000-0000-0000-0000-000000000000",
    )
    standstill.look(roster)
    return roster


def incidents(feed: Feed) -> list[tuple[str, str]]:
    return list(Incident.objects.filter(source=feed.source.name).values_list("kind", "state"))


def test_a_list_that_never_changes_is_an_incident_and_ends_with_the_next_change() -> None:
    feed = Feed()
    for day in range(12):
        comes(feed, "news", day)
    for later in (12, 13, 13.9):
        comes(feed, "duplicate", later)
    assert incidents(feed) == [], "it changes daily: three days may pass"
    comes(feed, "duplicate", 14.1)
    comes(feed, "unchanged", 15)
    assert incidents(feed) == [("list_stands_still", "open")], "once"
    comes(feed, "news", 16)
    assert incidents(feed) == [("list_stands_still", "cleared")]


def test_a_list_of_which_nothing_is_known_yet_may_stand_still_for_a_week_or_ten_rhythms() -> None:
    feed = Feed()
    comes(feed, "baseline", 0)
    comes(feed, "unchanged", 9.9)
    assert incidents(feed) == []
    comes(feed, "unchanged", 10.1)
    assert incidents(feed) == [("list_stands_still", "open")]


def test_a_place_where_little_happens_may_stand_still_for_longer() -> None:
    feed = Feed()
    for week in range(9):
        comes(feed, "news", week * 7)
        comes(feed, "news", week * 7 + 1)
    comes(feed, "unchanged", 8 * 7 + 17)
    assert incidents(feed) == []
    comes(feed, "unchanged", 8 * 7 + 20)
    assert incidents(feed) == [("list_stands_still", "open")]


def test_a_real_list_that_comes_again_tells_nobody_and_is_noticed() -> None:
    feed = Feed()
    feed.send([A(5)], 1)
    for day in (2, 8, 14):
        standstill.look(feed.send(as_csv([A(5)]), day))
    assert incidents(feed) == [("list_stands_still", "open")]
    standstill.look(feed.send([A(5), held_person("B", 14)], 15))
    assert incidents(feed) == [("list_stands_still", "cleared")]
    assert feed.told() == ["booked B"]
