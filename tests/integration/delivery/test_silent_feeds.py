"""A source that cannot be seen: staff hear of it, then registrants; and when it is back they hear that, once."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from tests.deliveries import registrants
from watchword import pipeline
from watchword.core.clock import now
from watchword.custody import silence
from watchword.custody.models import Look, Person, Sight, Silence
from watchword.decisions import Action, decide_incident
from watchword.delivery import silent_feeds
from watchword.delivery.planning import plan_deliveries
from watchword.feeds.models import Roster, Source
from watchword.feeds.receiving import add_source
from watchword.notices.models import Notice, Wording
from watchword.registrants.models import Registration
from watchword.worklist.models import Incident

pytestmark = pytest.mark.django_db(transaction=True)

MAPPING = """
agency: Harbor County Sheriff
title: Harbor County custody list
time_zone: America/New_York
rhythm: 1 hour
tell_silence_after: 10 hours
absence: {means: vanished, after: 1}
format: {kind: csv}
columns: {person_key: id, last_name: name, facility: jail}
"""
EVERYBODY = "ABCDEFGHIJKLMNOPQRST"


@pytest.fixture
def alarms(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What staff heard outside the system."""
    heard: list[str] = []
    monkeypatch.setattr(silent_feeds, "alarm", heard.append)
    return heard


@pytest.fixture
def source(alarms: list[str]) -> Source:
    """A source that has sent its first list, just now."""
    made = add_source("harbor", MAPPING)
    send(made, EVERYBODY)
    silent_feeds.look_after_sources()
    return made


def send(source: Source, people: str, jail: str = "North Jail", at: datetime | None = None) -> Roster:
    """A list of these people comes; an empty one where there are none."""
    rows = "".join(f"{person},{person}-name,{jail}\n" for person in people)
    file = io.BytesIO(f"id,name,jail\n{rows}".encode())
    return pipeline.load_roster(source, file, at or now())


