"""What is normal: real jails' busiest days pass, and what no jail ever did is held."""

import pytest

from watchword.custody.breaker import HISTORY, LEARNED_AFTER, NEVER_HELD_BELOW, PRIORS, Past, judge

DAY = 1.0


def held(kind: str, number: int, *, of: int, days: float, past: list[Past] | None = None) -> bool:
    """Whether so many changes of that kind wait for a person."""
    (verdict,) = judge({kind: number}, of, days, past or [])
    return verdict.abnormal


def calm(
    number: int, *, of: int, kind: str = "vanished", days: float = DAY, rosters: int = HISTORY
) -> list[Past]:
    """A source that has shown this many changes a roster."""
    return [Past(in_custody=of, days=days, events={kind: number})] * rosters


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
    def limit(of: int, days: float) -> int:
        return judge({kind: 1}, of, days, [])[0].limit

    by_people = [limit(of, 1) for of in (10, 100, 1_000, 10_000)]
    by_days = [limit(10_000, days) for days in (0.1, 1, 2, 10, 40)]
    assert by_people == sorted(by_people)
    assert by_people[-1] > by_people[0]
    assert by_days == sorted(by_days)
    assert by_days[-1] > by_days[0]


def test_minutes_are_judged_as_a_day() -> None:
    assert judge({"vanished": 1}, 1000, 0.01, []) == judge({"vanished": 1}, 1000, 1, [])


def test_a_source_that_loses_few_is_held_tighter() -> None:
    past = calm(3, of=1000)
    assert not held("vanished", 40, of=1000, days=DAY)
    assert held("vanished", 40, of=1000, days=DAY, past=past)
    assert not held("vanished", 9, of=1000, days=DAY, past=past)


def test_a_source_that_loses_many_is_held_looser() -> None:
    assert held("vanished", 150, of=1000, days=DAY)
    assert not held("vanished", 150, of=1000, days=DAY, past=calm(100, of=1000))


def test_one_bad_day_makes_the_next_as_bad_pass_and_not_a_worse_one() -> None:
    past = [*calm(3, of=1000, rosters=HISTORY - 1), Past(in_custody=1000, days=DAY, events={"vanished": 60})]
    assert not held("vanished", 60, of=1000, days=DAY, past=past)
    assert held("vanished", 200, of=1000, days=DAY, past=past)


@pytest.mark.parametrize(
    "past",
    [calm(100, of=1000, rosters=LEARNED_AFTER - 1), calm(100, of=1000, days=0.01, rosters=HISTORY)],
    ids=["too few rosters", "enough rosters, within hours"],
)
def test_nothing_is_learned_too_early(past: list[Past]) -> None:
    assert held("vanished", 150, of=1000, days=DAY, past=past)


def test_a_source_that_lost_everybody_once_does_not_break_the_arithmetic() -> None:
    past = calm(500, of=500)
    assert held("vanished", 501, of=500, days=DAY, past=calm(0, of=500))
    assert not held("vanished", 480, of=500, days=DAY, past=past)


def test_kinds_are_judged_apart() -> None:
    verdicts = judge({"vanished": 500, "booked": 20, "escaped": 1, "released": 300}, 1000, DAY, [])
    assert {verdict.kind: verdict.abnormal for verdict in verdicts} == {
        "vanished": True,
        "booked": False,
        "escaped": False,
        "released": True,
    }


def test_updates_are_told_to_nobody_and_so_are_not_judged() -> None:
    assert judge({"updated": 9000}, 9135, DAY, []) == []
