"""What each watcher must be told: worked out from the story alone, never from what the system did."""

from collections.abc import Iterable
from typing import NamedTuple

from watchword.demo.story import Chapter, Story
from watchword.demo.watchers import WATCHERS, Watcher


class Told(NamedTuple):
    """One notice that one watcher confirms."""

    watcher: str
    kind: str


def at_registration(story: Story) -> list[Told]:
    """Everybody who watches somebody held is told where they stand now; a watch is told nothing yet."""
    return [Told(watcher.name, "current_status") for watcher in WATCHERS if story.is_held(watcher.watches)]


def after(chapters: Iterable[Chapter]) -> list[Told]:
    """What these chapters tell."""
    return [
        Told(watcher.name, chapter.kind)
        for chapter in chapters
        if chapter.kind
        for watcher in watching(chapter)
    ]


def watching(chapter: Chapter) -> list[Watcher]:
    """Who watches the person that this chapter is about."""
    return [watcher for watcher in WATCHERS if watcher.watches is chapter.role]
