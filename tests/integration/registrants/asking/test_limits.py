"""One address of the internet looks and asks so often in an hour, and is forgotten after it."""

from datetime import timedelta

import pytest

from watchword.core.clock import now
from watchword.registrants.asking.limits import MOST_AN_HOUR, forget_knocks, may_knock
from watchword.registrants.asking.models import Knock

pytestmark = pytest.mark.django_db
HERS, ANOTHERS = "203.0.113.7", "203.0.113.8"


def knock_as_often_as_one_may(address: str) -> None:
    assert all(may_knock("ask", address) for _ in range(MOST_AN_HOUR["ask"]))


def test_past_its_limit_an_address_waits_and_no_other_does() -> None:
    knock_as_often_as_one_may(HERS)
    assert not may_knock("ask", HERS)
    assert may_knock("look", HERS)
    assert may_knock("ask", ANOTHERS)


def test_after_an_hour_it_may_ask_again_and_nothing_is_kept() -> None:
    knock_as_often_as_one_may(HERS)
    Knock.objects.update(at=now() - timedelta(hours=1))
    assert may_knock("ask", HERS)
    assert forget_knocks() == MOST_AN_HOUR["ask"]
    assert Knock.objects.count() == 1


def test_a_household_is_one_whatever_address_of_its_own_it_takes() -> None:
    knock_as_often_as_one_may("2001:db8:7::1")
    assert not may_knock("ask", "2001:db8:7::ffff")
    assert may_knock("ask", "2001:db8:8::1")
    knock_as_often_as_one_may(HERS)
    assert not may_knock("ask", f"::ffff:{HERS}")


def test_whoever_comes_through_a_proxy_on_this_machine_has_no_limit_in_common() -> None:
    knock_as_often_as_one_may("127.0.0.1")
    assert may_knock("ask", "127.0.0.1")
