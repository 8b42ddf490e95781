"""The words that contact points need are written once, with what was known, and stay as they were."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.county import County
from tests.integration.notices.test_writing import active
from tests.integration.registrants.test_registering import ask
from watchword.custody.models import EventKind, Record
from watchword.notices import wording
from watchword.notices.actions import write_current_status, write_notices, write_summary
from watchword.notices.freezing import freeze_wordings
from watchword.notices.models import Notice, Wording
from watchword.registrants.actions import pause, resume
from watchword.registrants.models import ContactPoint, Registrant


def freeze() -> int:
    return freeze_wordings(list(Notice.objects.values_list("id", flat=True)))


def written() -> list[tuple[str, str]]:
    return sorted(Wording.objects.values_list("language", "channel"))


def test_one_wording_for_each_event_language_and_channel_that_is_needed(county: County) -> None:
    person = county.person()
    active(language="en", phone=None)
    active(language="en", phone=None, email="cal@example.org")
    active(language="es", email=None)
    ask(language="es", email="dot@example.org")  # pending: it needs nothing
    write_notices(county.event(person, "released").roster_id)
    assert freeze() == 4
    assert freeze() == 0
    assert written() == [("en", "email"), ("es", "email"), ("es", "text"), ("es", "voice")], (
        "a text's page is an email's"
    )


def test_only_usable_contact_points_need_words(county: County) -> None:
    person = county.person()
    active()
    ContactPoint.objects.filter(channel="text").update(stopped_at=datetime.now(UTC))
    ContactPoint.objects.filter(channel="email").update(verified_at=None)
    write_notices(county.event(person, "released").roster_id)
    freeze()
    assert written() == [("es", "voice")]


def test_words_once_written_stay_and_all_told_of_an_event_read_the_same(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = county.person()
    active(phone=None)
    event = county.event(person, "released")
    write_notices(event.roster_id)
    freeze()
    before = Wording.objects.get()
    assert before.version == wording.version("es")
    active(phone=None, email="cal@example.org")
    Notice.objects.create(
        registration_id=Registrant.objects.latest("id").registrations.get().pk, event=event, kind="released"
    )
    Record.objects.update(first_name="Another")
    monkeypatch.setattr("watchword.notices.freezing.version", lambda language: f"{language}-2")
    assert freeze() == 0
    assert Wording.objects.get().body == before.body


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind is not EventKind.UPDATED])
def test_every_kind_is_worded_from_what_its_event_says(county: County, kind: EventKind) -> None:
    person = county.person()
    active(language="en")
    at = datetime(2026, 3, 3, 19, 5, tzinfo=UTC)
    changes: dict[EventKind, tuple[dict[str, Any], dict[str, Any]]] = {
        EventKind.TRANSFERRED: ({"facility": "North Jail"}, {"facility": "South Jail"}),
        EventKind.RELEASE_DATE_CHANGED: (
            {"expected_release_on": None},
            {"expected_release_on": "2026-08-09"},
        ),
        EventKind.COURT_DATE_CHANGED: (
            {"next_court_at": "2026-04-01T13:30:00+00:00", "next_court_place": None},
            {"next_court_at": "2026-04-03T13:30:00+00:00", "next_court_place": "Room 4"},
        ),
        EventKind.RELEASED: ({"status": "in_custody"}, {"status": "released", "release_kind": "bail"}),
        EventKind.REMOVED: ({"status": "in_custody"}, {"status": "removed", "destination": "Mexico"}),
        EventKind.CORRECTED: ({"status": "vanished"}, {"status": "in_custody"}),
    }
    before, after = changes.get(kind, ({}, {}))
    event = county.event(person, kind, before=before, after=after, source_at=at)
    write_notices(event.roster_id)
    assert freeze() == 3
    said = Wording.objects.get(channel="voice").body
    facts = {
        EventKind.TRANSFERRED: "from North Jail to South Jail on March 3",
        EventKind.RELEASE_DATE_CHANGED: "is now August 9, 2026",
        EventKind.COURT_DATE_CHANGED: "is now April 3, 2026 at 9:30 AM Eastern Daylight Time. The court is Room 4.",
        EventKind.RELEASED: "released from North Jail on March 3, 2026 at 2:05 PM Eastern Standard Time. "
        "The reason given: bail or bond.",
        EventKind.REMOVED: "on March 3, 2026 at 2:05 PM Eastern Standard Time. The place named is Mexico.",
        EventKind.CORRECTED: "was no longer listed. That was wrong. They are still held at North Jail.",
        EventKind.VANISHED: "take care as if they had been released",
    }
    assert facts.get(kind, "Ana Example") in said
    assert "Harbor County Sheriff (Harbor County custody list)" in said


def test_where_the_person_stands_is_worded_of_the_record_that_holds_them(county: County) -> None:
    county.person(status="vanished", facility="Old Jail", booked_at=datetime(2026, 3, 1, tzinfo=UTC))
    county.person(facility="North Jail", booked_at=datetime(2026, 1, 1, tzinfo=UTC))
    county.roster("news")
    registration = active(language="en", phone=None)
    assert registration.entitled_from is not None
    write_current_status(registration.pk, registration.entitled_from)
    freeze()
    said = Wording.objects.get()
    assert said.notice_id is not None
    assert "Ana Example is held at North Jail." in said.body
    assert "Their last list came on" in said.body


def test_a_summary_tells_only_of_its_own_quiet(county: County) -> None:
    person = county.person()
    number = active(language="en", phone=None).pk
    county.event(person, "transferred", before={"facility": "North Jail"}, after={"facility": "East Jail"})
    pause(number)
    county.event(person, "transferred", before={"facility": "East Jail"}, after={"facility": "South Jail"})
    county.event(person, "updated")
    occasion = resume(number).entitled_from
    assert occasion is not None
    county.event(person, "released", after={"status": "released"})
    write_summary(number, occasion)
    freeze()
    said = Wording.objects.get().body
    assert said.count("moved from East Jail to South Jail") == 1
    assert "moved from North Jail" not in said
    assert "stand now: Ana Example was released." in said


def test_what_an_event_does_not_name_is_as_the_record_has_it(county: County) -> None:
    person = county.person(next_court_at=datetime(2026, 4, 3, 13, 30, tzinfo=UTC), next_court_place="Room 4")
    active(language="en", phone=None)
    before, after = {"next_court_place": "Room 4"}, {"next_court_place": "Room 5"}
    write_notices(county.event(person, "court_date_changed", before=before, after=after).roster_id)
    freeze()
    said = Wording.objects.get().body
    assert "is now April 3, 2026 at 9:30 AM Eastern Daylight Time.\n\nThe court is Room 5." in said

    was, unset = {"next_court_at": "2026-04-03T13:30:00+00:00"}, {"next_court_at": None}
    write_notices(county.event(person, "court_date_changed", before=was, after=unset).roster_id)
    freeze()
    assert "was taken off the list" in Wording.objects.latest("id").body


names = (
    st.text(st.characters(exclude_categories=["C"]), max_size=20).map(lambda name: " ".join(name.split()))
    | st.none()
)


class TestNames(TestCase):
    @settings(max_examples=25)
    @given(names, names, names)
    def test_any_name_a_source_may_send_is_said_as_it_is(
        self, first: str | None, last: str | None, facility: str | None
    ) -> None:
        county = County()
        person = county.person(first_name=first, last_name=last, facility=facility)
        active(language="en", email=None)
        write_notices(county.event(person, "released").roster_id)
        freeze()
        for body in Wording.objects.values_list("body", flat=True):
            assert (last or first or "number 1001") in body or (last or first or "")[1:] in body


@pytest.mark.parametrize("kind", ["vanished", "released"])
def test_whoever_is_still_held_under_another_booking_is_not_said_to_have_left(
    county: County, kind: str
) -> None:
    person = county.person(booking="B1")
    active(language="en", phone=None)
    event = county.event(person, kind, after={"status": kind})
    Record.objects.filter(person=person).update(listed=False)
    county.person(booking="B2", facility="West Jail")
    write_notices(event.roster_id)
    freeze()
    words = Wording.objects.get().body
    assert "still on the list of people held, at West Jail, under another booking" in words
    assert "as if they had been released" not in words


@pytest.mark.parametrize("kind", ["vanished", "released"])
def test_a_summary_knows_as_well_as_a_notice_who_is_still_held_under_another_booking(
    county: County, kind: str
) -> None:
    person = county.person(booking="B1")
    number = active(language="en", phone=None).pk
    pause(number)
    county.event(person, kind, after={"status": kind})
    Record.objects.filter(person=person).update(listed=False)
    county.person(booking="B2", facility="West Jail")
    occasion = resume(number).entitled_from
    assert occasion is not None
    write_summary(number, occasion)
    freeze()
    words = Wording.objects.get().body
    assert "In that time: One booking of Ana Example" in words
    assert "is no longer on the list of people held" not in words.replace("One booking of Ana Example is", "")
