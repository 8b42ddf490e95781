"""What is held waits: the record and the source's clock stay, and a person releases or discards it."""

import pytest

from tests.integration.custody.rosters import (
    A,
    B,
    C,
    D,
    Kind,
    Row,
    Step,
    clock_stands_at,
    crowd,
    discards,
    held_person,
    incident_shows,
    play,
    releases,
    says,
)
from watchword.audit.models import Entry
from watchword.core.errors import WatchwordError
from watchword.custody import incidents
from watchword.custody.models import Event, HeldChange, Record
from watchword.worklist.models import Incident

pytestmark = pytest.mark.django_db(transaction=True)  # a comparison ends with its transaction

STRICT = Kind(tolerated="0%")


def each(kind: str, numbers: range, what: str = "") -> list[str]:
    """The same told of people of the crowd."""
    return [f"{kind} P{number:03}{what}" for number in numbers]


def without(rows: list[Row], *numbers: int) -> list[Row]:
    """The crowd without these people."""
    return [row for row in rows if row["id"] not in {f"P{number:03}" for number in numbers}]


def bad(number: int) -> list[Row]:
    """Rows of so many people of the crowd that cannot be read."""
    return crowd(number, court="soon")


MASS = says(crowd(30), A(5), outcome="held", held={"vanished": 30}, incident="abnormal_change")
"""Thirty of sixty are gone at once."""

