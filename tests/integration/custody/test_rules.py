"""What each difference between two rosters means: the rules of docs/explanation/custody.md, one story a rule."""

from dataclasses import dataclass

import pytest
from _pytest.mark import ParameterSet

from tests.integration.custody.rosters import (
    BARE,
    COLUMNS,
    DATELESS,
    NUMBERED,
    OTHER_HEADER,
    UNNUMBERED,
    A,
    B,
    C,
    D,
    E,
    Feed,
    Kind,
    Row,
    Step,
    as_csv,
    clock_stands_at,
    crowd,
    held_person,
    play,
    releases,
    says,
)
from watchword.custody.models import Event, Person, Record

pytestmark = pytest.mark.django_db(transaction=True)  # a comparison ends with its transaction

BOTH = (NUMBERED, UNNUMBERED)
AFTER_3 = Kind(name="after 3 rosters", after=3)
IGNORED = Kind(name="absence means nothing", after=None)

BASELINE = says(A(5), B(6), outcome="baseline")


@dataclass(frozen=True)
class Case:
    """A sentence, and the story that shows it, on sources of these kinds."""

    sentence: str
    story: list[Step]
    kinds: tuple[Kind, ...] = (NUMBERED,)


def _params(*groups: list[Case]) -> list[ParameterSet]:
    return [
        pytest.param(case.story, kind, id=f"{case.sentence} [{kind.name}]")
        for group in groups
        for case in group
        for kind in case.kinds
    ]


def out_on(day: str | int) -> Row:
    """A, who is expected to be released then."""
    return A(5, out_on=day)


def heard_on(day: str | int) -> Row:
    """A, who is to be heard then."""
    return A(5, court=day)


THE_CLOCK = [
    Case(
        "later than the previous roster means later than its newest admission, not than its receipt",
        [BASELINE, says(A(8), B(6), tells=["vanished A", "booked A"], at=12)],
        BOTH,
    ),
    Case(
        "an admission as late as the newest known is not later",
        [BASELINE, says(A(6, booking="A-5"), B(6), tells=["updated A: booked_at 5 -> 6"])],
        BOTH,
    ),
    Case(
        "an admission dated after its receipt does not move the clock",
        [
            says(A(5), B(6), C(30)),
            clock_stands_at(6),
            says(A(8), B(6), C(30), tells=["vanished A", "booked A"]),
        ],
        BOTH,
    ),
    Case(
        "a roster without changes does not move the clock",
        [BASELINE, says(B(6), A(5), outcome="unchanged"), clock_stands_at(6)],
        BOTH,
    ),
    Case(
        "the clock is of the last roster of news, even where its newest admission has left since",
        [
            says(A(5), B(9)),
            says(A(5), tells=["vanished B"]),
            clock_stands_at(5),
            says(A(7), tells=["vanished A", "booked A"]),
        ],
        BOTH,
    ),
    Case(
        "an admission that is missing from a roster, but not for long enough to mean anything, is not its newest",
        [says(A(5), B(9)), says(A(5), C(4), tells=["booked C"]), clock_stands_at(5)],
        (AFTER_3,),
    ),
    Case(
        "an empty roster does not move the clock",
        [BASELINE, says(outcome="empty", incident="empty_roster"), clock_stands_at(6)],
        BOTH,
    ),
]

