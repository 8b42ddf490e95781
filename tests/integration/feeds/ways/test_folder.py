"""A watched folder: what is finished is taken once, in order, whatever dies in between; what is not is left alone."""

import os
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.integration.feeds.ways.conftest import MONDAY, TUESDAY, AddSource, held, outcomes, visit
from watchword.feeds import raw
from watchword.feeds.models import Roster, Source
from watchword.feeds.ways import folder as way


@pytest.fixture
def folder(tmp_path: Path, reached: AddSource) -> Path:
    path = tmp_path / "in"
    path.mkdir()
    reached(kind="folder", path=str(path), pattern="*.csv", settled="1 second")
    return path


def put(path: Path, data: bytes, seconds_ago: float = 0) -> Path:
    path.write_bytes(data)
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - seconds_ago))
    return path


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is seen count as having stood still for long enough."""
    monkeypatch.setattr(way, "_seen", lambda mark, name, is_as, at: [*is_as, 0])


def test_finished_files_are_taken_once_the_oldest_first_and_put_away(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    put(folder / "b.csv", MONDAY, seconds_ago=60)
    put(folder / "a.csv", TUESDAY)
    visit()
    assert outcomes() == ["baseline", "news"]
    assert sorted(path.name for path in (folder / "done").iterdir()) == ["a.csv", "b.csv"]
    visit()
    assert outcomes() == ["baseline", "news"]
    roster = Roster.objects.latest("id")
    assert b"".join(raw.chunks(roster.source_id, bytes(roster.sha256))) == TUESDAY


def test_a_file_that_still_grows_is_left_until_it_stands_still(folder: Path) -> None:
    path = put(folder / "a.csv", MONDAY[:40])
    visit()
    put(path, MONDAY)
    visit()
    assert outcomes() == []  # it was another a moment ago
    found = visit()
    found.mark["seen"]["a.csv"][2] -= 60  # a minute passes
    found.save()
    visit()
    assert outcomes() == ["baseline"]


@pytest.mark.parametrize("name", [".hidden.csv", "a.csv.part", "a.tmp", "a.txt", "a.csv~"])
def test_what_is_not_meant_for_us_is_left_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    settle(monkeypatch)
    put(folder / name, MONDAY)
    (folder / "folder.csv").mkdir()
    (folder / "link.csv").symlink_to(put(folder.parent / "elsewhere.csv", MONDAY))
    visit()
    assert outcomes() == []
    assert (folder / name).exists()


def test_what_was_taken_and_not_put_away_is_not_taken_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill between the two, or in a folder that is not ours to write."""
    settle(monkeypatch)
    monkeypatch.setattr(way, "_put_away", lambda path: None)
    put(folder / "a.csv", MONDAY, seconds_ago=9)
    put(folder / "b.csv", TUESDAY)
    for _ in range(3):
        visit()
    assert outcomes() == ["baseline", "news"]
    put(folder / "a.csv", MONDAY.replace(b"Lund", b"Lunt"))  # the same name, another file
    visit()
    assert len(outcomes()) == 3


def test_the_same_bytes_again_are_a_beat(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)
    for name in ("a.csv", "b.csv"):
        put(folder / name, MONDAY)
        visit()
    assert outcomes() == ["baseline", "duplicate"]
    assert held() == {"1", "2", "3", "4"}


def test_a_file_that_cannot_be_taken_keeps_no_other_back_and_is_not_lost(
    folder: Path, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settle(monkeypatch)
    usual = settings.WATCHWORD
    settings.WATCHWORD = usual.model_copy(update={"largest_roster_mib": 1})
    large = b"".join(b"%d,%s,THEFT\n" % (number, b"a" * 15_000) for number in range(80))
    put(folder / "a.csv", b"id,name,charges\n" + large, seconds_ago=60)
    put(folder / "b.csv", MONDAY)
    assert "larger than 1 MiB" in visit().fault
    assert outcomes() == ["baseline"]
    settings.WATCHWORD = usual
    assert visit().fault == ""
    assert len(outcomes()) == 2


def test_a_folder_that_is_gone_is_told_and_looked_for_again(folder: Path) -> None:
    folder.rmdir()
    found = visit()
    assert (found.failures, found.fault) == (
        1,
        f"The folder {folder} cannot be read: No such file or directory.",
    )
    folder.mkdir()
    assert (visit().failures, visit().fault) == (0, "")


def test_a_source_without_a_way_is_not_visited(folder: Path, reached: AddSource) -> None:
    reached(kind="push")
    assert not Source.objects.filter(visit__isnull=False).exists()
