"""An advocate leaves a client to a colleague, and at no moment is nobody told."""

import pytest

from tests.county import County
from tests.integration.registrants.asking.people import WHY, held, request
from tests.integration.registrants.test_contact_codes import code_of
from tests.integration.registrants.test_registering import ask
from watchword import pipeline
from watchword.core.errors import WatchwordError
from watchword.custody.finding.records import Sought
from watchword.notices.actions import write_notices
from watchword.notices.models import Notice
from watchword.registrants.actions import end
from watchword.registrants.asking.records import ForWhom
from watchword.registrants.handing_over import hand_over
from watchword.registrants.models import Registration
from watchword.registrants.pins import pin_matches


def told_for_another(**changed: str) -> Registration:
    """Registered for a client, with a contact verified by code."""
    taken = request(for_whom=ForWhom.ANOTHER, pin=None, **changed)
    (made,) = pipeline.approve_request(taken.request, "1001", **WHY)
    email = made.registrant.contact_points.get(channel="email").pk
    assert pipeline.give_code(email, code_of(email))
    return Registration.objects.get(pk=made.pk)


def test_the_colleague_takes_over_with_the_code_and_a_pin_of_their_own(county: County) -> None:
    person = held(county)
    old = told_for_another()
    new = hand_over(old.pk, email="dot@example.org", phone=None, by="Officer Vale")
    assert (new.state, new.mode) == ("pending", "third_party")
    write_notices(county.event(person, "transferred").roster_id)
    assert list(Notice.objects.filter(kind="transferred").values_list("registration", flat=True)) == [old.pk]

    email = new.registrant.contact_points.get().pk
    assert pipeline.give_code(email, code_of(email), pin="520913")
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, old.ended_why, new.state) == ("ended", "handed_over", "active")
    assert pin_matches("520913", new.registrant.pin_hash)
    write_notices(county.event(person, "released").roster_id)
    assert list(Notice.objects.filter(kind="released").values_list("registration", flat=True)) == [new.pk]
    assert old.entitled_until is not None
    assert new.entitled_from is not None
    assert new.entitled_from <= old.entitled_until, "no moment in between"


def test_a_watch_goes_along_with_what_is_left_of_it(county: County) -> None:
    taken = request(for_whom=ForWhom.ANOTHER, pin=None, sought=Sought(number="2002"), watch=True)
    (old,) = pipeline.approve_request(taken.request, "2002", **WHY, watch_days=10)
    new = hand_over(old.pk, email="dot@example.org", phone=None, by="Officer Vale")
    assert new.watching
    assert new.watch_ends_at is not None
    assert old.watch_ends_at is not None
    assert 0 <= (new.watch_ends_at - old.watch_ends_at).days <= 1


def test_what_cannot_be_handed_over_is_said(county: County) -> None:
    held(county)
    old = told_for_another()
    hand_over(old.pk, email="dot@example.org", phone=None, by="Officer Vale")
    county.person("1002")
    direct = ask(person_key="1002")
    ended = ask(person_key="1002", email="cal@example.org")
    Registration.objects.filter(pk=ended.pk).update(mode="proxy")
    end(ended.pk)
    for number, said in (
        (0, "no registration 0"),
        (direct.pk, "themselves"),
        (ended.pk, "ended"),
        (old.pk, "already"),
    ):
        with pytest.raises(WatchwordError, match=said):
            hand_over(number, email="dot@example.org", phone=None, by="Officer Vale")