UNCHANGED = [
    Case("the first roster of a source tells nothing", [BASELINE]),
    Case(
        "the same bytes are a duplicate",
        [BASELINE, says(A(5), B(6), outcome="duplicate")],
    ),
    Case(
        "the same rows in another order are unchanged",
        [BASELINE, says(B(6), A(5), outcome="unchanged")],
    ),
    Case(
        "the same rows under the other header form, with the columns in another order, are unchanged",
        [
            says(A(5, charges="Theft"), B(6)),
            says(
                file=as_csv([B(6), A(5, charges="Theft")], columns=COLUMNS[::-1], header=OTHER_HEADER),
                outcome="unchanged",
            ),
            says(A(5, charges="Theft"), B(6), C(7), tells=["booked C"]),
        ],
    ),
    Case(
        "padded values and a byte order mark change nothing",
        [
            says(A(5, charges="Theft", facility="North Jail"), B(6)),
            says(
                file=b"\xef\xbb\xbf" + as_csv([A(5, charges=" Theft  ", facility="North  Jail "), B(6)]),
                outcome="unchanged",
            ),
        ],
    ),
    Case(
        "a column that is not mapped says nothing",
        [BASELINE, says(A(5, race="X"), B(6, race="Y"), outcome="unchanged")],
    ),
    Case(
        "a row listed twice is one row",
        [BASELINE, says(A(5), B(6), B(6), outcome="unchanged"), says(A(5), A(5), tells=["vanished B"])],
    ),
    Case(
        "the last accepted roster again, after an empty one, is unchanged",
        [BASELINE, says(outcome="empty", incident="empty_roster"), says(A(5), B(6), outcome="unchanged")],
    ),
]

STALE = [
    Case(
        "the rows of an older roster, undoing ten changes, are stale: nothing is told, and an incident says so",
        [
            says(crowd(400)),
            says(crowd(410), tells=[f"booked P{one}" for one in range(400, 410)]),
            says(crowd(400), outcome="stale", held={"vanished": 10}, incident="stale_roster"),
            clock_stands_at(2),
            says(crowd(410), C(4), outcome="news", tells=["booked C"]),
        ],
    ),
    Case(
        "the rows of an older roster, undoing fewer, are news: in a small jail people just leave",
        [
            says(crowd(400)),
            says(crowd(409), tells=[f"booked P{one}" for one in range(400, 409)]),
            says(crowd(400), outcome="news", tells=[f"vanished P{one}" for one in range(400, 409)]),
        ],
    ),
    Case(
        "a stale roster sent twice is one incident, and releasing it applies it",
        [
            says(crowd(400)),
            says(crowd(410), tells=[f"booked P{one}" for one in range(400, 410)]),
            says(crowd(400), outcome="stale", held={"vanished": 10}, incident="stale_roster"),
            says(crowd(400)[::-1], outcome="unchanged", incident="stale_roster"),
            releases(tells=[f"vanished P{one}" for one in range(400, 410)]),
        ],
    ),
    Case(
        "a roster that a person released is an older roster like any other when its rows come again",
        [
            says(crowd(40)),
            says(crowd(30), outcome="held", held={"vanished": 10}, incident="abnormal_change"),
            releases(tells=[f"vanished P{one:03}" for one in range(30, 40)]),
            says(
                crowd(30),
                [held_person(f"Q{one}", 3) for one in range(10)],
                tells=[f"booked Q{one}" for one in range(10)],
            ),
            says(crowd(30)[::-1], outcome="stale", held={"vanished": 10}, incident="stale_roster"),
        ],
    ),
]

BROKEN = [
    Case(
        f"a file {what} tells nothing, opens an incident, and the next roster is compared as if it had not come",
        [
            BASELINE,
            says(file=file, outcome=outcome, incident=f"{outcome}_roster"),
            says(A(5), tells=["vanished B"]),
        ],
    )
    for what, file, outcome in [
        ("of no bytes", b"", "empty"),
        ("of a header only", as_csv([]), "empty"),
        ("of blank lines", b"\n\n  \n", "empty"),
        ("without its header", as_csv([A(5), B(6)]).split(b"\n", 1)[1], "unreadable"),
        ("of something else", b"<html><body>503 Service Unavailable</body></html>", "unreadable"),
        ("none of whose rows can be read", as_csv([A(5, court="soon"), B(6, court="later")]), "unreadable"),
        ("in another encoding", as_csv([A(5), B(6)]).decode().encode("utf-16"), "unreadable"),
    ]
] + [
    Case(
        "a first roster that is broken is no baseline",
        [says(outcome="empty", incident="empty_roster"), BASELINE, says(A(5), tells=["vanished B"])],
    ),
]

