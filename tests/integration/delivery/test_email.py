"""A mail from its plan to the mailbox, as the person finds it in a list of mails, and stops it."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.county import County
from tests.deliveries import Carrier, planned, release
from watchword.core.signing import unsign
from watchword.delivery.channels.mail import reference_in
from watchword.delivery.links import UNSUBSCRIBE
from watchword.delivery.models import Delivery
from watchword.registrants.contacts import disguise_email
from watchword.registrants.models import ContactPoint, Mute

pytestmark = pytest.mark.django_db(transaction=True)


def received(carrier: Carrier, reader: int) -> dict[str, str]:
    """The headers of the one mail in this reader's mailbox."""
    (mail,) = carrier.ask("GET", f"mailboxes/reader{reader}@example.org/mails")["mails"]
    return dict(mail["headers"])


def test_a_disguised_mail_looks_like_another_in_the_registrants_language(
    county: County, carrier: Carrier, drain: Callable[[], None]
) -> None:
    planned(release(county), 1, ["email"], language="es", allows_detail=True)
    disguise_email(ContactPoint.objects.get().pk, ContactPoint.Disguise.LIBRARY)
    drain()
    headers = received(carrier, 0)
    assert (headers["From"], headers["Subject"]) == ("Biblioteca <notices@watchword.example>", "Sus libros")


def test_a_mail_is_known_again_and_its_link_stops_the_next_one(
    county: County, carrier: Carrier, drain: Callable[[], None]
) -> None:
    planned(release(county), 1, ["email"])
    drain()
    headers, delivery = received(carrier, 0), Delivery.objects.get()
    assert reference_in(headers["Message-ID"].encode()) == delivery.reference
    address = headers["List-Unsubscribe"].strip("<>").partition("/u/")[2]
    assert unsign(UNSUBSCRIBE, address) == delivery.pk
    Client().post(f"/u/{address}", {"List-Unsubscribe": "One-Click"})
    assert Mute.objects.get().contact_point_id == delivery.contact_point_id
