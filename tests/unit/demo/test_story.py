"""The story of Harbor County, as its rosters tell it."""

import csv
import io
from datetime import datetime

from watchword.demo import expected
from watchword.demo.story import HELD_AT_FIRST, Chapter, Role, Story
from watchword.demo.watchers import WATCHERS

BEGINS = datetime(2026, 3, 4, 12, 0)  # noqa: DTZ001 -- the county's own clock, as in its file


def rows(roster: bytes) -> dict[str, dict[str, str]]:
    return {row["person_no"]: row for row in csv.DictReader(io.StringIO(roster.decode()))}


def test_the_same_moment_gives_the_same_story() -> None:
    first, again = Story(BEGINS), Story(BEGINS)
    assert first.baseline == again.baseline
    assert list(first.chapters()) == list(again.chapters())


def test_each_roster_changes_one_watched_person_and_one_whom_nobody_watches() -> None:
    story = Story(BEGINS)
    known = rows(story.baseline)
    assert len(known) == HELD_AT_FIRST
    watched = {story.person_key(role) for role in Role}
    for chapter in (chapter for chapter in story.chapters() if chapter.role):
        listed = rows(chapter.roster)
        changed = {key for key, row in listed.items() if row != known.get(key)}
        assert changed & watched == {story.person_key(chapter.role)}  # type: ignore[arg-type]
        assert len(changed) == 2
        assert known.keys() <= listed.keys(), "nobody may vanish from a roster of this story"
        known = listed


def test_the_story_tells_of_each_change_that_an_office_must_tell() -> None:
    chapters = list(Story(BEGINS).chapters())
    assert [chapter.kind for chapter in chapters] == [
        "booked", "transferred", "released", "removed", "escaped", None,
    ]  # fmt: skip
    assert chapters[-1].roster == b""


def test_everybody_is_told_of_their_person_alone() -> None:
    story = Story(BEGINS)
    at_first = expected.at_registration(story)
    chapters: list[Chapter] = list(story.chapters())
    told = at_first + expected.after(chapters)
    assert len(told) == len(set(told)) == 19
    untold = {watcher.name for watcher in WATCHERS} - {watcher for watcher, _ in told}
    assert untold == {w.name for w in WATCHERS if w.watches is Role.NEVER_BOOKED}