BOOKED_AND_REBOOKED = [
    Case("a person never seen is booked", [BASELINE, says(A(5), B(6), C(7), tells=["booked C"])]),
    Case(
        "a person never seen is booked even under an admission before the previous roster",
        [BASELINE, says(A(5), B(6), C(2), tells=["booked C"])],
        BOTH,
    ),
    Case(
        "present under a later admission: left and came back in between",
        [BASELINE, says(A(7), B(6), tells=["vanished A", "booked A"])],
        BOTH,
    ),
    Case(
        "the stay before it ended by the discharge that the new row gives",
        [
            BASELINE,
            says(A(8, discharged=7), B(6), tells=["released A: released_at unset -> 7", "booked A"]),
        ],
        BOTH,
    ),
    Case(
        "the old stay's row says how it ended, and a new one stands beside it",
        [
            BASELINE,
            says(
                A(5, status="released", discharged=7),
                A(8),
                B(6),
                tells=["released A: released_at unset -> 7", "booked A"],
            ),
        ],
        BOTH,
    ),
    Case(
        "re-booked, then gone",
        [
            BASELINE,
            says(A(7), B(6), tells=["vanished A", "booked A"]),
            says(B(6), tells=["vanished A"]),
        ],
        BOTH,
    ),
    Case(
        "present under an earlier admission: edited in place",
        [BASELINE, says(A(4, booking="A-5"), B(6), tells=["updated A: booked_at 5 -> 4"])],
        BOTH,
    ),
    Case(
        "present under another admission that is not later, and another number: another stay, not an edit",
        [BASELINE, says(A(6), B(6), tells=["vanished A", "booked A"])],
        (NUMBERED,),
    ),
    Case(
        "another number under the same admission: edited in place",
        [BASELINE, says(A(5, booking="A-5/2"), B(6), tells=["updated A: booking A-5 -> A-5/2"])],
        (NUMBERED,),
    ),
    Case(
        "the same number under a later admission: left and came back in between",
        [BASELINE, says(A(7, booking="A-5"), B(6), tells=["vanished A", "booked A"])],
        (NUMBERED,),
    ),
    Case(
        "without admissions, another number is another stay",
        [says(A(booking="1"), B()), says(A(booking="2"), B(), tells=["vanished A", "booked A"])],
        (DATELESS,),
    ),
    Case(
        "booked and released between two rosters",
        [
            BASELINE,
            says(
                A(5),
                B(6),
                C(7, discharged=8, release_kind="bail"),
                tells=["booked C", "released C: release_kind unset -> bail, released_at unset -> 8"],
            ),
        ],
        BOTH,
    ),
]

