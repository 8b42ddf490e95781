"""A watched folder: what is finished in it is read once, the oldest first, and moved to `done` beside it.

A file is finished when its size and time have stood still for a while (`settled`), so it may be written in place or
renamed into the folder alike. Names that begin with a dot or end as unfinished files do are left alone. Where files
cannot be moved (the folder is not ours to write), those taken are remembered by name, size and time.
"""

from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatchcase
from os import stat_result
from pathlib import Path
from typing import Any, BinaryIO

from watchword.feeds.ways.arrivals import Arrival, WayError
from watchword.feeds.ways.described import Folder

DONE = "done"
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", ".swp", "~")

Mark = dict[str, Any]


def fetch(way: Folder, mark: Mark, at: datetime) -> Iterator[Arrival]:
    """The finished files that were not taken yet; WayError where the folder cannot be read.

    `mark` holds what was `seen` by the last looks (name: [size, time, since when]) and what was `taken`; it is brought
    up to date as files are taken.
    """
    folder = Path(way.path)
    found = _files(folder, way.pattern)
    taken = {name: is_as for name, is_as in mark.get("taken", {}).items() if found.get(name) == is_as}
    seen = {name: _seen(mark, name, is_as, at) for name, is_as in found.items() if name not in taken}
    for name in taken:  # whoever took it was killed before it could put it away, or may not write here
        _put_away(folder / name)
    mark.clear()
    mark.update(taken=taken, seen=seen)
    for name in sorted(seen, key=lambda name: (seen[name][1], name)):
        if at.timestamp() - seen[name][2] >= way.settled.total_seconds():
            yield _arrival(folder / name, mark, found[name])


def _files(folder: Path, pattern: str) -> dict[str, list[int]]:
    """The size and time of each file that may be a roster, by its name."""
    try:
        there = [(path.name, path.stat()) for path in folder.iterdir() if _may_be_roster(path, pattern)]
    except OSError as error:
        raise WayError(f"The folder {folder} cannot be read: {error.strerror}.") from None
    return {name: _is_as(status) for name, status in there}


def _may_be_roster(path: Path, pattern: str) -> bool:
    name = path.name
    is_unfinished = name.startswith(".") or name.lower().endswith(_UNFINISHED)
    return fnmatchcase(name, pattern) and not is_unfinished and path.is_file() and not path.is_symlink()


def _is_as(status: stat_result) -> list[int]:
    return [status.st_size, status.st_mtime_ns]


def _seen(mark: Mark, name: str, is_as: list[int], at: datetime) -> list[float]:
    """How the file is, and since when we have seen it so."""
    before = mark.get("seen", {}).get(name)
    since = before[2] if before and before[:2] == is_as else at.timestamp()
    return [*is_as, since]


def _arrival(path: Path, mark: Mark, is_as: list[int]) -> Arrival:
    left = {name: value for name, value in mark["seen"].items() if name != path.name}
    once_taken = {"taken": mark["taken"] | {path.name: is_as}, "seen": left}

    def taken() -> None:
        mark.update(once_taken)
        _put_away(path)

    return Arrival(open=lambda: _opened(path), mark=once_taken, taken=taken)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise WayError(f"{path.name} cannot be read: {error.strerror}.") from None


def _put_away(path: Path) -> None:
    """Move the file to `done`; where that cannot be, its mark keeps it from being taken again."""
    try:
        done = path.parent / DONE
        done.mkdir(exist_ok=True)
        target = done / path.name
        number = 1
        while target.exists():
            target = done / f"{path.stem}.{number}{path.suffix}"
            number += 1
        path.rename(target)
    except OSError:
        return
