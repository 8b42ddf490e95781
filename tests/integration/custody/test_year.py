"""A year of a small jail's rosters, with gaps and every oddity, against what truly happened: nobody is told what was
not, and nobody's departure is missed.

The person at the desk does what a person can: asks the jail. Here the jail is the simulator, which knows.
"""

import io
from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from watchword.custody import incidents
from watchword.custody.comparing import compare
from watchword.custody.models import Event, HeldChange, Record
from watchword.demo.operator import MAPPING
from watchword.demo.simulating import HIDES_NOTHING, ZONE, Jail, Oddity, Simulated, Stay
from watchword.feeds.models import Roster, Source
from watchword.feeds.receiving import add_source, receive
from watchword.worklist.models import Incident

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

DEPARTURES = {"vanished", "released", "removed", "escaped", "died"}
COMINGS_AND_GOINGS = DEPARTURES | {"booked", "corrected"}
EVERY = timedelta(days=2)
EVERY_OTHER_DAY = MAPPING.read_text().replace("rhythm: 15 minutes", "rhythm: 2 days")


class Desk:
    """Whoever looks at the incidents, and asks the jail."""

    def __init__(self, source: Source, jail: Jail) -> None:
        self.source, self.jail = source, jail
        self.seen: set[str] = set()

    def look(self) -> None:
        """Decide what can be decided: the source's new numbers are taken over; what is wholly true is released, and
        what is wholly false is left to go away by itself."""
        for incident in Incident.objects.filter(source=self.source.name, state="open").order_by("id"):
            self.seen.add(incident.kind)
            if incident.kind == "keys_renumbered":
                incidents.correct(incident.pk, by="Officer Example", reason="The jail has a new system.")
            elif incident.kind in ("empty_roster", "unreadable_roster"):
                incidents.discard(incident.pk, by="Officer Example", reason="The jail sent it by mistake.")
            elif all(
                map(self.is_true, HeldChange.objects.filter(incident=incident).select_related("person"))
            ):
                incidents.release(incident.pk, by="Officer Example", reason="The jail says so.")

    def is_true(self, change: HeldChange) -> bool:
        """Whether the jail, asked about this person, says so."""
        number = self.jail.numbers[change.person.key]
        stays = [stay for stay in self.jail.stays if stay.person == number]
        if change.booking.startswith("record:"):
            record = Record.objects.get(pk=change.booking.removeprefix("record:"))
            stays = [stay for stay in stays if stay.booked.replace(tzinfo=ZONE) == record.booked_at]
        if change.kind == "booked":
            return bool(stays)
        return any((stay.left is not None) == (change.kind in DEPARTURES) for stay in stays)


def told_of(source: Source, jail: Jail) -> dict[int, list[str]]:
    """What was recorded of each person, in order: their comings and goings."""
    found: dict[int, list[str]] = defaultdict(list)
    events = Event.objects.filter(source=source, kind__in=COMINGS_AND_GOINGS).order_by("id")
    for kind, key in events.values_list("kind", "person__key"):
        found[jail.numbers[key]].append("left" if kind in DEPARTURES else kind)
    return found


def could_be_told(stays: list[Stay], begins: datetime, shown_until: datetime) -> list[list[str]]:
    """Every true account of a person's stays: those that no whole file has listed may be left out of it."""
    accounts: list[list[str]] = [[]]
    for stay in stays:
        words = [] if stay.booked <= begins else ["booked"]
        words += ["left"] if stay.left and stay.left <= shown_until else []
        accounts = [account + words for account in accounts] + ([] if stay.listed else accounts)
    return accounts


def play(jail: Jail, files: int) -> tuple[Source, Desk, Simulated]:
    """Take the files in, with somebody at the desk; the last file that hid nothing."""
    source = add_source(f"harbor-{jail.seed}", EVERY_OTHER_DAY)
    desk = Desk(source, jail)
    last = None
    for simulated in jail.rosters(files):
        compare(receive(source, io.BytesIO(simulated.file), simulated.at))
        desk.look()
        last = simulated if simulated.oddity in HIDES_NOTHING else last
    assert last is not None
    return source, desk, last


def test_a_year_of_odd_files_tells_nothing_false_and_misses_no_departure() -> None:
    jail = Jail(people=120, begins=datetime(2025, 1, 1, 6, tzinfo=ZONE), seed=3, every=EVERY, odd=0.2)
    began = jail.begins.replace(tzinfo=None)
    source, desk, last = play(jail, files=175)
    shown_until = last.at.astimezone(ZONE).replace(tzinfo=None)
    told = told_of(source, jail)
    stays: dict[int, list[Stay]] = defaultdict(list)
    for stay in jail.stays:
        stays[stay.person].append(stay)
    wrong = {
        number: (told[number], could_be_told(of_one, began, shown_until))
        for number, of_one in stays.items()
        if told[number] not in could_be_told(of_one, began, shown_until)
    }
    assert wrong == {}
    assert not set(told) - set(stays)
    moved = Event.objects.filter(source=source, kind="transferred").count()
    assert moved <= sum(stay.moves for stay in jail.stays)
    # The year was as odd as it is said to be, and the desk had something to do.
    assert (shown_until - began).days > 350
    assert {"keys_renumbered", "abnormal_change", "stale_roster", "empty_roster"} <= desk.seen
    assert Roster.objects.filter(source=source, outcome="news").count() > 120


def test_months_with_gaps_and_nothing_else_hold_nothing() -> None:
    jail = Jail(
        people=60,
        begins=datetime(2025, 1, 1, 6, tzinfo=ZONE),
        seed=5,
        every=EVERY,
        odd=0.1,
        kinds=(Oddity.GAP,),
    )
    source, desk, _ = play(jail, files=60)
    assert desk.seen == set()
    assert not Roster.objects.filter(source=source, outcome="held").exists()