ABSENT = [
    Case(
        "absent from one roster: no longer listed, once",
        [
            BASELINE,
            says(A(5), tells=["vanished B"]),
            says(A(5), C(7), tells=["booked C"]),
            says(A(5), C(7), D(8), tells=["booked D"]),
        ],
        (NUMBERED, UNNUMBERED, BARE),
    ),
    Case(
        "absent from three complete rosters of news in a row: no longer listed at the third, once",
        [
            BASELINE,
            says(A(5), outcome="news"),
            says(A(5), C(7), tells=["booked C"]),
            says(A(5), C(7), D(8), tells=["vanished B", "booked D"]),
            says(A(5), C(7), D(8), E(9), tells=["booked E"]),
        ],
        (AFTER_3,),
    ),
    Case(
        "a roster that is unchanged does not count",
        [
            BASELINE,
            says(A(5), outcome="news"),
            says(A(5, race="X"), outcome="unchanged"),
            says(A(5, race="Y"), outcome="unchanged"),
            says(A(5), C(7), tells=["booked C"]),
            says(A(5), C(7), D(8), tells=["vanished B", "booked D"]),
        ],
        (AFTER_3,),
    ),
    Case(
        "an empty roster does not count",
        [
            BASELINE,
            says(A(5), outcome="news"),
            says(outcome="empty", incident="empty_roster"),
            says(A(5), C(7), tells=["booked C"]),
            says(A(5), C(7), D(8), tells=["vanished B", "booked D"]),
        ],
        (AFTER_3,),
    ),
    Case(
        "present again in between begins the count anew",
        [
            BASELINE,
            says(A(5)),
            says(A(5), C(7), tells=["booked C"]),
            says(A(5), B(6), C(7)),
            says(A(5), C(7)),
            says(A(5), C(7), D(8), tells=["booked D"]),
            says(A(5), C(7), D(8), E(9), tells=["vanished B", "booked E"]),
        ],
        (AFTER_3,),
    ),
    Case(
        "present again under a later admission, while absence still counted: left and came back",
        [
            BASELINE,
            says(A(5), C(7), tells=["booked C"]),
            says(A(5), B(8), C(7), tells=["vanished B", "booked B"]),
        ],
        (AFTER_3,),
    ),
    Case(
        "where absence means nothing, nothing is told of it, and being listed again is no news",
        [BASELINE, says(A(5)), says(A(5), B(6))],
        (IGNORED,),
    ),
    Case(
        "where absence means nothing, a change found on being listed again is told",
        [
            BASELINE,
            says(A(5)),
            says(A(5), B(6, facility="South"), tells=["updated B: facility unset -> South"]),
        ],
        (IGNORED,),
    ),
]

LEFT = [
    Case(
        "a discharge is a release",
        [BASELINE, says(A(5), B(6, discharged=9), tells=["released B: released_at unset -> 9"])],
    ),
    Case(
        "a release is told once, and leaving the list afterwards is no news",
        [
            BASELINE,
            says(A(5), B(6, discharged=9), tells=["released B: released_at unset -> 9"]),
            says(A(5), B(6, discharged=9), C(7), tells=["booked C"]),
            says(A(5), C(7)),
            says(A(5), C(7), D(7), tells=["booked D"]),
        ],
    ),
    Case(
        "a release comes with its kind, its time and where to",
        [
            BASELINE,
            says(
                A(5),
                B(6, status="released", status_at=9, release_kind="bail", destination="Home"),
                tells=[
                    "released B: destination unset -> Home, release_kind unset -> bail, status_at unset -> 9"
                ],
            ),
        ],
    ),
    Case(
        "a discharge that lies ahead is not yet a release",
        [
            BASELINE,
            says(A(5), B(6, discharged=20), at=12),
            says(A(5), B(6, discharged=20), C(7), tells=["booked C"], at=13),
            says(
                A(5),
                B(6, discharged=20),
                C(7),
                D(8),
                at=21,
                tells=["released B: released_at unset -> 20", "booked D"],
            ),
        ],
    ),
    Case(
        "a discharge that lay ahead is a release in time, even if nothing else is said",
        [
            BASELINE,
            says(A(5), B(6, discharged=20), at=12),
            says(B(6, discharged=20), A(5), at=21, tells=["released B: released_at unset -> 20"]),
        ],
    ),
    Case(
        "gone first, and the release said afterwards: it is told",
        [
            BASELINE,
            says(A(5), tells=["vanished B"]),
            says(A(5), B(6, discharged=9), tells=["released B: released_at unset -> 9"]),
        ],
    ),
    Case(
        "a released person is furloughed by no word: what a roster says of a departed stay else is an update",
        [
            BASELINE,
            says(A(5), B(6, discharged=9), tells=["released B: released_at unset -> 9"]),
            says(A(5), B(6, discharged=9, facility="South"), tells=["updated B: facility unset -> South"]),
        ],
    ),
    *(
        Case(
            f"the status {status} is told as {status}",
            [
                BASELINE,
                says(A(5), B(6, status=status, status_at=9), tells=[f"{status} B: status_at unset -> 9"]),
            ],
        )
        for status in ("removed", "escaped", "died", "furloughed")
    ),
    *(
        Case(
            f"a release whose kind is {kind} is told as {kind}",
            [
                BASELINE,
                says(
                    A(5),
                    B(6, discharged=9, release_kind=kind),
                    tells=[f"{kind} B: release_kind unset -> {kind}, released_at unset -> 9"],
                ),
            ],
        )
        for kind in ("removed", "escaped", "died")
    ),
    Case(
        "out for a while and back",
        [
            BASELINE,
            says(A(5), B(6, status="furloughed"), tells=["furloughed B"]),
            says(A(5), B(6, status="furloughed"), C(7), tells=["booked C"]),
            says(A(5), B(6), C(7), tells=["returned B"]),
        ],
    ),
    Case(
        "out for a while and not listed any more",
        [
            BASELINE,
            says(A(5), B(6, status="furloughed"), tells=["furloughed B"]),
            says(A(5), tells=["vanished B"]),
        ],
    ),
    Case(
        "escaped and taken again, to another facility: that is in the one event",
        [
            says(A(5), B(6, facility="North")),
            says(A(5), B(6, facility="North", status="escaped"), tells=["escaped B"]),
            says(A(5), B(6, facility="South"), tells=["recaptured B: facility North -> South"]),
        ],
    ),
]