STORIES: dict[str, list[Step]] = {
    "too many gone at once tell nobody; the clock and the records stay": [
        says(crowd(60), A(5)),
        MASS,
        clock_stands_at(5),
        incident_shows("open", vanished=30),
    ],
    "four gone at once are never too many, however small the jail": [
        says(crowd(5)),
        says(crowd(1), outcome="news", tells=each("vanished", range(1, 5))),
    ],
    "other kinds pass, and the clock stays all the same": [
        says(crowd(60), A(5)),
        says(crowd(30), A(5), B(6), tells=["booked B"], held={"vanished": 30}, incident="abnormal_change"),
        clock_stands_at(5),
        says(
            crowd(30),
            A(6),
            B(6),
            held={"vanished": 30},
            incident="abnormal_change",
            tells=["vanished A", "booked A"],
        ),
        clock_stands_at(5),
    ],
    "what is still said stays in the same incident, once": [
        says(crowd(60), A(5)),
        MASS,
        says(crowd(30)[::-1], A(5), outcome="unchanged", incident="abnormal_change"),
        says(crowd(30), A(5), C(7), tells=["booked C"], held={"vanished": 30}, incident="abnormal_change"),
        incident_shows("open", vanished=30),
        releases(tells=each("vanished", range(30, 60))),
    ],
    "what is not said any more leaves the incident; releasing applies what remains": [
        says(crowd(60), A(5)),
        MASS,
        says(crowd(57), A(5), outcome="held", held={"vanished": 3}, incident="abnormal_change"),
        incident_shows("open", vanished=3),
        releases(tells=each("vanished", range(57, 60))),
        incident_shows("released"),
        clock_stands_at(5),
    ],
    "when nothing of it is said any more the incident is cleared": [
        says(crowd(60), A(5)),
        MASS,
        says(crowd(60), A(5)),
        incident_shows("cleared"),
        says(crowd(60), A(5), B(6), tells=["booked B"]),
        clock_stands_at(6),
    ],
    "a few more gone beside what waits are told": [
        says(crowd(60), A(5)),
        MASS,
        says(
            crowd(28),
            A(5),
            held={"vanished": 30},
            incident="abnormal_change",
            tells=each("vanished", range(28, 30)),
        ),
        releases(tells=each("vanished", range(30, 60))),
    ],
    "after the release the source goes on as any other": [
        says(crowd(60), A(5)),
        says(crowd(30), A(5), B(6), tells=["booked B"], held={"vanished": 30}, incident="abnormal_change"),
        releases(tells=each("vanished", range(30, 60))),
        clock_stands_at(6),
        says(crowd(30), A(5), B(6), outcome="duplicate"),
        says(crowd(31), A(5), B(6), tells=["corrected P030"]),
    ],
    "discarded, it is not told; said again, it is judged anew": [
        says(crowd(60), A(5)),
        MASS,
        discards(),
        incident_shows("discarded"),
        says(crowd(30)[::-1], A(5), outcome="held", held={"vanished": 30}, incident="abnormal_change"),
        releases(tells=each("vanished", range(30, 60))),
    ],
    "discarded, and not said again, nothing has happened": [
        says(crowd(60), A(5)),
        MASS,
        discards(),
        says(crowd(60), A(5)),
        says(crowd(60), tells=["vanished A"]),
    ],
    "too many re-booked at once wait in pairs": [
        says(crowd(60), A(5)),
        says(
            crowd(30, 6),
            crowd(60)[30:],
            A(5),
            outcome="held",
            incident="abnormal_change",
            held={"vanished": 30, "booked": 30},
        ),
        says(
            crowd(8, 6),
            crowd(60)[8:],
            A(5),
            outcome="held",
            incident="abnormal_change",
            held={"vanished": 8, "booked": 8},
        ),
        releases(tells=[f"{kind} P00{one}" for one in range(8) for kind in ("vanished", "booked")]),
    ],
    "re-booked where the absence waits already: both wait, in that incident": [
        says(crowd(60), A(5)),
        MASS,
        says(
            crowd(30),
            held_person("P030", 6),
            A(5),
            outcome="held",
            held={"vanished": 30, "booked": 1},
            incident="abnormal_change",
        ),
        incident_shows("open", vanished=30, booked=1),
        releases(tells=["vanished P030", "booked P030", *each("vanished", range(31, 60))]),
    ],
    "too many dates moved wait; a transfer of one of these people does not": [
        says(crowd(60, facility="North", out_on=20)),
        says(
            held_person("P000", 2, facility="South", out_on=25),
            crowd(60, facility="North", out_on=25)[1:],
            tells=["transferred P000: facility North -> South"],
            held={"release_date_changed": 60},
            incident="abnormal_change",
        ),
        releases(tells=each("release_date_changed", range(60), ": expected_release_on 20 -> 25")),
    ],
    "a change that was told while another waits is told again when it is taken back": [
        says(crowd(60, facility="North", out_on=20)),
        says(
            held_person("P000", 2, facility="South", out_on=25),
            crowd(60, facility="North", out_on=25)[1:],
            tells=["transferred P000: facility North -> South"],
            held={"release_date_changed": 60},
            incident="abnormal_change",
        ),
        says(
            crowd(60, facility="North", out_on=20),
            tells=["transferred P000: facility South -> North"],
        ),
        incident_shows("cleared"),
    ],
    "the rows of an older roster are not stale for what waits already": [
        says(crowd(60), A(5)),
        says(crowd(30), A(5), B(6), tells=["booked B"], held={"vanished": 30}, incident="abnormal_change"),
        says(
            crowd(30), A(5), B(6), C(7), tells=["booked C"], held={"vanished": 30}, incident="abnormal_change"
        ),
        says(
            crowd(30)[::-1],
            A(5),
            B(6),
            outcome="news",
            tells=["vanished C"],
            held={"vanished": 30},
            incident="abnormal_change",
        ),
    ],
    "what waits goes on waiting when a row cannot be read": [
        says(crowd(60), A(5)),
        MASS,
        says(
            crowd(30),
            A(5),
            held_person("", 7),
            outcome="held",
            held={"vanished": 30},
            incident="abnormal_change",
        ),
        incident_shows("open", vanished=30),
        releases(tells=each("vanished", range(30, 60))),
    ],
    "an empty roster after what waits changes nothing of it": [
        says(crowd(60), A(5)),
        MASS,
        says(outcome="empty", incident="empty_roster"),
        says(crowd(30), A(5), outcome="held", held={"vanished": 30}, incident="abnormal_change"),
    ],
    "an empty roster can be released: then all are gone": [
        says(A(5), B(6)),
        says(outcome="empty", incident="empty_roster"),
        releases(tells=["vanished A", "vanished B"]),
        says(A(5), B(6), tells=["corrected A", "corrected B"]),
    ],
    "a lone escape, release and death pass beside a mass absence": [
        says(crowd(60), A(5), B(5), C(5)),
        says(
            crowd(30),
            A(5, status="escaped"),
            B(5, discharged=7),
            C(5, status="died"),
            tells=["escaped A", "released B: released_at unset -> 7", "died C"],
            held={"vanished": 30},
            incident="abnormal_change",
        ),
    ],
    "explicit releases in an abnormal number are held like anything": [
        says(crowd(60), A(5)),
        says(
            crowd(30, discharged=7),
            crowd(60)[30:],
            A(5, status="escaped"),
            tells=["escaped A"],
            held={"released": 30},
            incident="abnormal_change",
        ),
        releases(tells=each("released", range(30), ": released_at unset -> 7")),
    ],
    "an older day's list that had never come is stale": [
        says(crowd(400)),
        says(
            crowd(400)[5:],
            [held_person(f"Q{one}", 6) for one in range(7)],
            tells=[*each("vanished", range(5)), *(f"booked Q{one}" for one in range(7))],
        ),
        says(
            crowd(400)[1:],
            outcome="stale",
            held={"vanished": 7, "corrected": 4},
            incident="stale_roster",
        ),
    ],
    "what waited only for the company of another goes on when that is said no more": [
        says(crowd(60)),
        says(
            crowd(30, discharged=7),
            crowd(60)[30:],
            held_person("Q1", 6, discharged=7),
            outcome="held",
            held={"released": 31, "booked": 1},
            incident="abnormal_change",
        ),
        says(crowd(60), held_person("Q1", 6), tells=["booked Q1"]),
        incident_shows("cleared"),
    ],
    "updates are told to nobody, and are never held": [
        says(crowd(60, charges="Theft")),
        says(crowd(60, charges="Fraud"), tells=each("updated", range(60), ": charges Theft -> Fraud")),
    ],
}

