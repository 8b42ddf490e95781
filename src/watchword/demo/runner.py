"""`watchword demo`: the whole system and a carrier beside it, and a story from the first roster to the last PIN."""

import os
import sys
import threading
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from watchword.config.environment import read_environment
from watchword.config.private_postgres import private_postgres
from watchword.config.processes import Part, Processes, told_to_end
from watchword.core.errors import WatchwordError
from watchword.demo import expected
from watchword.demo.answering import Answering
from watchword.demo.exchange import Exchange, answers
from watchword.demo.expected import Told
from watchword.demo.home import Place, choose_place, forget_last_time
from watchword.demo.operator import Command, Operator
from watchword.demo.received import messages_to, strangers
from watchword.demo.story import Chapter, Story
from watchword.demo.verdict import differences
from watchword.demo.watchers import WATCHERS

_COUNTY_TIME = ZoneInfo("America/New_York")
_SECONDS_TO_START = 60
_SECONDS_TO_CONFIRM = 60
_SECONDS_BETWEEN_ROSTERS = 8
_SECONDS_BETWEEN_MOVES = 20
_LEFT_ALONE = WATCHERS[0]
_STAFF = ("ana.reyes", "ben.hill")  # two, for what needs a second person


def run(once: bool, command: Command) -> int:
    """Play the story. `once`: to its end and without a screen, 0 if exactly the right people were told, else 1.

    Otherwise until Ctrl-C, with one phone left for a person to pick up. `command` runs a command of ours in this
    process; no setting may have been read before. Every process started here has ended when this returns.
    """
    place = choose_place(read_environment())
    os.environ.update(place.settings)
    place.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    server = private_postgres(place.home)
    server.join()
    try:
        forget_last_time(place.home, server)
        with told_to_end() as told, Processes(_parts()) as processes:
            demo = _Demo(place, Operator(command), processes, told)
            demo.wait_until_up()
            return demo.play_once() if once else demo.play_on()
    except _Ended:
        return 130 if once else 0
    finally:
        server.leave()


def _parts() -> list[Part]:
    return [
        Part(name=name, command=[sys.executable, "-m", "watchword", name], is_vital=True)
        for name in ("carrier", "up")
    ]


class _Ended(Exception):  # noqa: N818 - an end, not an error
    """Somebody pressed Ctrl-C."""