BACK = [
    Case(
        "back under the same admission: we were wrong",
        [BASELINE, says(A(5), tells=["vanished B"]), says(A(5), B(6), tells=["corrected B"])],
        (NUMBERED, UNNUMBERED, DATELESS, BARE),
    ),
    Case(
        "back under an earlier admission: we were wrong",
        [
            BASELINE,
            says(A(5), tells=["vanished B"]),
            says(A(5), B(4, booking="B-6"), tells=["corrected B: booked_at 6 -> 4"]),
        ],
        BOTH,
    ),
    Case(
        "back under an earlier admission and another number: we were wrong",
        [
            BASELINE,
            says(A(5), tells=["vanished B"]),
            says(A(5), B(4), tells=["corrected B: booked_at 6 -> 4, booking B-6 -> B-4"]),
        ],
        (NUMBERED,),
    ),
    Case(
        "back elsewhere, with other dates: the correction says it all",
        [
            says(A(5), B(6, facility="North", out_on=20, court=21)),
            says(A(5), tells=["vanished B"]),
            says(
                A(5),
                B(6, facility="South", out_on=25, court=26),
                tells=[
                    "corrected B: expected_release_on 20 -> 25, facility North -> South, next_court_at 21 -> 26"
                ],
            ),
        ],
        BOTH,
    ),
    Case(
        "back after a release that the source took back",
        [
            BASELINE,
            says(A(5), B(6, discharged=9), tells=["released B: released_at unset -> 9"]),
            says(A(5), B(6), tells=["corrected B: released_at 9 -> unset"]),
        ],
        BOTH,
    ),
    Case(
        "back under a later admission: booked, and nothing else",
        [BASELINE, says(A(5), tells=["vanished B"]), says(A(5), B(7, facility="South"), tells=["booked B"])],
        BOTH,
    ),
    Case(
        "back under a later admission, though one before the previous roster",
        [
            says(A(5), B(2), C(9)),
            says(A(5), C(9), tells=["vanished B"]),
            says(A(5), B(3), C(9), tells=["booked B"]),
        ],
        BOTH,
    ),
    Case(
        "back under a later admission after a release, whose row still stands",
        [
            BASELINE,
            says(A(5), B(6, discharged=7), tells=["released B: released_at unset -> 7"]),
            says(A(5), B(6, discharged=7), B(9), tells=["booked B"]),
        ],
        BOTH,
    ),
    Case(
        "back under a later admission in the row of the release",
        [
            BASELINE,
            says(A(5), B(6, discharged=7), tells=["released B: released_at unset -> 7"]),
            says(A(5), B(9, booking="B-6"), tells=["booked B"]),
        ],
        BOTH,
    ),
    Case(
        "gone, back, and gone again are three events",
        [
            BASELINE,
            says(A(5), tells=["vanished B"]),
            says(A(5), B(6), tells=["corrected B"]),
            says(A(5), tells=["vanished B"]),
        ],
        BOTH,
    ),
    Case(
        "the later of two stays comes back: it is the one corrected",
        [
            says(A(5), B(2)),
            says(A(5), tells=["vanished B"]),
            says(A(5), B(6), tells=["booked B"]),
            says(A(5), tells=["vanished B"]),
            says(A(5), B(6), tells=["corrected B"]),
        ],
        BOTH,
    ),
]

