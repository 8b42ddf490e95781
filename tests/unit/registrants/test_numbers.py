"""Registration numbers: no two alike, none next to another, and read however they are typed."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.registrants.numbers import number_of, registrant_id_of


@given(st.integers(1, 9_999_999_999))
def test_a_number_leads_back_to_its_registrant(registrant: int) -> None:
    number = number_of(registrant)
    assert len(number) == 10
    assert registrant_id_of(f" {number[:3]}-{number[3:6]} {number[6:]} ") == registrant


def test_the_numbers_of_neighbours_say_nothing_of_one_another() -> None:
    numbers = [int(number_of(registrant)) for registrant in range(1, 2_000)]
    assert len(set(numbers)) == len(numbers)
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    assert len(steps) > 1_900


@pytest.mark.parametrize("typed", ["", "12345", "12345678901", "12345abcde", "١٢٣٤٥٦٧٨٩٠"])
def test_what_is_no_number_leads_nowhere(typed: str) -> None:
    assert registrant_id_of(typed) is None
