"""A registrant's order of contact points, silent times and backups: kept, and in the ledger; or refused."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest

from tests.county import County
from tests.integration.notices.test_writing import active
from watchword.audit.models import Entry
from watchword.core.errors import WatchwordError
from watchword.registrants import preferences
from watchword.registrants.models import ContactPoint, SilentTime
from watchword.registrants.preferences import registrant_of
from watchword.registrants.queries import contact_points_of, silent_times_of

BY = "Officer Vale"
ALL = SilentTime.KeepsBack.ALL
MARCH_2 = date(2026, 3, 2)
NIGHT: dict[str, Any] = {"starts": time(22), "ends": time(7)}


def voice() -> int:
    return ContactPoint.objects.get(channel="voice", backup=False).pk


def test_the_ladder_is_in_the_order_that_was_asked_for(county: County) -> None:
    county.person()
    registration = active().pk
    preferences.set_rung(voice(), 3, by=BY)
    email = ContactPoint.objects.get(channel="email").pk
    preferences.set_rung(email, 2, by=BY)
    assert [(point["channel"], point["rung"]) for point in contact_points_of(registration)] == [
        ("text", 1),
        ("email", 2),
        ("voice", 3),
    ]
    shown = str(contact_points_of(registration))
    assert "***23" in shown
    assert "5550123" not in shown
    assert "bea@" not in shown.lower()


def test_quiet_hours_hold_back_what_is_routine_or_all_but_releases_or_everything(county: County) -> None:
    county.person()
    registration = active().pk
    preferences.keep_quiet(registrant_of(registration), **NIGHT, by=BY)
    preferences.keep_quiet(
        registrant_of(registration), **NIGHT, days=[6, 7], keeps_back=SilentTime.KeepsBack.ALL, by=BY
    )
    preferences.black_out(
        registrant_of(registration),
        first_day=date(2026, 12, 24),
        last_day=date(2026, 12, 26),
        keeps_back=SilentTime.KeepsBack.ALL_BUT_RELEASES,
        by=BY,
    )
    unsafe = preferences.never_safe(voice(), starts=time(17), ends=time(18), days=[1], by=BY)
    kept = [(each["kind"], each["keeps_back"], each["days"]) for each in silent_times_of(registration)]
    assert kept == [
        ("quiet", "routine", [1, 2, 3, 4, 5, 6, 7]),
        ("quiet", "all", [6, 7]),
        ("blackout", "all_but_releases", []),
        ("never_safe", "all", [1]),
    ]
    preferences.end_silence(unsafe.pk, by=BY)
    assert len(silent_times_of(registration)) == 3
    assert sorted(
        Entry.objects.filter(actor=BY, action__startswith="silent").values_list("action", flat=True)
    ) == [
        "silent_time.blackout",
        "silent_time.end",
        "silent_time.never_safe",
        "silent_time.quiet",
        "silent_time.quiet",
    ]


def test_a_backup_is_another_persons_and_is_used_once_verified(county: County) -> None:
    county.person()
    registration = active().pk
    (point,) = preferences.name_backup(
        registration, email="dot@example.org", phone=None, verified=False, by=BY
    )
    assert (point.backup, point.verified_at, point.allows_detail) == (True, None, False)
    assert [each["channel"] for each in contact_points_of(registration)][-1] == "email"
    with pytest.raises(WatchwordError, match="already"):
        preferences.name_backup(registration, email="bea@example.org", phone=None, verified=True, by=BY)


def test_a_voicemail_may_say_more_where_the_registrant_wants_it(county: County) -> None:
    county.person()
    active()
    preferences.set_voicemail(voice(), says_more=True, by=BY)
    assert ContactPoint.objects.get(pk=voice()).voicemail_says_more
    assert Entry.objects.get(action="contact_point.change").facts == {
        "changed": {"voicemail_says_more": True}
    }


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda r: preferences.never_safe(voice(), starts=time(0), ends=time(0), by=BY), "never be used"),
        (
            lambda r: preferences.keep_quiet(registrant_of(r), starts=time(0), ends=time(0), by=BY),
            "never get what is routine",
        ),
        (lambda r: preferences.never_safe(voice(), **NIGHT, days=[8], by=BY), "weekdays"),
        (lambda r: preferences.never_safe(0, **NIGHT, by=BY), "no contact point 0"),
        (lambda r: preferences.keep_quiet(registrant_of(0), **NIGHT, by=BY), "no registration 0"),
        (lambda r: preferences.keep_quiet(registrant_of(r), **NIGHT, days=[], by=BY), "weekdays"),
        (
            lambda r: preferences.black_out(
                registrant_of(r), first_day=date(2026, 3, 2), last_day=date(2026, 3, 1), by=BY
            ),
            "before",
        ),
        (
            lambda r: preferences.black_out(
                registrant_of(r), first_day=date(2026, 3, 2), last_day=date(2026, 9, 1), by=BY
            ),
            "pause",
        ),
        (lambda r: preferences.set_rung(voice(), 0, by=BY), "rung from 1"),
        (lambda r: preferences.end_silence(7, by=BY), "no silent time 7"),
        (
            lambda r: preferences.name_backup(r, email=None, phone=None, verified=True, by=BY),
            "email, phone number or postal",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words_that_help_and_leaves_nothing(
    county: County, act: Callable[[int], object], said: str
) -> None:
    county.person()
    registration = active().pk
    before = Entry.objects.count()
    with pytest.raises(WatchwordError, match=said):
        act(registration)
    assert not SilentTime.objects.exists()
    assert Entry.objects.count() == before