DATES: list[tuple[str, str | int, str | int, str]] = [
    ("set", "", 20, "unset -> 20"),
    ("moved", 20, 25, "20 -> 25"),
    ("unset", 20, "", "20 -> unset"),
    ("unset by the word Unknown", 20, "Unknown", "20 -> unset"),
    ("set where it was Unknown", "UNKNOWN", 20, "unset -> 20"),
]

DETAILS = [
    Case(
        "another facility is a transfer",
        [
            says(A(5, facility="North"), B(6)),
            says(A(5, facility="South"), B(6), tells=["transferred A: facility North -> South"]),
        ],
    ),
    Case(
        "a facility that was not known before is no transfer",
        [says(A(5), B(6)), says(A(5, facility="South"), B(6), tells=["updated A: facility unset -> South"])],
    ),
    *(
        Case(
            f"the {field} {how} is told",
            [
                says(row(before), B(6)),
                says(row(after), B(6), tells=[f"{kind} A: {field} {change}"]),
            ],
        )
        for kind, field, row in [
            ("release_date_changed", "expected_release_on", out_on),
            ("court_date_changed", "next_court_at", heard_on),
        ]
        for how, before, after, change in DATES
    ),
    Case(
        "an empty date and an Unknown one are the same",
        [says(A(5, out_on="", court="Unknown")), says(A(5, out_on="Unknown", court=""), outcome="unchanged")],
    ),
    Case(
        "another place of the hearing changes the hearing",
        [
            says(A(5, court=20, court_place="Part 1"), B(6)),
            says(
                A(5, court=20, court_place="Part 2"),
                B(6),
                tells=["court_date_changed A: next_court_place Part 1 -> Part 2"],
            ),
        ],
    ),
    Case(
        "charges in another order are the same",
        [
            says(A(5, charges="Theft;Fraud;Theft")),
            says(A(5, charges="Theft;Theft;Fraud"), outcome="unchanged"),
        ],
    ),
    Case(
        "one charge more of a kind is an update",
        [
            says(A(5, charges="Theft")),
            says(A(5, charges="Theft;Theft"), tells=["updated A: charges Theft -> Theft+Theft"]),
        ],
    ),
    Case(
        "words about immigration among the charges are not kept, and so tell nothing",
        [says(A(5, charges="Theft")), says(A(5, charges="Theft;ICE HOLD"), outcome="unchanged")],
    ),
    Case(
        "rows of one booking, one a charge, are one record with all charges",
        [
            says(A(5, charges="Theft"), A(5, charges="Fraud"), B(6)),
            says(A(5, charges="Fraud"), A(5, charges="Theft"), B(6), outcome="unchanged"),
            says(A(5, charges="Theft"), B(6), tells=["updated A: charges Fraud+Theft -> Theft"]),
            says(
                A(5, charges="Theft"),
                A(5, charges="Arson"),
                B(6),
                tells=["updated A: charges Theft -> Arson+Theft"],
            ),
            says(B(6), tells=["vanished A"]),
        ],
    ),
    Case(
        "a transfer, a date and a charge at once are an event each",
        [
            says(A(5, facility="North", charges="Theft"), B(6)),
            says(
                A(5, facility="South", court=20, out_on=25, charges="Fraud"),
                B(6),
                tells=[
                    "transferred A: facility North -> South",
                    "release_date_changed A: expected_release_on unset -> 25",
                    "court_date_changed A: next_court_at unset -> 20",
                    "updated A: charges Theft -> Fraud",
                ],
            ),
        ],
    ),
    Case(
        "a birthday is not an event",
        [
            says(A(5, age=9), B(6)),
            says(A(5, age=10), B(6)),
            says(A(5, age=10), B(6), C(7), tells=["booked C"]),
        ],
    ),
    Case(
        "another age, or a younger one, is an edit",
        [
            says(A(5, age=30), B(6, age=40)),
            says(A(5, age=38), B(6, age=39), tells=["updated A: age 30 -> 38", "updated B: age 40 -> 39"]),
        ],
    ),
    Case(
        "an age written as a fraction is the same",
        [says(A(5, age="47")), says(A(5, age="47.0"), outcome="unchanged")],
    ),
    Case(
        "people with a placeholder for a name are two people",
        [
            says(A(5, name="Doe"), B(6, name="Doe")),
            says(A(5, name="Doe"), C(7, name="Doe"), tells=["vanished B", "booked C"]),
        ],
    ),
]

