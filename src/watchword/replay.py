"""A folder of rosters, played as they came: for whoever tries a source, and for tests."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from watchword import pipeline
from watchword.core.errors import WatchwordError
from watchword.feeds import mapping as mappings
from watchword.feeds.models import Roster, Source

_MOMENT = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T_ -]?(\d\d)[:h]?(\d\d)(?:[:m]?(\d\d))?(Z)?)?")


@dataclass(frozen=True, kw_only=True)
class Played:
    """One file, the moment it is taken to have come at, and what it turned out to be."""

    file: str
    at: datetime
    roster: Roster


def replay(source: Source, folder: Path, *, speed: float = 0) -> Iterator[Played]:
    """Take in every file of the folder, in the order of their moments, each as if it came at its own.

    `speed` 1 waits between two files for as long as was between them, 3600 plays an hour in a second; 0 does not wait.
    WatchwordError where the folder has no files.
    """
    zone = ZoneInfo(mappings.load(source.mapping).time_zone)
    files = sorted((moment_of(path, zone), path) for path in _files(folder))
    before = None
    for at, path in files:
        if speed > 0 and before is not None:
            time.sleep((at - before) / timedelta(seconds=1) / speed)
        before = at
        with path.open("rb") as stream:
            roster = pipeline.load_roster(source, stream, at)
        yield Played(file=path.name, at=at, roster=roster)


def moment_of(path: Path, zone: ZoneInfo) -> datetime:
    """When the file came: by its name (20260301, 2026-03-01T0600, with a Z for UTC), else by its time of change.

    A time without a Z is the source's own. A day without a time is over: whoever keeps one file a day has it then.
    """
    found = _MOMENT.search(path.name)
    if found is None:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC if found[7] else zone)
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return (moment if found[4] else moment + timedelta(days=1)).astimezone(UTC)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise WatchwordError(f"{folder} is not a folder.")
    found = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    if not found:
        raise WatchwordError(f"{folder} has no files.")
    return found