BAD_ROWS: dict[str, tuple[Kind, list[Step]]] = {
    "too many bad rows: the roster waits, but for explicit departures": (
        Kind(tolerated="10%"),
        [
            says(crowd(20), A(5), B(5), C(5), D(5)),
            says(
                bad(10),
                crowd(20)[10:],
                A(5, status="escaped"),
                B(5, discharged=7),
                C(5, status="died"),
                outcome="waiting",
                tells=["escaped A", "released B: released_at unset -> 7", "died C"],
                held={"vanished": 1},
                incident="too_many_bad_rows",
            ),
            clock_stands_at(5),
            releases(tells=["vanished D"]),
        ],
    ),
    "too many bad rows, and explicit releases in an abnormal number: all waits": (
        Kind(tolerated="10%"),
        [
            says(crowd(30)),
            says(
                bad(10),
                crowd(30, discharged=7)[10:20],
                crowd(30)[20:],
                outcome="waiting",
                held={"released": 10},
                incident="too_many_bad_rows",
            ),
            releases(tells=each("released", range(10, 20), ": released_at unset -> 7")),
        ],
    ),
    "a release told out of a roster with bad rows, and taken back: corrected": (
        Kind(tolerated="10%"),
        [
            says(crowd(20), B(5)),
            says(
                bad(10),
                crowd(20)[10:],
                B(5, discharged=7, charges="Theft"),
                outcome="waiting",
                tells=["released B: released_at unset -> 7"],
                held={"updated": 1},
                incident="too_many_bad_rows",
            ),
            says(crowd(20), B(5), tells=["corrected B: released_at 7 -> unset"]),
        ],
    ),
    "an absence does not count in a roster with too many bad rows, nor a presence": (
        Kind(after=2, tolerated="10%"),
        [
            says(crowd(20), A(5), B(5)),
            says(crowd(20), A(5)),
            says(bad(10), crowd(20)[10:], B(5), outcome="waiting", incident="too_many_bad_rows"),
            says(crowd(20), A(5), C(6), tells=["vanished B", "booked C"]),
        ],
    ),
    "one bad row is never too many": (
        STRICT,
        [says(crowd(3), A(5)), says(crowd(3), A(5, court="soon"), B(6), tells=["booked B"])],
    ),
    "a first roster with too many bad rows is a baseline only when released": (
        STRICT,
        [
            says(bad(3), A(5), B(5), outcome="waiting", incident="too_many_bad_rows"),
            releases(tells=[]),
            says(bad(1), A(5), tells=["vanished B"]),
        ],
    ),
    "a first roster with too many bad rows, discarded, leaves the next one to be the baseline": (
        STRICT,
        [
            says(bad(3), A(5), B(5), outcome="waiting", incident="too_many_bad_rows"),
            discards(),
            says(crowd(3), A(5), outcome="baseline"),
        ],
    ),
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_held(story: list[Step]) -> None:
    play(story)


@pytest.mark.parametrize(("kind", "story"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_bad_rows(kind: Kind, story: list[Step]) -> None:
    play(story, kind)


def test_what_is_held_is_not_among_the_events_and_its_records_stand_as_they_were() -> None:
    feed = play([says(crowd(60), A(5)), MASS])
    assert not Event.objects.exists()
    assert Record.objects.filter(status="in_custody", listed=True).count() == 61
    assert HeldChange.objects.filter(incident=feed.incident()).count() == 30


def test_what_waits_makes_nothing_else_normal() -> None:
    """The clock stands still for what waits, however long that is; what is judged beside it is not."""

    def and_thirty_wait(*rows: Row | list[Row], tells: str, at: int) -> Step:
        return says(*rows, tells=[tells], at=at, held={"vanished": 30}, incident="abnormal_change")

    play(
        [
            says(crowd(60), A(5)),
            MASS,
            and_thirty_wait(crowd(30), A(5), C(7), tells="booked C", at=20),
            and_thirty_wait(crowd(30), A(5), C(7), D(8), tells="booked D", at=27),
            says(crowd(8), A(5), C(7), D(8), held={"vanished": 52}, incident="abnormal_change", at=28),
        ]
    )


def test_two_incidents_are_decided_apart() -> None:
    newcomers = [held_person(f"Q{one}", 6) for one in range(10)]
    feed = play(
        [
            says(crowd(60), A(5)),
            says(
                crowd(30),
                A(5),
                newcomers,
                tells=[f"booked Q{one}" for one in range(10)],
                held={"vanished": 30},
                incident="abnormal_change",
            ),
            says(crowd(60), A(5), outcome="stale", held={"vanished": 10}, incident="stale_roster"),
        ]
    )
    since, stale = feed.last_event(), feed.incident()
    abnormal = Incident.objects.get(source=feed.source.name, kind="abnormal_change")
    incidents.release(abnormal.pk, by="Officer Example", reason="True: a wing was closed.")
    assert feed.told(since) == each("vanished", range(30, 60))
    assert (incidents.show(stale.pk).state, incidents.show(stale.pk).held) == ("open", {"vanished": 10})


def test_a_decision_is_in_the_ledger_with_its_reason() -> None:
    feed = play([says(crowd(60), A(5)), MASS])
    incident = feed.incident()
    incidents.discard(incident.pk, by="Officer Example", reason="The jail sent half a list.")
    entry = Entry.objects.get()
    assert (entry.actor, entry.action, entry.reason) == (
        "Officer Example",
        "incident.discarded",
        "The jail sent half a list.",
    )


@pytest.mark.parametrize(("by", "reason"), [("", "a reason"), ("Officer Example", " ")])
def test_nobody_decides_without_a_name_and_a_reason(by: str, reason: str) -> None:
    incident = play([says(crowd(60), A(5)), MASS]).incident()
    for decide in (incidents.release, incidents.discard):
        with pytest.raises(WatchwordError, match="who decides"):
            decide(incident.pk, by=by, reason=reason)
    assert not Event.objects.exists()
    incident.refresh_from_db()
    assert incident.state == "open"


def test_nothing_is_decided_twice() -> None:
    incident = play([says(crowd(60), A(5)), MASS]).incident()
    incidents.release(incident.pk, by="Officer Example", reason="True.")
    with pytest.raises(WatchwordError, match="released already"):
        incidents.release(incident.pk, by="Officer Example", reason="True.")
    assert Event.objects.count() == 30


def test_an_unreadable_roster_cannot_be_released() -> None:
    feed = play([says(A(5)), says(file=b"<html>", outcome="unreadable", incident="unreadable_roster")])
    with pytest.raises(WatchwordError, match="cannot be read"):
        incidents.release(feed.incident().pk, by="Officer Example", reason="Let it go.")


def test_an_empty_roster_cannot_be_released_after_a_newer_one() -> None:
    feed = play(
        [
            says(A(5), B(6)),
            says(outcome="empty", incident="empty_roster"),
            says(A(5), B(6), C(7), tells=["booked C"]),
        ]
    )
    with pytest.raises(WatchwordError, match="newer roster"):
        incidents.release(feed.incident().pk, by="Officer Example", reason="Let it go.")
    assert feed.told() == ["booked C"]
