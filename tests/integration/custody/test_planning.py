"""How much the database touches grows with the roster, whatever this connection and the planner knew before it."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tests.integration.custody.rosters import A, B, Feed, crowd
from watchword.custody.models import Record

PEOPLE = 3_000
MOST_TOUCHED = 200
"""Rows read a row of the roster, all statements and tables together; a plan that goes by a small one before it reads
thousands.
"""


def touched() -> int:
    """Rows that the statements of this transaction have read: of tables from end to end, and by way of indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_all_tables"
            " WHERE relname ~ '^(custody|feeds)_' OR schemaname ~ '^pg_temp'"
        )
        return int(cursor.fetchone()[0])


def a_small_roster_is_compared() -> None:
    feed = Feed()
    feed.send([A(5), B(6)])
    feed.send([A(5, facility="North")])


def some_are_released() -> None:
    feed = Feed()
    feed.send(crowd(60))
    feed.send(crowd(60, status="released"))


@pytest.fixture(params=[None, a_small_roster_is_compared, some_are_released])
def _what_the_planner_knows(request: pytest.FixtureRequest) -> None:
    """The tables were looked at while they held this, as autovacuum does, and grew afterwards."""
    past: Callable[[], None] | None = request.param
    if past is None:
        return
    past()
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^(custody|feeds)_'")
        cursor.execute(f"ANALYZE {', '.join(name for (name,) in cursor.fetchall())}")


pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("_what_the_planner_knows"),
]


def test_a_large_first_roster_after_a_small_one_is_read_as_often_as_its_rows_ask() -> None:
    a_small_roster_is_compared()
    feed = Feed()
    with transaction.atomic():
        feed.send(crowd(PEOPLE))
        assert touched() < MOST_TOUCHED * PEOPLE


def test_a_first_roster_into_tables_that_were_emptied_is_read_as_often_as_its_rows_ask() -> None:
    emptied = Feed()
    emptied.send(crowd(300))
    Record.objects.filter(source=emptied.source).delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE custody_record")
    with transaction.atomic():
        Feed().send(crowd(PEOPLE))
        assert touched() < MOST_TOUCHED * PEOPLE


def test_a_roster_of_many_changes_after_a_small_one_is_read_as_often_as_its_rows_ask() -> None:
    feed = Feed()
    feed.send(crowd(PEOPLE))
    a_small_roster_is_compared()
    with transaction.atomic():
        roster = feed.send(crowd(PEOPLE, facility="South"), 20)
        assert roster.events == {"updated": PEOPLE}
        assert touched() < MOST_TOUCHED * PEOPLE


def test_a_roster_of_which_much_is_held_is_read_as_often_as_its_rows_ask() -> None:
    feed = Feed()
    feed.send(crowd(PEOPLE))
    a_small_roster_is_compared()
    with transaction.atomic():
        roster = feed.send(crowd(PEOPLE, status="released"), 20)
        assert roster.held == {"released": PEOPLE}
        assert touched() < MOST_TOUCHED * PEOPLE


def test_a_roster_that_lacks_many_is_read_as_often_as_its_rows_ask() -> None:
    feed = Feed()
    feed.send(crowd(PEOPLE))
    a_small_roster_is_compared()
    with transaction.atomic():
        roster = feed.send(crowd(PEOPLE)[::2], 20)
        assert roster.held == {"vanished": PEOPLE // 2}
        assert touched() < MOST_TOUCHED * PEOPLE
