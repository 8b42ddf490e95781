"""A one-time link goes to a verified contact, is good once and for a while; asking for it tells nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.county import County
from tests.integration.account.people import contact, signed_up
from tests.integration.registrants.test_registering import ask
from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.delivery.codes import send_links
from watchword.delivery.models import TestMessage
from watchword.delivery.test_wording import message
from watchword.registrants.addresses import AddressError
from watchword.registrants.coming_back.links import (
    LINK_CONTEXT,
    MOST_AN_HOUR,
    use_link,
    wish_for_link,
)
from watchword.registrants.coming_back.models import LinkWish, OneTimeLink
from watchword.registrants.contacts import disguise_email, stop_contact_point
from watchword.registrants.models import ContactPoint

EMAIL, PHONE = "bea@example.org", "202 555 0123"


def sent_to(address: str) -> list[str]:
    """The tokens that were sent, when a link was wished for there."""
    wish_for_link(address)
    before = set(TestMessage.objects.values_list("pk", flat=True))
    send_links()
    new = TestMessage.objects.exclude(pk__in=before)
    return [keyring().decrypt(bytes(each.secret or b""), LINK_CONTEXT) for each in new]


@pytest.mark.parametrize("address", [EMAIL, " BEA@Example.org", PHONE])
def test_a_link_goes_to_a_verified_contact_and_is_good_once(county: County, address: str) -> None:
    signed_up(county)
    (token,) = sent_to(address)
    point = use_link(token)
    assert point is not None
    assert point.channel == ("email" if "@" in address else "text")
    assert use_link(token) is None
    assert not any(token.encode() in bytes(link.digest) for link in OneTimeLink.objects.all())
    assert not LinkWish.objects.exists()


def test_asking_looks_nothing_up_whoever_is_there(county: County) -> None:
    signed_up(county)
    asked = []
    for address in (EMAIL, "nobody@example.org", PHONE, "+12025550199"):
        with CaptureQueriesContext(connection) as captured:
            wish_for_link(address)
        asked.append([query["sql"].split(" VALUES")[0] for query in captured.captured_queries])
    assert all(one == asked[0] for one in asked)
    assert len(asked[0]) == 1
    with pytest.raises(AddressError):
        wish_for_link("5550123")


def test_nothing_goes_where_nobody_is_verified(county: County) -> None:
    signed_up(county)
    assert sent_to("nobody@example.org") == []
    county.person("1002")
    ask(person_key="1002", email="cal@example.org", phone=None)
    assert sent_to("cal@example.org") == []
    point = contact(ContactPoint.objects.get(channel="text", verified_at__isnull=False).registrant, "text")
    stop_contact_point(point.pk, "opted_out")
    assert sent_to(PHONE) == []
    ContactPoint.objects.filter(channel="email").update(backup=True)
    assert sent_to(EMAIL) == []


def test_few_links_go_to_one_address_and_a_wish_does_not_wait_for_ever(county: County) -> None:
    signed_up(county)
    assert [len(sent_to(EMAIL)) for _ in range(MOST_AN_HOUR + 2)] == [1] * MOST_AN_HOUR + [0, 0]
    OneTimeLink.objects.all().delete()
    wish_for_link(EMAIL)
    LinkWish.objects.update(asked_at=now() - timedelta(minutes=16))
    assert (send_links(), LinkWish.objects.count()) == (0, 0)


def test_a_link_ends_with_its_time_and_with_its_contact(county: County) -> None:
    signed_up(county)
    (old,), (new,) = sent_to(EMAIL), sent_to(EMAIL)
    OneTimeLink.objects.filter(pk=OneTimeLink.objects.earliest("id").pk).update(expires_at=now())
    assert use_link(old) is None
    stop_contact_point(ContactPoint.objects.get(channel="email").pk, "wrong_number")
    assert use_link(new) is None
    assert use_link("nonsense") is None


@pytest.mark.parametrize("is_disguised", [False, True])
def test_the_message_brings_the_link_and_nothing_of_the_case(county: County, is_disguised: bool) -> None:
    registration = signed_up(county)
    if is_disguised:
        disguise_email(contact(registration.registrant, "email").pk, ContactPoint.Disguise.LIBRARY)
    (token,) = sent_to(EMAIL)
    out = message(TestMessage.objects.select_related("contact_point__registrant").get())
    assert f"/my/link/{token}?lang=en" in out.body
    assert not any(word in f"{out.subject} {out.body}" for word in ("Jon", "Mercer", "1001", "Bea"))
    assert ("Notification" in out.body) is not is_disguised
    assert (out.sender_name == "Library") is is_disguised
