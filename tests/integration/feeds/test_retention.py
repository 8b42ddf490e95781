"""Raw bytes go when the source's retention has passed, and not while somebody may still need them."""

import io
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections

from tests.integration.feeds.conftest import MAPPING
from watchword.audit.models import Entry
from watchword.core.clock import now
from watchword.custody.comparing import compare
from watchword.feeds import raw, retention
from watchword.feeds.models import Roster, Source
from watchword.feeds.receiving import add_source, receive
from watchword.feeds.retention import purge_raw
from watchword.worklist.models import Incident

FIRST, SECOND = b"id,name\n1,Reyes\n", b"id,name\n1,Reyes\n2,Okafor\n"


def roster(source: Source, data: bytes, days_ago: float, stage: str = "done") -> Roster:
    """A roster that came so many days ago and has reached this stage."""
    made = receive(source, io.BytesIO(data), now() - timedelta(days=days_ago))
    age(raw.path_of(source.pk, bytes(made.sha256)), days_ago)
    Roster.objects.filter(pk=made.pk).update(stage=stage)
    return made


def age(path: Path, days: float) -> None:
    moment = (datetime.now().astimezone() - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))


def is_kept(made: Roster) -> bool:
    """Whether the roster's bytes are there; its row must say the same."""
    made.refresh_from_db()
    there = raw.path_of(made.source_id, bytes(made.sha256)).exists()
    assert there == (made.purged_at is None)
    return there


def test_what_is_past_the_retention_goes(source: Source) -> None:
    old, young = roster(source, FIRST, 31), roster(source, SECOND, 29)
    assert purge_raw() == 1
    assert (is_kept(old), is_kept(young)) == (False, True)
    assert purge_raw() == 0


def test_each_source_has_its_own_retention(source: Source) -> None:
    other = add_source("other", MAPPING.replace("30 days", "60 days"))
    ours, theirs = roster(source, FIRST, 31), roster(other, FIRST, 31)
    assert purge_raw() == 1
    assert (is_kept(ours), is_kept(theirs)) == (False, True)


@pytest.mark.parametrize("stage", ["received", "compared", "noticed"])
def test_a_roster_with_a_stage_before_it_stays(source: Source, stage: str) -> None:
    made = roster(source, FIRST, 31, stage)
    assert purge_raw() == 0
    assert is_kept(made)


def test_a_roster_stays_while_its_incident_is_open(source: Source) -> None:
    made = roster(source, FIRST, 31)
    incident = Incident.objects.create(kind="abnormal_change", source=source.name, roster=made.pk, summary="")
    assert purge_raw() == 0
    assert is_kept(made)
    Incident.objects.filter(pk=incident.pk).update(state="released")
    assert purge_raw() == 1
    assert not is_kept(made)


def test_bytes_that_came_again_stay_as_long_as_the_younger_roster(source: Source) -> None:
    old = roster(source, FIRST, 40)
    roster(source, SECOND, 35)
    again = roster(source, FIRST, 10)
    assert purge_raw() == 1
    assert is_kept(old)
    assert is_kept(again)


def test_a_file_that_is_gone_already_stops_nothing(source: Source) -> None:
    made = roster(source, FIRST, 31)
    raw.path_of(source.pk, bytes(made.sha256)).unlink()
    assert purge_raw() == 1
    assert not is_kept(made)


def test_what_a_crash_left_goes(source: Source) -> None:
    """A file that a killed process was writing at once; one whose roster was rolled back when it is old."""
    made = roster(source, FIRST, 1)
    folder = raw.folder_of(source.pk)
    for name, days in ((".77-beef", 0.0), ("0a" * 32, 31.0), ("0b" * 32, 29.0)):
        (folder / name).write_bytes(b"")
        age(folder / name, days)
    assert purge_raw() == 0
    assert {path.name for path in folder.iterdir()} == {"0b" * 32, bytes(made.sha256).hex()}


def test_the_ledger_tells_of_a_purge_and_of_nothing_else(source: Source) -> None:
    roster(source, FIRST, 31)
    purge_raw()
    purge_raw()
    entry = Entry.objects.get(action="roster.purge")
    assert (entry.actor, entry.subject) == ("system", f"source:{source.pk}")
    assert entry.facts == {"rosters": 1, "files": 1}


def test_nothing_is_marked_purged_that_could_not_be_deleted(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = roster(source, FIRST, 31)

    def refuse(*_: object) -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        with pytest.raises(PermissionError):
            purge_raw()
    assert is_kept(made)


@pytest.mark.django_db(transaction=True)
def test_the_bytes_of_a_purged_roster_come_again_and_are_read(source: Source) -> None:
    first = compare(receive(source, io.BytesIO(FIRST), now() - timedelta(days=31)))
    Roster.objects.update(stage="done")
    assert (first.outcome, purge_raw()) == ("baseline", 1)
    again = compare(receive(source, io.BytesIO(FIRST), now()))
    assert (again.outcome, again.rows, again.events) == ("unchanged", 1, {})
    assert is_kept(again)
    news = compare(receive(source, io.BytesIO(SECOND), now()))
    assert (news.outcome, news.events) == ("news", {"booked": 1})


@pytest.mark.django_db(transaction=True)
def test_no_bytes_are_purged_under_those_who_bring_them_in(source: Source) -> None:
    made = roster(source, FIRST, 31)
    another = connections.create_connection("default")
    try:
        with another.cursor() as cursor:  # another process is in the middle of `receive`
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [retention._RAW_FILES, source.pk])
            assert purge_raw() == 0
            assert is_kept(made)
            cursor.execute("ROLLBACK")
    finally:
        another.close()
    assert purge_raw() == 1