TWO_ROWS = [
    Case(
        "one person under two admissions is two records; the second is booked, and nothing has vanished",
        [
            BASELINE,
            says(A(5), A(8), B(6), tells=["booked A"]),
            says(A(8), A(5), B(6), outcome="unchanged"),
            says(A(8), B(6), tells=["vanished A"]),
            says(B(6), tells=["vanished A"]),
        ],
        BOTH,
    ),
    Case(
        "one person under two admissions, the second one before the first",
        [BASELINE, says(A(2), A(5), B(6), tells=["booked A"]), says(A(5), B(6), tells=["vanished A"])],
        BOTH,
    ),
    Case(
        "of two stays, one is re-booked",
        [
            says(A(3), A(5), B(6)),
            says(A(5), A(8), B(6), tells=["vanished A", "booked A"]),
        ],
        BOTH,
    ),
    Case(
        "of two stays, one moves",
        [
            says(A(3, facility="North"), A(5, facility="North"), B(6)),
            says(
                A(3, facility="South"),
                A(5, facility="North"),
                B(6),
                tells=["transferred A: facility North -> South"],
            ),
        ],
        BOTH,
    ),
]

QUARANTINE = [
    Case(
        "a person with a row in quarantine is not absent, and its record stays as it was",
        [
            says(A(5), B(6), C(7)),
            says(A(5), B(6, facility="South", court="soon")),
            says(A(5), B(6), tells=[], outcome=None),
        ],
        (AFTER_3,),
    ),
    Case(
        "a row in quarantine does not make others present",
        [says(A(5), B(6), C(7)), says(A(5), B(6, court="soon"), tells=["vanished C"])],
        BOTH,
    ),
    Case(
        "out of quarantine, the row is compared with what was known before",
        [
            says(A(5), B(6, facility="North"), C(7)),
            says(A(5), B(6, facility="North", court="soon"), C(7)),
            says(A(5), B(6, facility="South"), C(7), tells=["transferred B: facility North -> South"]),
        ],
        BOTH,
    ),
    Case(
        "a person who comes in quarantine first is booked when the row can be read",
        [BASELINE, says(A(5), B(6), C(7, court="soon")), says(A(5), B(6), C(7), tells=["booked C"])],
        BOTH,
    ),
    Case(
        "a new row whose person cannot be told may be anybody's: an absence counts when it lasts",
        [
            says(A(5), B(6), C(7)),
            says(A(5), B(6), held_person("", 7)),
            says(A(5), B(6), D(8), tells=["vanished C", "booked D"]),
        ],
        BOTH,
    ),
    Case(
        "a row whose person cannot be told, twice, does not delay an absence for ever",
        [
            says(A(5), B(6), C(7)),
            says(A(5), B(6), held_person("", 7)),
            says(A(5), B(6), held_person("", 8), tells=["vanished C"]),
        ],
        BOTH,
    ),
    Case(
        "back in the next roster, the absence was none",
        [
            says(A(5), B(6), C(7)),
            says(A(5), B(6), held_person("", 7)),
            says(A(5), B(6), C(7)),
            says(A(5), B(6), held_person("", 9)),
            says(A(5), B(6), C(7)),
        ],
        BOTH,
    ),
    Case(
        "a lasting footer hides nobody",
        [
            says(A(5), B(6), C(7), held_person("", name="END OF LIST")),
            says(A(5), B(6), held_person("", name="END OF LIST"), tells=["vanished C"]),
        ],
        BOTH,
    ),
    Case(
        "a bad row of a person's second stay does not end the first",
        [
            says(A(5), A(7), B(6)),
            says(A(5), A(7, court="soon"), B(6)),
            says(A(5), B(6), tells=["vanished A"]),
        ],
        BOTH,
    ),
]