class _Demo:
    def __init__(
        self, place: Place, operator: Operator, processes: Processes, told_to_end: threading.Event
    ) -> None:
        self._place = place
        self._processes = processes
        self._told_to_end = told_to_end
        self._operator = operator
        self._exchange = Exchange(place.carrier_url)
        self._story = Story(datetime.now(_COUNTY_TIME).replace(tzinfo=None) - timedelta(hours=1))
        self._registrations: dict[int, str] = {}

    def wait_until_up(self) -> None:
        """Until the pages and the carrier answer; WatchwordError where they do not in time."""
        deadline = time.monotonic() + _SECONDS_TO_START
        for url in (self._place.carrier_url, self._place.url):
            while not answers(url):
                if time.monotonic() > deadline:
                    raise WatchwordError(f"The demo did not start within {_SECONDS_TO_START} seconds.")
                self._pass(0.1)

    def play_once(self) -> int:
        """The story as fast as it goes, then the verdict."""
        answering = Answering(self._exchange, WATCHERS, at_once=True)
        owed = self._begin(answering)
        for chapter in self._story.chapters():
            self._load(chapter)
            answering.read_mail()
            owed += expected.after([chapter])
        self._wait_for(len(owed), answering)
        return self._judge(owed, answering)

    def play_on(self) -> int:
        """The story at a pace that can be watched, and small events after it until Ctrl-C."""
        print(f"The office:     {self._place.url}/")
        print(f"The way, live:  {self._place.url}/way")
        print(f"The phones:     {self._place.carrier_url}/")
        print(f"Yours to answer: {_LEFT_ALONE.name}'s phone, {_LEFT_ALONE.phone}, PIN {_LEFT_ALONE.pin}")
        moved = self._story.who_is_moved_on()
        print(
            f"To sign up for: {moved.first} {moved.last}, born {moved.born:%B %d, %Y}, number {moved.person_no}"
        )
        print(f"The desk:       {self._place.url}/desk/")
        for name in _STAFF:
            print(
                f"  {name}, password {self._operator.add_staff(name)}; the page shows the code that it asks for"
            )
        print("Ctrl-C ends it.", flush=True)
        answering = Answering(self._exchange, WATCHERS, at_once=False, left_alone=_LEFT_ALONE)
        self._begin(answering)
        self._play(self._story.chapters(), _SECONDS_BETWEEN_ROSTERS, answering)
        self._play(self._story.afterwards(), _SECONDS_BETWEEN_MOVES, answering)
        return 0

    def _begin(self, answering: Answering) -> list[Told]:
        """The source, the first roster, the watchers; what they are told at once."""
        answering.set_up()
        self._operator.add_source()
        self._operator.open_source()
        self._say("A source: Harbor County, two jails and a detention center")
        loaded = self._operator.load(self._story.baseline)
        self._say(f"The first roster: {loaded['rows']} people held; nobody is told of a first roster")
        for watcher in WATCHERS:
            self._registrations[self._operator.register(watcher, self._story)] = watcher.name
            answering.read_mail()
            self._pass(0)
        self._say(f"{len(WATCHERS)} people ask to be told")
        return expected.at_registration(self._story)

    def _play(self, chapters: Iterable[Chapter], seconds: float, answering: Answering) -> None:
        for chapter in chapters:
            self._load(chapter)
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                answering.read_mail()
                self._pass(0.5)

    def _load(self, chapter: Chapter) -> None:
        loaded = self._operator.load(chapter.roster)
        found = ", ".join(f"{count} {kind}" for kind, count in loaded["events"].items()) or "no event"
        incident = f", incident {loaded['incident']}" if loaded["incident"] else ""
        self._say(f"{chapter.title}: roster {loaded['roster']}, {found}{incident}")

    def _wait_for(self, count: int, answering: Answering) -> None:
        """Until so many notices are confirmed, or the time is up."""
        deadline = time.monotonic() + _SECONDS_TO_CONFIRM
        while time.monotonic() < deadline:
            answering.read_mail()
            if sum(notice["state"] == "confirmed" for notice in self._operator.notices()) >= count:
                break
            self._pass(0.2)
        self._exchange.settle()

    def _judge(self, owed: list[Told], answering: Answering) -> int:
        notices = self._operator.notices()
        for watcher in WATCHERS:
            print(f"\n{watcher.name}, in {watcher.language}, answers by {watcher.answers_by}:")
            for channel, words in messages_to(watcher, self._exchange, answering.read):
                print(f"  {channel:6} {words}")
            for notice in notices:
                if self._registrations.get(notice["registration"]) == watcher.name:
                    end = (
                        f"confirmed by {notice['confirmed_by_channel']} at {notice['confirmed_at']}"
                        if notice["state"] == "confirmed"
                        else notice["state"]
                    )
                    print(f"  -> {notice['kind']}: {end}")
        wrong = differences(owed, notices, self._registrations, self._operator.open_incidents())
        if lost := strangers(self._exchange):
            wrong.append(f"{lost} messages or calls went to nobody who asked for one.")
        print()
        print(
            "\n".join(wrong) or f"All {len(owed)} notices were confirmed, and nobody else was told anything."
        )
        return 1 if wrong else 0

    def _say(self, sentence: str) -> None:
        print(f"  {sentence}.", flush=True)

    def _pass(self, seconds: float) -> None:
        """Let time go by, with an eye on the other processes."""
        if self._told_to_end.wait(seconds):
            raise _Ended
        self._processes.look()
