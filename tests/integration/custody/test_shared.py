"""Ninety-one real days of New York City's list, and what they say, counted anew by plain Python.

The count knows nothing of our SQL: it holds sets of admissions per person, and the rules of ROSTERS in a few lines.
"""

import csv
import io
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from watchword.custody.comparing import compare
from watchword.feeds.receiving import add_source, receive
from watchword.worklist.models import Incident

FOLDER = Path(__file__).parents[4] / "shared/data/rosters/nyc-doc"
MAPPING = files("watchword.feeds").joinpath("mappings", "nyc-doc.yaml").read_text()
NEW_YORK = ZoneInfo("America/New_York")
COUNTED = ("booked", "vanished", "corrected")

pytestmark = [pytest.mark.shared, pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]


def days_of(window: str) -> Iterator[tuple[datetime, bytes]]:
    """Each day's file, and when it reached whoever collected it: early the next morning."""
    with tarfile.open(next(FOLDER.glob(f"{window}-*.tar.xz"))) as archive:
        for member in sorted((one for one in archive if one.isfile()), key=lambda one: one.name):
            file = archive.extractfile(member)
            assert file is not None
            day = datetime.strptime(Path(member.name).stem, "%Y%m%d").replace(tzinfo=NEW_YORK)
            yield day + timedelta(days=1, hours=4), file.read()


class Recount:
    """Who is held under which admissions, who was, and the newest admission of the last roster of news."""

    def __init__(self) -> None:
        self.held: dict[str, set[datetime]] = {}
        self.left: dict[str, set[datetime]] = {}
        self.said: set[tuple[str, str, str, str]] = set()
        self.clock: datetime | None = None

    def figures(self, received_at: datetime, file: bytes) -> dict[str, int]:
        """What this day's file says is new: persons by kind of event."""
        rows: list[dict[str, str]] = [
            {name.lower(): cell.strip() for name, cell in row.items()}
            for row in csv.DictReader(io.StringIO(file.decode()))
        ]
        said = {(row["inmateid"], row["admitted_dt"], row["top_charge"], row["sealed"]) for row in rows}
        now: dict[str, set[datetime]] = {}
        for row in rows:
            admitted = datetime.fromisoformat(row["admitted_dt"]).replace(tzinfo=NEW_YORK)
            now.setdefault(row["inmateid"], set()).add(admitted)
        count: Counter[str] = Counter()
        if self.clock is not None:
            for person in self.held.keys() | now.keys():
                self._one(person, now.get(person, set()), self.clock, count)
        if said != self.said:
            self.clock = max(one for ones in now.values() for one in ones if one <= received_at)
        self.said, self.held = said, now
        return {kind: count[kind] for kind in COUNTED}

    def _one(self, person: str, now: set[datetime], clock: datetime, count: Counter[str]) -> None:
        before, left = self.held.get(person, set()), self.left.setdefault(person, set())
        gone, come = sorted(before - now), sorted(now - before)
        while gone and come:  # present, under another admission
            old, new = gone.pop(0), come.pop(0)
            if new > clock:
                count.update(("vanished", "booked"))
                left.add(old)
        count["vanished"] += len(gone)
        for new in come:
            back = new in left or (not before and bool(left) and new <= max(left))
            count["corrected" if back else "booked"] += 1
            if back:
                left.discard(new if new in left else max(left))
        left.update(gone)


@pytest.mark.parametrize(("window", "days"), [("w1", 39), ("w4", 52)])
def test_every_real_day_tells_what_a_plain_recount_finds(window: str, days: int) -> None:
    source, recount = add_source(f"nyc-{window}", MAPPING), Recount()
    ours, theirs = {}, {}
    for received_at, file in days_of(window):
        roster = compare(receive(source, io.BytesIO(file), received_at))
        day = f"{received_at:%Y-%m-%d}"
        assert (day, roster.quarantined, roster.held) == (day, 0, {})
        ours[day] = {kind: roster.events.get(kind, 0) for kind in COUNTED}
        theirs[day] = recount.figures(received_at, file)
    assert ours == theirs
    assert len(ours) == days
    assert (
        sum(figures["booked"] for figures in ours.values()) > 20 * days
    )  # it is a busy city: the count counts
    assert not Incident.objects.exists()