CASES = _params(
    *[
        THE_CLOCK,
        UNCHANGED,
        STALE,
        BROKEN,
        BOOKED_AND_REBOOKED,
        ABSENT,
        LEFT,
        BACK,
        DETAILS,
        TWO_ROWS,
        QUARANTINE,
    ]
)


@pytest.mark.parametrize(("story", "kind"), CASES)
def test_rule(story: list[Step], kind: Kind) -> None:
    play(story, kind)


def test_a_booking_says_everything_known_of_the_new_stay_and_when() -> None:
    feed = Feed()
    feed.send([A(5)])
    feed.send([A(5), B(7, name="Example", facility="North", charges="Theft", court=20)])
    event = Event.objects.get(source=feed.source)
    assert (event.kind, event.person.key, event.before) == ("booked", "B", {})
    assert event.source_at is not None
    assert event.source_at.isoformat() == "2026-03-07T08:00:00+00:00"
    assert event.after["last_name"] == "Example"
    assert event.after["status"] == "in_custody"
    assert event.after["charges"] == ["Theft"]
    record = Record.objects.get(person=event.person)
    assert (record.booking, record.facility) == ("B-7", "North")


@pytest.mark.parametrize(
    ("row", "at"),
    [
        (A(5, discharged=9), "2026-03-09"),
        (A(5, status="released", status_at=8), "2026-03-08"),
        (A(5, status="released", discharged=9, status_at=8), "2026-03-08"),
        (A(5, status="escaped", status_at=8), "2026-03-08"),
        (A(5, facility="South", status_at=8), "2026-03-08"),
        (A(5, facility="South"), None),
    ],
    ids=["a discharge", "a release", "both", "an escape", "a transfer", "a transfer at an unknown time"],
)
def test_an_event_happened_when_the_source_says(row: dict[str, str], at: str | None) -> None:
    feed = Feed()
    feed.send([A(5, facility="North")])
    feed.send([row | {"facility": row["facility"] or "North"}])
    event = Event.objects.get(source=feed.source)
    assert (event.source_at and event.source_at.date().isoformat()) == at


def test_somebody_watched_before_any_booking_is_booked_under_the_same_person() -> None:
    feed = Feed()
    feed.send([A(5)])
    watched = Person.objects.create(source=feed.source, key="B")
    feed.send([A(5), B(6)])
    assert Event.objects.get(source=feed.source).person == watched


def test_the_same_number_in_two_sources_is_two_people() -> None:
    here, there = Feed(), Feed()
    here.send([A(5), B(6)])
    there.send([A(5), B(6)])
    here.send([A(5)])
    assert (here.told(), there.told()) == (["vanished B"], [])
