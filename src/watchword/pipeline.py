"""The way of a roster, on one page: received, compared, noticed, delivered.

Each stage is one transaction and names the next in it (`Roster.stage`), so a roster is its own queue entry: whatever dies between two
stages, `resume` goes on where the last one ended. Every stage may run twice and does its work once.
"""

from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from watchword.custody.comparing import compare
from watchword.delivery.planning import plan_deliveries
from watchword.feeds.models import Roster, Source
from watchword.feeds.receiving import receive
from watchword.notices.actions import write_notices

Stage = Roster.Stage


def load_roster(source: Source, stream: BinaryIO, received_at: datetime) -> Roster:
    """A source's file comes in; the right people's messages are queued when this returns."""
    return advance(receive(source, stream, received_at))


def advance(roster: Roster) -> Roster:
    """Take a roster through the stages that it still has before it."""
    while roster.stage != Stage.DONE:
        _STAGES[Stage(roster.stage)](roster)
        roster.refresh_from_db()
    return roster


def resume() -> int:
    """Take every roster that a crash left between two stages to its end; returns how many there were."""
    unfinished = Roster.objects.exclude(stage=Stage.DONE).order_by("id")
    return sum(1 for roster in unfinished if advance(roster))


@transaction.atomic
def _write_notices(roster: Roster) -> None:
    write_notices(roster.id)
    Roster.objects.filter(pk=roster.pk).update(stage=Stage.NOTICED)


@transaction.atomic
def _plan_deliveries(roster: Roster) -> None:
    plan_deliveries()
    Roster.objects.filter(pk=roster.pk).update(stage=Stage.DONE)


_STAGES: dict[Stage, Callable[[Roster], object]] = {
    Stage.RECEIVED: compare,
    Stage.COMPARED: _write_notices,
    Stage.NOTICED: _plan_deliveries,
}