def time_passes(hours: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """So long we look, minute by minute, and see nothing."""
    Look.objects.update(at=now() - timedelta(hours=hours))
    with monkeypatch.context() as patch:
        patch.setattr(silence, "LONGEST_GAP", timedelta(days=30))
        silent_feeds.look_after_sources()


def watcher(source: Source, person: str, language: str = "en") -> Registration:
    """Somebody who is told about this person."""
    (registrant,) = registrants(1, language=language)
    return Registration.objects.create(
        registrant=registrant,
        person=Person.objects.get(source=source, key=person),
        state="active",
        entitled=Multirange([Range(now() - timedelta(seconds=1), None)]),
    )


def told() -> list[tuple[str, str]]:
    """Every notice: of whom, and what."""
    return list(Notice.objects.order_by("id").values_list("registration__person__key", "kind"))


def incidents() -> list[tuple[str, str]]:
    return list(Incident.objects.order_by("id").values_list("kind", "state"))


def test_staff_hear_of_two_missed_beats_once_and_registrants_of_nothing_yet(
    source: Source, alarms: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher(source, "A")
    time_passes(2, monkeypatch)
    assert incidents() == []
    time_passes(0.5, monkeypatch)
    time_passes(0.5, monkeypatch)
    assert incidents() == [("feed_silent", "open")]
    assert len(alarms) == 1
    assert "harbor" in alarms[0]
    assert told() == []
    send(source, EVERYBODY)
    assert incidents() == [("feed_silent", "cleared")]
    assert told() == []


def test_at_the_limit_everybody_is_told_once_that_we_cannot_see(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = add_source("hill", MAPPING)
    send(other, "Z")
    for each, person, language in ((source, "A", "en"), (source, "B", "es"), (other, "Z", "en")):
        watcher(each, person, language)
    paused = watcher(source, "C")
    Registration.objects.filter(pk=paused.pk).update(state="paused", entitled=Multirange([]))
    time_passes(6, monkeypatch)
    send(other, "Z")
    time_passes(5, monkeypatch)
    assert told() == [("A", "feed_silent"), ("B", "feed_silent")]
    watcher(source, "D")
    time_passes(20, monkeypatch)
    assert told() == [("A", "feed_silent"), ("B", "feed_silent"), ("D", "feed_silent"), ("Z", "feed_silent")]
    plan_deliveries()
    assert "we cannot see if A-name is in custody" in words_of("A")
    assert "Do not count on it that they are still held" in words_of("A")
    assert "no podemos ver si B-name está bajo custodia" in words_of("B")


def words_of(person: str) -> str:
    """The newest words written for whoever watches this person."""
    notice = Notice.objects.filter(registration__person__key=person, told_with=None).order_by("-id")[0]
    return Wording.objects.filter(notice=notice, channel="email").get().body


def test_when_it_is_back_they_are_told_with_what_changed_meanwhile_in_one_message(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in "AB":
        watcher(source, person)
    time_passes(11, monkeypatch)
    send(source, EVERYBODY[1:])
    assert told()[2:] == [("A", "vanished"), ("A", "feed_restored"), ("B", "feed_restored")]
    restored, vanished = (
        Notice.objects.get(registration__person__key="A", kind=kind) for kind in ("feed_restored", "vanished")
    )
    assert vanished.told_with_id == restored.pk
    assert (restored.urgency, restored.wakes) == ("immediate", True)
    assert Notice.objects.get(registration__person__key="B", kind="feed_restored").urgency == "routine"
    assert "B-name is held at North Jail" in words_of("B")
    # What nobody has confirmed yet is not true any more, and not told any more.
    assert set(Notice.objects.filter(kind="feed_silent").values_list("state", flat=True)) == {"withdrawn"}
    send(source, EVERYBODY[1:] + "Z")
    silent_feeds.look_after_sources()
    assert len(told()) == 5
    assert Silence.objects.get().settled


def test_a_list_without_changes_ends_a_silence_too_and_the_next_silence_is_told_anew(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher(source, "A")
    for _ in range(2):
        time_passes(11, monkeypatch)
        assert send(source, EVERYBODY).outcome == "duplicate"
    assert told() == [("A", "feed_silent"), ("A", "feed_restored")] * 2


def test_of_whom_something_is_held_that_person_hears_after_the_decision(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher(source, "A")
    watcher(source, "T")
    time_passes(11, monkeypatch)
    roster = send(source, "T")
    assert roster.held == {"vanished": 19}
    assert told()[2:] == [("T", "feed_restored")]
    decide_incident(roster.incident_id or 0, Action.RELEASE, by="Officer Example", reason="True.")
    silent_feeds.look_after_sources()
    assert told()[3:] == [("A", "vanished"), ("A", "feed_restored")]
    assert Silence.objects.get().settled


def test_our_own_absence_is_no_silence_of_a_source_and_is_said(source: Source, alarms: list[str]) -> None:
    Look.objects.update(at=now() - timedelta(days=3))
    silent_feeds.look_after_sources()
    assert incidents() == [("we_were_away", "open")]
    assert len(alarms) == 1
    assert Sight.objects.get(source=source).unseen_for < timedelta(minutes=1)


def test_a_clock_that_is_put_back_is_no_silence(source: Source, alarms: list[str]) -> None:
    Look.objects.update(at=now() + timedelta(hours=5))
    silent_feeds.look_after_sources()
    silent_feeds.look_after_sources()
    assert (incidents(), alarms) == ([], [])
    assert Sight.objects.get(source=source).unseen_for < timedelta(minutes=1)


@pytest.mark.parametrize("files", [[b""], [b"", b""], [b"<html>no</html>"], [b"id,name,jail\n"]])
def test_a_file_that_shows_nothing_is_no_sight_of_the_source(
    source: Source, files: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    time_passes(2, monkeypatch)
    for file in files:
        pipeline.load_roster(source, io.BytesIO(file), now())
    time_passes(0.5, monkeypatch)
    assert ("feed_silent", "open") in incidents()


def test_what_counts_is_when_a_list_reached_us_and_not_the_time_it_bears(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    time_passes(2, monkeypatch)
    send(source, EVERYBODY + "Z", at=datetime(2020, 1, 1, tzinfo=UTC))
    time_passes(2, monkeypatch)
    assert incidents() == []


def test_a_source_that_never_sent_a_list_is_silent_from_when_it_was_added(
    alarms: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    added = add_source("hill", MAPPING)
    silent_feeds.look_after_sources()
    time_passes(2, monkeypatch)
    assert incidents() == []
    time_passes(0.5, monkeypatch)
    time_passes(0.5, monkeypatch)
    assert incidents() == [("feed_silent", "open")]
    (words,) = alarms
    assert (
        f"hill was added on {added.added_at:%Y-%m-%d %H:%M} UTC, and no list that can be read has come"
        in words
    )
    send(added, "A")
    assert incidents() == [("feed_silent", "cleared")]


def test_a_pushed_change_is_no_sight_of_a_source_whose_lists_name_the_absent(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists_mean_nothing = add_source("hill", MAPPING.replace("{means: vanished, after: 1}", "{means: ignore}"))
    time_passes(2, monkeypatch)
    for each in (source, lists_mean_nothing):
        pipeline.load_roster(each, io.BytesIO(b'{"id": "A"}'), now(), Roster.Shape.JSON_CHANGES)
    time_passes(1, monkeypatch)
    assert list(Incident.objects.values_list("source", "kind")) == [("harbor", "feed_silent")]
