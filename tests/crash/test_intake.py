"""The intake is killed again and again while it takes files out of a folder: each file is one roster, in its order."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.deliveries import until
from tests.environment import database_url
from tests.integration.feeds.conftest import MAPPING
from watchword import intake
from watchword.core.clock import now
from watchword.custody.models import Event, Record
from watchword.feeds import raw
from watchword.feeds.models import Roster, Visit
from watchword.feeds.receiving import add_source
from watchword.feeds.ways.visiting import schedule

pytestmark = pytest.mark.django_db(transaction=True)

FILES = 12
HEADER = b"id,name,charges\n"
PROGRAM = """
import threading
import django
django.setup()
from watchword import intake
intake.run(threading.Event())
"""


def listing(day: int) -> bytes:
    """Thirty people; each day the one of the day before has gone and another has come."""
    return HEADER + b"".join(b"%d,Name%d,THEFT\n" % (number, number) for number in range(day, day + 30))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "in"
    path.mkdir()
    way = f"way: {{kind: folder, path: {path}, every: 1 second}}\n"
    schedule(add_source("harbor", MAPPING + way))
    seen = {}
    for day in range(FILES):
        file = path / f"{day:02}.csv"
        file.write_bytes(listing(day))
        os.utime(file, (day + 1, day + 1))
        status = file.stat()
        seen[file.name] = [status.st_size, status.st_mtime_ns, 0]  # they have stood still for long
    Visit.objects.update(mark={"seen": seen, "taken": {}})
    return path


def kill_one_that_works() -> None:
    """Start an intake, let it take some files, and kill it."""
    before = Roster.objects.count()
    Visit.objects.update(due_at=now())
    own = {
        "DATABASE_URL": database_url(),
        "WATCHWORD_HOME": str(settings.WATCHWORD.home),
        "DJANGO_SETTINGS_MODULE": "watchword.config.settings",
    }
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], env=os.environ | own)
    try:
        until(lambda: Roster.objects.count() > before + 2 or Roster.objects.count() == FILES)
    finally:
        process.kill()
        process.wait()


def test_each_file_is_one_roster_however_often_it_is_killed(folder: Path) -> None:
    for _ in range(2):
        kill_one_that_works()
    until(lambda: _drained(folder))
    rosters = list(Roster.objects.order_by("id"))
    kept = [b"".join(raw.chunks(roster.source_id, bytes(roster.sha256))) for roster in rosters]
    assert kept == [listing(day) for day in range(FILES)]
    assert {roster.stage for roster in rosters} == {"done"}
    assert sorted(path.name for path in (folder / "done").iterdir()) == [
        f"{day:02}.csv" for day in range(FILES)
    ]
    left = Event.objects.filter(kind="vanished").order_by("id").values_list("person__key", flat=True)
    assert list(left) == [str(day) for day in range(FILES - 1)]
    assert Record.objects.filter(status="in_custody").count() == 30


def _drained(folder: Path) -> bool:
    """Go on until nothing is left: what a killed process held is let go of when PostgreSQL has noticed."""
    Visit.objects.update(due_at=now())
    intake.drain()
    return not list(folder.glob("*.csv")) and not Roster.objects.exclude(stage="done").exists()
