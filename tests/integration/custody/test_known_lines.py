"""The file of known lines only saves time: whatever becomes of it, the next roster says the same."""

from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.conf import LazySettings

from tests.integration.custody.rosters import A, B, C, Feed, Row, crowd
from watchword.custody import comparing, known_lines
from watchword.custody.comparing import compare
from watchword.feeds import raw
from watchword.feeds.fingerprints import Known
from watchword.feeds.models import Roster

pytestmark = pytest.mark.django_db(transaction=True)  # a comparison ends with its transaction

THEN: list[Row] = [*crowd(12), A(5, facility="South"), C(12)]
TOLD = ["transferred A: facility North -> South", "vanished B", "booked C"]


@pytest.fixture(autouse=True)
def _home_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    """Sources are numbered alike in each session's database, and their files lie in one home."""
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"home": tmp_path})


def file_of(feed: Feed) -> Path:
    return raw.folder_of(feed.source.pk) / "known"


def nothing(path: Path) -> None:
    """It stays as it was written."""
    assert path.exists()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def altered(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(content)


def exchanged(path: Path) -> None:
    """Another source's, or an older one: encrypted for another stamp."""
    known_lines.keep(int(path.parent.name), uuid4(), Known.from_packed(bytes(range(48))))


def endless(path: Path) -> None:
    path.write_bytes(b"\xff" * 8 + path.read_bytes())


@pytest.mark.parametrize("befalls", [nothing, Path.unlink, cut, altered, exchanged, endless])
def test_whatever_befalls_the_file_the_next_roster_says_the_same(befalls: Callable[[Path], None]) -> None:
    feed = Feed()
    feed.send([*crowd(12), A(5, facility="North"), B(5)])
    befalls(file_of(feed))
    feed.send(THEN)
    assert sorted(feed.told()) == sorted(TOLD)
    feed.check_tables()


def test_the_file_of_a_comparison_that_was_undone_is_not_believed() -> None:
    feed = Feed()
    feed.send([*crowd(12), A(5, facility="North"), B(5)])
    with (
        patch.object(comparing.Comparison, "_finish", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        feed.send(THEN)
    assert feed.told() == []
    compare(Roster.objects.latest("id"))
    assert sorted(feed.told()) == sorted(TOLD)
    feed.check_tables()


def test_a_file_that_is_whole_is_read_and_nothing_is_gathered() -> None:
    feed = Feed()
    feed.send([*crowd(12), A(5, facility="North"), B(5)])
    with patch("watchword.custody.staging.Staging.known_lines", side_effect=AssertionError):
        feed.send(THEN)
    assert sorted(feed.told()) == sorted(TOLD)
