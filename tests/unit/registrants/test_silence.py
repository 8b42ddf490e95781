"""The next moment outside silent times: whatever they are, wherever, and whatever the clocks do that night."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.registrants.models import SilentTime
from watchword.registrants.silence import MARGIN, Days, Hours, Silence, opens_at, silences

NEW_YORK = ZoneInfo("America/New_York")
EVERY_DAY = frozenset(range(1, 8))
NIGHT = Hours(days=EVERY_DAY, starts=time(22), ends=time(7))


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-03-03 12:00-05:00", "2026-03-03 12:00-05:00"),
        ("2026-03-03 22:00-05:00", "2026-03-04 07:00-05:00"),
        ("2026-03-04 06:59-05:00", "2026-03-04 07:00-05:00"),
        ("2026-03-04 07:00-05:00", "2026-03-04 07:00-05:00"),
        ("2026-03-07 23:00-05:00", "2026-03-08 07:00-04:00"),  # the clocks go forward in this night
        ("2026-10-31 23:00-04:00", "2026-11-01 07:00-05:00"),  # and back in this one
    ],
)
def test_a_night_of_silence_ends_in_the_morning(at: str, opens: str) -> None:
    assert opens_at(datetime.fromisoformat(at), [NIGHT], NEW_YORK) == datetime.fromisoformat(opens)


@pytest.mark.parametrize(
    ("ends", "at", "opens"),
    [
        (time(2, 30), "2026-03-08 06:30Z", "2026-03-08 07:00Z"),  # 2:30 is skipped: 1:59 is followed by 3:00
        (time(1, 30), "2026-11-01 05:00Z", "2026-11-01 05:30Z"),  # 1:30, for the first time
        (time(1, 30), "2026-11-01 06:00Z", "2026-11-01 06:30Z"),  # 1:00 comes again, and 1:30 too
    ],
)
def test_an_end_that_the_clocks_skip_or_repeat(ends: time, at: str, opens: str) -> None:
    silence = Hours(days=EVERY_DAY, starts=time(0), ends=ends)
    assert opens_at(datetime.fromisoformat(at), [silence], NEW_YORK) == datetime.fromisoformat(opens)


def test_hours_of_some_weekdays_begin_on_those_alone() -> None:
    friday_night = Hours(days=frozenset({5}), starts=time(20), ends=time(9))
    thursday, friday, saturday = (datetime(2026, 3, day, 21, tzinfo=NEW_YORK) for day in (5, 6, 7))
    assert opens_at(thursday, [friday_night], NEW_YORK) == thursday
    assert opens_at(friday, [friday_night], NEW_YORK) == datetime(2026, 3, 7, 9, tzinfo=NEW_YORK)
    assert opens_at(saturday, [friday_night], NEW_YORK) == saturday


def test_a_blackout_is_whole_days_and_runs_into_the_night_after_it() -> None:
    days = Days(first=date(2026, 3, 3), last=date(2026, 3, 5))
    at = datetime(2026, 3, 3, tzinfo=NEW_YORK)
    assert opens_at(at, [days], NEW_YORK) == datetime(2026, 3, 6, tzinfo=NEW_YORK)
    assert opens_at(at, [days, NIGHT], NEW_YORK) == datetime(2026, 3, 6, 7, tzinfo=NEW_YORK)
    just_before = at - timedelta(minutes=1)
    assert opens_at(just_before, [days], NEW_YORK) == just_before


def test_what_is_never_open_is_not_sent_for_more_than_a_year() -> None:
    always = Hours(days=EVERY_DAY, starts=time(0), ends=time(0))
    at = datetime(2026, 3, 3, tzinfo=UTC)
    assert opens_at(at, [always], NEW_YORK) > at + timedelta(days=366)


zones = st.sampled_from(
    ["America/New_York", "America/Phoenix", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
).map(ZoneInfo)
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))
margins = st.sampled_from([timedelta(), MARGIN])
hours = st.builds(
    Hours,
    days=st.frozensets(st.integers(1, 7), min_size=1, max_size=6),
    starts=minutes,
    ends=minutes,
    margin=margins,
)
dates = st.dates(date(2026, 3, 1), date(2026, 11, 10))
blackouts = st.builds(
    lambda first, length: Days(first=first, last=first + timedelta(days=length)), dates, st.integers(0, 9)
)
# Around the nights in which clocks are set, and anywhere else.
moments = st.sampled_from(
    [
        datetime(2026, 3, 8, 5, tzinfo=UTC),
        datetime(2026, 11, 1, 4, tzinfo=UTC),
        datetime(2026, 4, 4, 14, tzinfo=UTC),
    ]
).flatmap(
    lambda night: st.integers(-180, 360).map(lambda minute: night + timedelta(minutes=minute))
) | st.integers(0, 250 * 24 * 60).map(
    lambda minute: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minute)
)


def is_silent(moment: datetime, silences: list[Silence], zone: ZoneInfo) -> bool:
    """The definition itself: what a clock on the wall shows now, or within the margin."""
    return any(
        each.covers((moment + ahead).astimezone(zone).replace(tzinfo=None))
        for each in silences
        for ahead in (timedelta(), each.margin)
    )


@given(moments, st.lists(hours | blackouts, max_size=4), zones)
def test_it_is_open_then_and_at_no_moment_before(
    at: datetime, silences: list[Silence], zone: ZoneInfo
) -> None:
    opens = opens_at(at, silences, zone)
    if opens >= at + timedelta(days=400):
        return  # never open: shown above
    assert not is_silent(opens, silences, zone)
    minute = at
    while minute < opens:
        assert is_silent(minute, silences, zone), f"{minute} would have done"
        minute += max(timedelta(minutes=1), (opens - at) / 500 // timedelta(minutes=1) * timedelta(minutes=1))


nights = st.builds(
    SilentTime,
    kind=st.just("quiet"),
    keeps_back=st.sampled_from(SilentTime.KeepsBack.values),
    contact_point_id=st.sampled_from([None, 1, 2]),
    days=st.just([1]),
    starts=st.just(time(22)),
    ends=st.just(time(7)),
)


@given(st.lists(nights, max_size=6), st.booleans(), st.booleans())
def test_each_silent_time_keeps_back_what_was_refused_and_no_more(
    times: list[SilentTime], urgent: bool, wakes: bool
) -> None:
    kept = {"all"} | (set() if urgent else {"routine"}) | (set() if wakes else {"all_but_releases"})
    expected = [each for each in times if each.contact_point_id != 2 and each.keeps_back in kept]
    assert len(silences(times, 1, urgent=urgent, wakes=wakes)) == len(expected)
