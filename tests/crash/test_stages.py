"""A roster's way is cut anywhere, as by kill -9, and taken up again: the same events and notices, each once."""

import io
import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.integration.custody.rosters import A, B, C, D, Feed, as_csv, crowd
from watchword import pipeline
from watchword.delivery.models import Delivery
from watchword.feeds.models import Roster
from watchword.notices.models import Notice

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [*crowd(20), A(5, facility="North"), B(6), C(6)]
AFTER = [*crowd(20), A(5, facility="South"), C(6, discharged=9), D(7)]
RECEIVED = datetime(2026, 3, 10, 20, tzinfo=UTC)


class World:
    """A jail of its own, whose people are watched; the second roster is the one that the crash meets."""

    def __init__(self) -> None:
        self.feed = Feed()
        pipeline.load_roster(self.feed.source, io.BytesIO(as_csv(BEFORE)), RECEIVED)
        for person in ("A", "B", "D"):
            pipeline.register(
                source_name=self.feed.source.name,
                person_key=person,
                email=f"{person.lower()}@example.org",
                phone="+12025550143",
                language="en",
                pin="246813",
                watch=person == "D",
                verified=True,
                by="Officer Example",
            )

    def load(self) -> Roster:
        """The second roster arrives."""
        return pipeline.load_roster(self.feed.source, io.BytesIO(as_csv(AFTER)), RECEIVED + timedelta(days=1))

    def told(self) -> tuple[list[str], list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """The events, the notices and the deliveries planned, without ids."""
        notices = Notice.objects.filter(registration__person__source=self.feed.source)
        deliveries = Delivery.objects.filter(notice__in=notices)
        return (
            self.feed.told(),
            sorted(notices.values_list("registration__person__key", "kind")),
            sorted(
                deliveries.values_list(
                    "notice__registration__person__key", "notice__kind", "contact_point__channel"
                )
            ),
        )


def dies(work: Callable[[], object], at_statement: int) -> bool:
    """Do the work in a process that is killed at its nth statement; whether it was."""
    connection.close()  # the process must not share this one's connection

    def until_then() -> None:
        done = 0

        def count(execute: Callable[..., Any], *arguments: Any) -> Any:
            nonlocal done
            done += 1
            if done == at_statement:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(*arguments)

        with connection.execute_wrapper(count):
            work()
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=until_then)
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def test_a_roster_killed_at_every_fifth_statement_is_told_once_all_the_same() -> None:
    whole = World()
    whole.load()
    assert whole.told()[0] == [
        "transferred A: facility North -> South",
        "vanished B",
        "released C: released_at unset -> 9",
        "booked D",
    ]
    assert len(whole.told()[1]) > 3

    statement, stages = 1, set()
    world = World()
    while dies(world.load, statement):
        cut = Roster.objects.filter(source=world.feed.source).order_by("-id").first()
        assert cut is not None
        stages.add(cut.stage)
        pipeline.resume()
        if Roster.objects.filter(source=world.feed.source).count() == 1:
            world.load()  # it was never accepted: whoever sends it sends it again
        assert world.told() == whole.told(), f"killed at statement {statement}"
        assert not Roster.objects.exclude(stage="done").exists()
        assert pipeline.resume() == 0
        statement, world = statement + 5, World()
    assert world.told() == whole.told()
    assert stages == {"received", "compared", "noticed", "done"}, "the crashes met every stage"
