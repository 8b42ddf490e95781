"""Time as statutes count it."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.law.times import (
    age_on,
    days_covered,
    hours_after,
    weekends_and,
    weekends_and_holidays,
    years_before,
)

NEW_YORK = weekends_and_holidays("US", "NY")
days = st.dates(date(2000, 1, 1), date(2050, 1, 1))
near_days = st.dates(date(2019, 1, 1), date(2019, 6, 1))


def test_29_february_becomes_28_february_in_a_year_without_one() -> None:
    assert years_before(date(2024, 2, 29), 5) == date(2019, 2, 28)
    assert years_before(date(2024, 2, 29), 4) == date(2020, 2, 29)


@pytest.mark.parametrize(
    ("on", "years"),
    [("2023-02-27", 18), ("2023-02-28", 18), ("2023-03-01", 19), ("2024-02-28", 19), ("2024-02-29", 20)],
)
def test_who_was_born_on_29_february_turns_older_on_1_march_in_other_years(on: str, years: int) -> None:
    assert age_on(date.fromisoformat(on), date(2004, 2, 29)) == years


@pytest.mark.parametrize(
    ("start", "over"),
    [
        ("2019-09-09T10:00", "2019-09-11T10:00"),  # from a Monday
        ("2019-09-06T10:00", "2019-09-10T10:00"),  # over a weekend
        ("2019-08-30T10:00", "2019-09-04T10:00"),  # over Labor Day's weekend
        ("2019-09-07T10:00", "2019-09-11T00:00"),  # from a Saturday: the hours begin on Monday
        ("2019-12-24T12:00", "2019-12-27T12:00"),  # over Christmas Day
    ],
)
def test_48_hours_do_not_run_on_saturdays_sundays_and_holidays(start: str, over: str) -> None:
    assert hours_after(datetime.fromisoformat(start), 48, NEW_YORK) == datetime.fromisoformat(over)


def test_an_office_may_have_its_own_list_of_holidays() -> None:
    own = weekends_and([date(2019, 9, 10)])
    assert hours_after(datetime(2019, 9, 9, 10), 48, own) == datetime(2019, 9, 12, 10)  # noqa: DTZ001 - the wall's clock


@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)), st.integers(1, 100))  # noqa: DTZ001 - the wall's clock
def test_between_start_and_end_lie_just_so_many_counted_hours(start: datetime, hours: int) -> None:
    over = hours_after(start, hours, NEW_YORK)
    counted = timedelta()
    at = start
    while at < over:
        midnight = datetime.combine(at.date() + timedelta(days=1), datetime.min.time())
        if not NEW_YORK(at.date()):
            counted += min(midnight, over) - at
        at = midnight
    assert counted == timedelta(hours=hours)


@given(days, st.integers(1, 30))
def test_years_back_and_forth_never_gain_a_day(day: date, years: int) -> None:
    earlier = years_before(day, years)
    assert age_on(day, earlier) == years
    assert age_on(day, earlier + timedelta(days=2)) == years - 1


@given(st.lists(st.tuples(near_days, near_days), max_size=6), near_days, near_days)
def test_no_day_in_custody_is_counted_twice_or_outside(
    spans: list[tuple[date, date]], since: date, until: date
) -> None:
    inside = {
        day
        for begin, end in spans
        for day in (begin + timedelta(days=step) for step in range(max(0, (end - begin).days)))
        if since <= day < until
    }
    assert days_covered(spans, since, until) == len(inside)
