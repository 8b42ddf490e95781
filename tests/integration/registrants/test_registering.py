"""Who may be registered, what is kept of them, and what is refused in words that help."""

from datetime import timedelta
from typing import Any

import pytest

from tests.county import County
from watchword.audit.models import Entry
from watchword.core.errors import WatchwordError
from watchword.custody.models import Person
from watchword.registrants.actions import register, verify_contact_points
from watchword.registrants.contacts import stop_contact_point
from watchword.registrants.models import ContactPoint, Registrant, Registration
from watchword.registrants.pins import pin_matches
from watchword.registrants.queries import address_of, contact_points_at, name_of

ASKED = {
    "source_name": "harbor",
    "person_key": "1001",
    "email": "Bea@Example.org",
    "phone": "(202) 555-0123",
    "language": "es",
    "pin": "246813",
}


def ask(**changed: Any) -> Registration:
    return register(**{**ASKED, **changed})


def test_a_phone_is_two_contact_points_and_nothing_readable_is_kept(county: County) -> None:
    county.person()
    registration = ask(name="Bea Example")
    points = list(ContactPoint.objects.order_by("channel"))
    assert [(point.channel, address_of(point)) for point in points] == [
        ("email", "bea@example.org"),
        ("text", "+12025550123"),
        ("voice", "+12025550123"),
    ]
    registrant = registration.registrant
    assert name_of(registrant) == "Bea Example"
    assert pin_matches("246813", registrant.pin_hash)
    assert (registrant.language, registrant.time_zone) == ("es", "America/New_York")
    kept = b"".join(bytes(point.address) + bytes(point.address_index) for point in points) + bytes(
        registrant.name or b""
    )
    assert not any(word in kept for word in (b"bea", b"Bea", b"555", b"Example"))


def test_an_address_is_found_again_however_it_is_written(county: County) -> None:
    county.person()
    registrant = ask().registrant
    assert [point.registrant for point in contact_points_at("text", "202.555.0123")] == [registrant]
    assert [point.channel for point in contact_points_at("voice", "+1 202 555 0123")] == ["voice"]
    assert contact_points_at("email", "BEA@example.org")[0].registrant == registrant
    assert contact_points_at("email", "cal@example.org") == []


def test_unverified_is_pending_until_an_officer_verified_it(county: County) -> None:
    county.person()
    registration = ask()
    assert registration.state == "pending"
    assert registration.entitled_from is None
    assert not ContactPoint.objects.exclude(verified_at=None).exists()
    registration = verify_contact_points(registration.pk, by="Officer Vale")
    assert registration.state == "active"
    assert registration.entitled_from is not None
    assert registration.entitled_until is None
    assert not ContactPoint.objects.filter(verified_at=None).exists()
    last = Entry.objects.order_by("-id")[0]
    assert (last.actor, last.action, last.subject) == (
        "Officer Vale",
        "registration.verify_contact_points",
        f"registration:{registration.pk}",
    )


def test_verified_is_active_at_once_and_the_ledger_says_by_whom(county: County) -> None:
    county.person()
    registration = ask(verified=True, by="Officer Vale")
    assert registration.state == "active"
    assert set(ContactPoint.objects.values_list("verified_at", flat=True)) == {registration.entitled_from}
    entry = Entry.objects.get()
    assert (entry.actor, entry.action) == ("Officer Vale", "registration.register")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"source_name": "nowhere"}, "source list"),
        ({"person_key": "9999"}, "--watch"),
        ({"email": None, "phone": None}, "email address, a phone number or a postal"),
        ({"email": "", "phone": ""}, "email address, a phone number or a postal"),
        ({"email": "not an address"}, "email"),
        ({"phone": "123"}, "phone"),
        ({"language": "xx"}, "en, es"),
        ({"time_zone": "Mars/Olympus"}, "IANA"),
        ({"pin": "111111"}, "PIN"),
        ({"verified": True}, "--by"),
        ({"watch": True, "watch_days": 0, "person_key": "9999"}, "day"),
    ],
)
def test_what_cannot_be_is_refused_in_words_that_help_and_leaves_nothing(
    county: County, changed: dict[str, Any], said: str
) -> None:
    county.person()
    with pytest.raises(WatchwordError, match=said) as refused:
        ask(**changed)
    assert "246813" not in str(refused.value)
    assert not Registrant.objects.exists()
    assert not Entry.objects.exists()
    assert Person.objects.count() == 1


def test_a_watch_waits_for_somebody_never_listed(county: County) -> None:
    registration = ask(person_key="2002", watch=True, watch_days=30, verified=True, by="Officer Vale")
    assert registration.watching
    assert registration.watch_ends_at is not None
    assert registration.entitled_from is not None
    assert registration.watch_ends_at - registration.entitled_from == timedelta(days=30)
    second = ask(person_key="2002", email="cal@example.org", watch=True)
    assert second.watching, "that somebody else watches does not make the person listed"
    assert second.person == registration.person


def test_a_watch_for_somebody_listed_already_is_an_ordinary_registration(county: County) -> None:
    county.person(status="released")
    registration = ask(watch=True)
    assert not registration.watching
    assert registration.watch_ends_at is None


def test_a_contact_point_is_stopped_once_for_its_first_reason(county: County) -> None:
    county.person()
    ask()
    point = contact_points_at("voice", "+12025550123")[0]
    stop_contact_point(point.pk, "wrong_number")
    stop_contact_point(point.pk, "opted_out")
    point.refresh_from_db()
    assert point.stopped_at is not None
    assert point.stopped_why == "wrong_number"
    assert Entry.objects.filter(action="contact_point.stop").count() == 1
    assert contact_points_at("text", "+12025550123")[0].stopped_at is None, (
        "it stops that contact point alone"
    )
