"""What is normal: real jails' busiest days pass, and what no jail ever did is held."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.custody.breaker import (
    HISTORY_DAYS,
    LEARNED_DAYS,
    NEVER_HELD_BELOW,
    PRIORS,
    Length,
    Now,
    Past,
    Verdict,
    fewest_rows,
    judge,
    needs_history,
)

DAY = 1.0
TODAY = date(2026, 3, 30)
"""A Monday."""


def judged(
    kind: str,
    number: int,
    *,
    of: int,
    days: float,
    past: Sequence[Past] = (),
    lately: int = 0,
    on: date = TODAY,
) -> Verdict:
    """The verdict on so many changes of one kind."""
    (verdict,) = judge({kind: number}, Now(on=on, in_custody=of, days=days, lately={kind: lately}), past)
    return verdict


def held(
    kind: str,
    number: int,
    *,
    of: int,
    days: float,
    past: Sequence[Past] = (),
    lately: int = 0,
    on: date = TODAY,
) -> bool:
    """Whether so many changes of that kind wait for a person."""
    return judged(kind, number, of=of, days=days, past=past, lately=lately, on=on).abnormal


def shown(numbers: Sequence[int], *, of: int, kind: str = "vanished", days: float = DAY) -> list[Past]:
    """A source that showed these numbers of changes, a day each, up to yesterday."""
    first = TODAY - timedelta(days=len(numbers))
    return [
        Past(on=first + timedelta(days=place), in_custody=of, days=days, events={kind: number})
        for place, number in enumerate(numbers)
    ]


def calm(number: int, *, of: int, kind: str = "vanished", rosters: int = HISTORY_DAYS) -> list[Past]:
    """A source that has shown this many changes each day."""
    return shown([number] * rosters, of=of, kind=kind)


@pytest.mark.parametrize(
    ("kind", "number", "of", "days"),
    [
        ("vanished", 201, 9135, 1),
        ("vanished", 822, 9135, 22),
        ("vanished", 217, 700, 520 / 24),
        ("vanished", 7, 60, 0.01),
        ("released", 201, 9135, 1),
        ("booked", 220, 9135, 1),
        ("booked", 19, 20, 1),
        ("corrected", 200, 9135, 1),
        ("transferred", 600, 9135, 1),
        ("court_date_changed", 3000, 9135, 1),
        ("escaped", 1, 9135, 0.01),
        ("escaped", 4, 20, 0.01),
        ("died", 1, 20, 0.01),
    ],
    ids=[
        "New York City's busiest shared day",
        "New York City after 22 days: 9 % are gone",
        "a county jail after 520 hours: 31 % are gone",
        "a morning's court releases from a small jail",
        "as many releases",
        "a city's bookings of a day",
        "a small jail's busy night",
        "two hundred come back at once",
        "a wing is moved",
        "a court sets its calendar",
        "a lone escape",
        "an escape of four from a small jail",
        "a death",
    ],
)
def test_what_happens_passes(kind: str, number: int, of: int, days: float) -> None:
    assert not held(kind, number, of=of, days=days)


@pytest.mark.parametrize(
    ("kind", "number", "of", "days"),
    [
        ("released", 1891, 14000, 1),
        ("vanished", 4567, 9135, 1),
        ("vanished", 914, 9135, 1),
        ("vanished", 9135, 9135, 22),
        ("vanished", 700, 700, 520 / 24),
        ("vanished", 10, 20, 0.01),
        ("escaped", 100, 9135, 1),
        ("died", 5, 20, 0.01),
        ("removed", 400, 1000, 1),
        ("booked", 9000, 9135, 1),
        ("transferred", 5000, 9135, 1),
        ("release_date_changed", 9000, 9135, 1),
    ],
    ids=[
        "a mass edit releases 1,891 of 14,000 at once",
        "half of the file is missing",
        "a tenth of the file is missing, a day after the last",
        "the file has none of them, even after 22 days",
        "the file has none of them, even after 520 hours",
        "half of a small jail within minutes",
        "a hundred escapes",
        "five deaths in a small jail",
        "two in five removed in a day",
        "everybody is booked anew",
        "more than half are moved",
        "every date is moved",
    ],
)
def test_what_no_jail_did_is_held(kind: str, number: int, of: int, days: float) -> None:
    assert held(kind, number, of=of, days=days)


@pytest.mark.parametrize("kind", PRIORS)
@pytest.mark.parametrize("of", [0, 1, 4, 20, 10_000])
def test_fewer_than_five_are_never_held(kind: str, of: int) -> None:
    quiet = calm(0, of=of, kind=kind)
    assert not held(kind, NEVER_HELD_BELOW - 1, of=of, days=0, past=quiet)


@pytest.mark.parametrize("kind", PRIORS)
def test_the_limit_grows_with_the_people_held_and_with_the_time(kind: str) -> None:
    by_people = [judged(kind, 1, of=of, days=1).limit for of in (10, 100, 1_000, 10_000)]
    by_days = [judged(kind, 1, of=10_000, days=days).limit for days in (0.1, 1, 2, 10, 40)]
    assert by_people == sorted(by_people)
    assert by_people[-1] > by_people[0]
    assert by_days == sorted(by_days)
    assert by_days[-1] > by_days[0]


def test_minutes_are_judged_as_a_day() -> None:
    assert judged("vanished", 1, of=1000, days=0.01) == judged("vanished", 1, of=1000, days=1)


def test_a_file_that_crumbles_a_little_each_time_is_held_by_what_it_lost_in_a_day() -> None:
    assert not held("vanished", 40, of=1000, days=0.01)
    assert held("vanished", 40, of=1000, days=0.01, lately=40)
    assert not held("vanished", 4, of=1000, days=0.01, lately=400)  # so few never are
    assert not held("vanished", 40, of=1000, days=3, lately=40)  # it was silent for longer than that


def test_a_source_that_loses_few_is_held_tighter() -> None:
    past = calm(3, of=1000)
    assert not held("vanished", 40, of=1000, days=DAY)
    assert held("vanished", 40, of=1000, days=DAY, past=past)
    assert not held("vanished", 9, of=1000, days=DAY, past=past)


def test_a_source_that_loses_many_is_held_looser() -> None:
    assert held("vanished", 150, of=1000, days=DAY)
    assert not held("vanished", 150, of=1000, days=DAY, past=calm(100, of=1000))


def test_a_mad_day_does_not_make_the_next_one_normal_and_three_of_them_do() -> None:
    quiet = [3] * (HISTORY_DAYS - 3)
    for mad, expected in (([60, 3, 3], True), ([60, 60, 3], True), ([60, 60, 60], False)):
        past = shown(quiet + mad, of=1000)
        assert held("vanished", 60, of=1000, days=2, past=past) is expected


def test_weekdays_are_judged_apart_once_there_are_six_of_each() -> None:
    """Courts sit on Mondays: forty leave then, and hardly anybody on other days."""
    mondays = [40 if (TODAY - timedelta(days=back)).weekday() == 0 else 1 for back in range(63, 0, -1)]
    past = shown(mondays, of=1000, kind="released")
    sunday = TODAY + timedelta(days=6)
    assert not held("released", 60, of=1000, days=DAY, past=past)
    assert held("released", 60, of=1000, days=DAY, past=past, on=sunday)
    assert judged("released", 60, of=1000, days=DAY, past=past[-30:], on=sunday).usual == 1


def test_what_is_usual_is_the_median_in_the_time_elapsed() -> None:
    assert judged("vanished", 5, of=1000, days=DAY).usual is None
    assert judged("vanished", 5, of=1000, days=DAY, past=calm(20, of=1000)).usual == 20
    assert judged("vanished", 5, of=1000, days=3, past=calm(20, of=1000)).usual == 59


@pytest.mark.parametrize(
    "past",
    [
        calm(100, of=1000, rosters=LEARNED_DAYS - 1),
        [Past(on=TODAY, in_custody=1000, days=0.01, events={"vanished": 100})] * 60,
    ],
    ids=["too few days", "many rosters, within hours"],
)
def test_nothing_is_learned_too_early(past: list[Past]) -> None:
    assert held("vanished", 150, of=1000, days=DAY, past=past)


def test_a_source_that_lost_everybody_once_does_not_break_the_arithmetic() -> None:
    assert held("vanished", 501, of=500, days=DAY, past=calm(0, of=500))
    assert not held("vanished", 480, of=500, days=DAY, past=calm(500, of=500))


def test_kinds_are_judged_apart() -> None:
    now = Now(on=TODAY, in_custody=1000, days=DAY, lately={})
    verdicts = judge({"vanished": 500, "booked": 20, "escaped": 1, "released": 300}, now, [])
    assert {verdict.kind: verdict.abnormal for verdict in verdicts} == {
        "vanished": True,
        "booked": False,
        "escaped": False,
        "released": True,
    }


def test_updates_are_told_to_nobody_and_so_are_not_judged() -> None:
    assert judge({"updated": 9000}, Now(on=TODAY, in_custody=9135, days=DAY, lately={}), []) == []
    assert not needs_history({"updated": 9000, "vanished": 4})


kinds = st.sampled_from(sorted(PRIORS))
people = st.integers(20, 20_000)


@given(kinds, people, st.data())
def test_an_ordinary_history_never_holds_an_ordinary_day(kind: str, of: int, data: st.DataObject) -> None:
    """Days that differ by as much as one from its double are ordinary, in any order, quiet ones or busy."""
    least = data.draw(st.integers(0, of // 4))
    days = data.draw(
        st.lists(st.integers(least, min(2 * least + 3, of)), min_size=LEARNED_DAYS + 1, max_size=HISTORY_DAYS)
    )
    assert not held(kind, days[-1], of=of, days=DAY, past=shown(days[:-1], of=of, kind=kind))


@given(kinds, people, st.lists(st.integers(0, 40), max_size=HISTORY_DAYS), st.floats(0.01, 40), st.data())
def test_more_of_what_is_held_is_never_free(
    kind: str, of: int, numbers: list[int], days: float, data: st.DataObject
) -> None:
    past = shown([min(number, of) for number in numbers], of=of, kind=kind)
    number, lately = data.draw(st.integers(0, of)), data.draw(st.integers(0, of))
    more, later = data.draw(st.integers(number, of)), data.draw(st.integers(lately, of))
    if held(kind, number, of=of, days=days, past=past, lately=lately):
        assert held(kind, more, of=of, days=days, past=past, lately=later)


@given(kinds, people, st.lists(st.integers(0, 400), min_size=LEARNED_DAYS, max_size=HISTORY_DAYS), st.data())
def test_how_mad_one_day_was_changes_nothing(
    kind: str, of: int, numbers: list[int], data: st.DataObject
) -> None:
    numbers = [min(number, of // 4) for number in numbers]
    place = data.draw(st.integers(0, len(numbers) - 1))
    limits = set()
    for mad in data.draw(st.tuples(*[st.integers(min(2 * max(numbers) + 1, of), of)] * 2)):
        days = [*numbers[:place], mad, *numbers[place + 1 :]]
        limits.add(judged(kind, 5, of=of, days=DAY, past=shown(days, of=of, kind=kind)).limit)
    assert len(limits) == 1


def lists(rows: Sequence[int], days: float = DAY) -> list[Length]:
    """Lists of so many rows, one after another."""
    return [Length(rows=number, days=days) for number in rows]


def test_a_list_that_is_much_shorter_than_the_last_is_a_cut_one() -> None:
    steady = lists([120, 124, 118, 121, 119, 125, 122, 117, 120, 123, 121, 119, 122])
    assert 85 < fewest_rows(1, steady) < 108
    assert fewest_rows(9, steady) < fewest_rows(1, steady)
    assert fewest_rows(1, steady[:LEARNED_DAYS]) == 0
    emptying = lists([400 - 20 * day for day in range(13)])
    assert fewest_rows(1, emptying) == 140  # the next step down, and no more


@given(st.integers(20, 5000), st.data())
def test_lists_that_grow_and_shrink_by_a_tenth_are_never_cut_ones(rows: int, data: st.DataObject) -> None:
    least = rows - rows // 11
    history = data.draw(st.lists(st.integers(least, rows), min_size=LEARNED_DAYS + 2, max_size=60))
    assert history[-1] >= fewest_rows(data.draw(st.floats(0.01, 30)), lists(history[:-1]))
