"""Who carries a channel, for any history of its providers: tables, and properties over arbitrary histories."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchword.delivery.health import (
    COOL_DOWN,
    TRIAL_SHARES,
    Carrying,
    Outcome,
    Stand,
    Tally,
    Verdict,
    step,
)

GOOD, ERROR, UNKNOWN = Outcome.SUCCESS, Outcome.ERROR, Outcome.UNKNOWN


def tally(*outcomes: Outcome, every: float = 1.0, latency: float = 0.1) -> Tally:
    """Outcomes that came one after another, the last one at second 0."""
    counted = Tally()
    for place, outcome in enumerate(outcomes):
        counted.add((place + 1 - len(outcomes)) * every, outcome, latency)
    return counted


@pytest.mark.parametrize(
    ("outcomes", "every", "verdict"),
    [
        ([], 1, Verdict.UNSURE),
        ([GOOD] * 3, 1, Verdict.WELL),
        ([ERROR] * 2, 1, Verdict.UNSURE),  # too few to say
        ([ERROR] * 3, 1, Verdict.ILL),  # a quiet hour: nothing but failures
        ([ERROR, UNKNOWN, ERROR], 60, Verdict.ILL),
        ([GOOD, GOOD, ERROR, ERROR, UNKNOWN], 1, Verdict.ILL),
        ([GOOD] * 3 + [ERROR] * 2, 1, Verdict.UNSURE),
        ([GOOD] * 500 + [ERROR] * 5, 0.1, Verdict.WELL),  # one in a hundred is nothing
        ([GOOD] * 100 + [ERROR] * 30, 2, Verdict.ILL),  # the last minute is bad
        ([GOOD, GOOD, ERROR] * 30, 3, Verdict.ILL),  # a third, for minutes
        ([ERROR] * 10 + [GOOD] * 100, 2, Verdict.WELL),  # it was ill
    ],
)
def test_a_provider_is_judged_by_its_rates(outcomes: list[Outcome], every: float, verdict: Verdict) -> None:
    assert tally(*outcomes, every=every).verdict(0.0) is verdict


def test_a_provider_that_is_slow_is_ill() -> None:
    assert tally(*[GOOD] * 10, latency=12).verdict(0.0) is Verdict.ILL


def test_what_is_old_is_forgotten() -> None:
    ill = tally(*[ERROR] * 50)
    assert ill.verdict(0.0) is Verdict.ILL
    assert ill.verdict(301.0) is Verdict.UNSURE


def lived(
    seconds: int,
    tallies: list[Tally],
    answers: Callable[[int, float], Outcome],
    stand: Stand,
    start: float = 0,
) -> tuple[Stand, list[Carrying]]:
    """So many seconds with 20 messages in each, given to the providers by their shares, and who carried them."""
    carried = [stand.carrying]
    for second in range(seconds):
        at = start + second
        shares = stand.shares()
        for place, share in enumerate(shares[: len(tallies)]):
            probed = stand.carrying is Carrying.NOBODY and second % 5 == 0
            for _ in range(1 if probed else round(20 * share)):
                tallies[place].add(at, answers(place, at))
        stand = step(stand, tallies, at)
        if stand.carrying is not carried[-1]:
            carried.append(stand.carrying)
    return stand, carried


def test_a_failing_first_provider_gives_way_at_once_and_comes_back_slowly() -> None:
    tallies = [Tally(), Tally()]
    stand, carried = lived(30, tallies, lambda place, at: ERROR if place == 0 else GOOD, Stand())
    assert carried == [Carrying.FIRST, Carrying.SECOND]
    shares = []
    for minute in range(12):
        stand, _ = lived(60, tallies, lambda place, at: GOOD, stand, start=30 + 60 * minute)
        shares.append(stand.shares()[0])
    assert shares == sorted(shares)
    assert set(TRIAL_SHARES) <= set(shares)
    assert stand.carrying is Carrying.FIRST


def test_a_trial_that_fails_is_tried_again_ever_later() -> None:
    stand, carried = lived(7200, [Tally(), Tally()], lambda place, at: ERROR if place == 0 else GOOD, Stand())
    assert carried == [Carrying.FIRST, Carrying.SECOND]
    assert stand.hold > 8 * COOL_DOWN


@pytest.mark.parametrize("providers", [1, 2])
def test_when_all_fail_nobody_carries_it_until_one_is_well(providers: int) -> None:
    tallies = [Tally() for _ in range(providers)]
    stand, _ = lived(300, tallies, lambda place, at: UNKNOWN, Stand())
    assert stand.carrying is Carrying.NOBODY
    stand, carried = lived(300, tallies, lambda place, at: GOOD, stand, start=300)
    assert carried == [Carrying.NOBODY, Carrying.FIRST]


def test_the_second_alone_can_bring_a_channel_back() -> None:
    tallies = [Tally(), Tally()]
    stand, _ = lived(300, tallies, lambda place, at: ERROR, Stand())
    _, carried = lived(300, tallies, lambda place, at: ERROR if place == 0 else GOOD, stand, start=300)
    assert carried == [Carrying.NOBODY, Carrying.SECOND]


MOMENTS = st.tuples(
    st.floats(0.0, 45.0), st.integers(0, 1), st.sampled_from(Outcome), st.integers(1, 30), st.floats(0, 30)
)


@given(st.lists(MOMENTS, max_size=120), st.integers(1, 2))
def test_whatever_happens_there_is_at_most_one_change_in_a_cool_down(
    history: list[tuple[float, int, Outcome, int, float]], providers: int
) -> None:
    tallies = [Tally() for _ in range(providers)]
    stand, at, changes = Stand(), 0.0, list[float]()
    for pause, place, outcome, count, latency in history:
        at += pause
        for _ in range(count):
            tallies[place % providers].add(at, outcome, latency)
        before, stand = stand, step(stand, tallies, at)
        if stand.carrying is not before.carrying:
            changes.append(at)
        assert 0.0 <= sum(stand.shares()) <= 1.0
        assert stand.carrying is not Carrying.SECOND or providers == 2
    assert all(later - earlier >= COOL_DOWN for earlier, later in pairwise(changes))


@settings(max_examples=10)
@given(st.lists(MOMENTS, max_size=60), st.integers(1, 2))
def test_after_whatever_happened_a_channel_whose_providers_work_is_carried_by_its_first(
    history: list[tuple[float, int, Outcome, int, float]], providers: int
) -> None:
    tallies = [Tally() for _ in range(providers)]
    stand, at = Stand(), 0.0
    for pause, place, outcome, count, latency in history:
        at += pause
        for _ in range(count):
            tallies[place % providers].add(at, outcome, latency)
        stand = step(stand, tallies, at)
    stand, _ = lived(1800 + int(stand.hold), tallies, lambda place, now: GOOD, stand, start=at)
    assert stand.carrying is Carrying.FIRST
