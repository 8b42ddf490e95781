"""What a provider that is taken for ill is given: hardly anything while it is down, all it can take when it is back."""

from collections.abc import Callable

import pytest

from watchword.delivery.health import Outcome
from watchword.delivery.probing import LONGEST_REST, Probing

GOOD, ERROR = Outcome.SUCCESS, Outcome.ERROR
TRIP = 0.1  # seconds that each message takes


def sent(seconds: float, answers: Callable[[int], Outcome], most: int = 50) -> int:
    """How many messages it is given in so long, by a lane of so many places that always has more."""
    probing, given, at = Probing(), 0, 0.0
    while at < seconds:
        outcomes = [answers(given + place) for place in range(min(most, probing.places(at)))]
        given += len(outcomes)
        at += TRIP
        for outcome in outcomes:
            probing.ended(at, outcome)
    return given


def test_the_first_goes_at_once() -> None:
    assert Probing().places(0.0) == 1


def test_one_that_is_down_is_given_a_message_every_few_seconds() -> None:
    assert sent(60, lambda number: ERROR) <= 60 / LONGEST_REST + 4


def test_one_that_is_back_has_all_its_places_within_seconds() -> None:
    assert sent(2, lambda number: GOOD) > 500


@pytest.mark.parametrize(("one_in", "least"), [(10, 1000), (3, 150)])
def test_one_that_fails_now_and_then_goes_on_with_as_much_as_it_takes(one_in: int, least: int) -> None:
    assert sent(60, lambda number: ERROR if number % one_in == 0 else GOOD) > least


def test_a_failure_among_many_does_not_make_it_rest() -> None:
    probing = Probing()
    for _ in range(9):
        probing.ended(1.0, GOOD)
    probing.ended(1.0, ERROR)
    assert probing.places(1.0) == 5
