"""The carrier's webhooks: signed or refused, kept before they are read."""

import hmac
from base64 import b64encode
from hashlib import sha1
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from tests.county import County
from tests.deliveries import phone_number, planned, release
from watchword.delivery.links import Links, public_url
from watchword.delivery.models import Attempt, Delivery, PinTry, Receipt

pytestmark = pytest.mark.django_db

NOBODYS = "5f0c1b1e-7f0a-4a67-9b1d-0c5e2f7a9d31"
ADDRESSES = [
    f"/webhooks/twilio/message-status?ref={NOBODYS}",
    f"/webhooks/twilio/call-status?ref={NOBODYS}",
    "/webhooks/carrier/message",
    "/phone/call/x/start",
    "/phone/call/x/pin",
    "/phone/call/x/again",
    "/phone/test/en",
    "/phone/call/x/quiet",
    "/phone/call/x/voicemail",
    "/phone/inbound",
    "/phone/inbound/pin",
    "/phone/prove/x/start",
    "/phone/prove/x/pin",
    "/phone/person-ended",
]


def signed(path: str, form: dict[str, str], token: str | None = None) -> Any:
    """A POST as the carrier makes it."""
    text = public_url() + path + "".join(name + form[name] for name in sorted(form))
    key = (token or settings.WATCHWORD.carrier_token).encode()
    signature = b64encode(hmac.digest(key, text.encode(), sha1)).decode()
    return Client().post(
        path,
        urlencode(form),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_the_carrier_did_not_sign_is_refused_and_leaves_no_trace(address: str) -> None:
    form = {"From": phone_number(0), "Body": "483920", "MessageStatus": "delivered", "Digits": "483920"}
    assert Client().post(address, form).status_code == 403
    assert signed(address, form, token="another").status_code == 403
    assert Client().get(address).status_code == 405
    assert not Receipt.objects.exists()
    assert not PinTry.objects.exists()


def test_a_signed_receipt_moves_its_delivery(county: County) -> None:
    planned(release(county), 1)
    delivery, reference = Delivery.objects.get(), uuid4()
    Attempt.objects.create(delivery=delivery, reference=reference, number=1)
    Delivery.objects.update(state="handed_over", reference=reference)
    path = f"/webhooks/twilio/message-status?ref={reference}"
    assert signed(path, {"MessageSid": "SM1", "MessageStatus": "delivered"}).status_code == 204
    delivery.refresh_from_db()
    assert delivery.state == "delivered"


@pytest.mark.parametrize("reference", ["", "?ref=", "?ref=7", f"?ref={NOBODYS}"])
def test_a_signed_receipt_about_nothing_we_know_is_kept(reference: str) -> None:
    path = f"/webhooks/twilio/message-status{reference}"
    assert signed(path, {"MessageSid": "SM1", "MessageStatus": "delivered"}).status_code == 204
    assert Receipt.objects.count() == 1


def test_a_text_is_answered_in_twiml() -> None:
    answer = signed("/webhooks/carrier/message", {"From": phone_number(0), "Body": "HELP"})
    assert answer["Content-Type"] == "text/xml"
    assert answer.content.decode().startswith("<Response><Message>")


def test_a_call_flow_of_nobody_is_not_found_even_when_signed() -> None:
    assert signed("/phone/call/x/start", {}).status_code == 404
    path = Links.here().call(7).removeprefix(public_url())
    assert signed(path, {}).status_code == 404
