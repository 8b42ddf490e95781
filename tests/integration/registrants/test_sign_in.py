"""Number and PIN bring a registrant back; whatever is wrong looks alike, and locking out stops no notice."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.county import County
from tests.integration.registrants.test_registering import ask
from watchword.core.clock import now
from watchword.notices.actions import write_notices
from watchword.notices.models import Notice
from watchword.registrants.models import Registrant, SignInTry
from watchword.registrants.numbers import number_of
from watchword.registrants.pins import pin_matches
from watchword.registrants.sign_in import LOCKED_FOR, WRONG_TRIES, sign_in

PIN = "246813"


@pytest.fixture
def number(county: County) -> str:
    county.person()
    return number_of(ask(verified=True, by="Officer Vale").registrant_id)


def test_number_and_pin_are_enough(number: str) -> None:
    assert sign_in(f"{number[:5]} {number[5:]}", PIN) == Registrant.objects.get()
    assert sign_in(number, "904817") is None


@pytest.mark.parametrize("known", [True, False], ids=["a number in use", "a number of nobody's"])
def test_too_many_wrong_tries_lock_a_number_for_a_while(number: str, known: bool) -> None:
    tried = number if known else number_of(999)
    for _ in range(WRONG_TRIES):
        assert sign_in(tried, "904817") is None
    assert sign_in(tried, PIN) is None
    SignInTry.objects.update(at=now() - LOCKED_FOR - timedelta(minutes=1))
    assert (sign_in(tried, PIN) is not None) == known
    assert known or sign_in(number, PIN), "another number is not locked by it"


def test_locking_out_stops_no_notice(county: County, number: str) -> None:
    for _ in range(WRONG_TRIES + 1):
        sign_in(number, "904817")
    person = Registrant.objects.get().registrations.get().person
    assert write_notices(county.event(person, "released").roster_id) == 1
    assert Notice.objects.get(kind="released").state == "open"


def test_unknown_wrong_and_locked_cost_the_same(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    real = pin_matches

    def counting(pin: str, pin_hash: str | None) -> bool:
        compared.append(1)
        return real(pin, pin_hash)

    monkeypatch.setattr("watchword.registrants.sign_in.pin_matches", counting)
    costs = []
    tries = [(number, "904817"), (number_of(999), PIN), ("no number", PIN)]
    for given, pin in [*tries, *[(number, "904817")] * WRONG_TRIES, (number, PIN)]:
        with CaptureQueriesContext(connection) as captured:
            assert sign_in(given, pin) is None
        costs.append((len(captured.captured_queries), len(compared)))
        compared.clear()
    assert len(set(costs)) == 1
    assert costs[0][1] == 1
