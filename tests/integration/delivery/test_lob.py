"""Letters through a print shop that speaks Lob's API: from the plan to what it says later, faults on the way."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from tests.county import County
from tests.deliveries import Carrier, happening, planned, release
from watchword.config.environment import PrintShopAccount
from watchword.core.clock import now
from watchword.delivery.channels.lob import client
from watchword.delivery.models import Attempt, Delivery, Receipt
from watchword.delivery.states import State
from watchword.worklist.models import Task

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system("libpangoft2-1.0")]

Drain = Callable[[], None]


@pytest.fixture
def shop(carrier: Carrier, settings: Any) -> Carrier:
    """The carrier's print shop, in use for letters."""
    key = django_settings.WATCHWORD.carrier_token
    settings.WATCHWORD = carrier.settings(
        letter_providers="lob",
        lob=PrintShopAccount(url=carrier.url, key=key, signing_key=key),
        letter_sender="Mail Services; PO Box 10; Albany NY 12201",
    )
    return carrier


def letters(shop: Carrier) -> list[dict[str, Any]]:
    boxes = shop.ask("GET", "letterboxes")["letterboxes"]
    return [
        letter
        for box in boxes
        for letter in shop.ask("GET", f"letterboxes/{box['address'].replace(' ', '%20')}/letters")["letters"]
    ]


def told(word: str, letter: dict[str, Any]) -> int:
    """The print shop says what became of a letter."""
    event = {"event_type": {"id": word}, "body": {"id": letter["id"], "metadata": letter["metadata"]}}
    body, sent_at = json.dumps(event).encode(), str(int(now().timestamp() * 1000))
    key = django_settings.WATCHWORD.carrier_token
    signature = hmac.digest(key.encode(), f"{sent_at}.".encode() + body, hashlib.sha256).hex()
    headers = {"Lob-Signature": signature, "Lob-Signature-Timestamp": sent_at}
    answer = Client().post(
        "/webhooks/lob/letter-status", body, content_type="application/json", headers=headers
    )
    return answer.status_code


def test_a_letter_is_handed_over_with_its_address_its_sender_and_our_reference(
    county: County, shop: Carrier, drain: Drain
) -> None:
    planned(release(county), 1, ["letter"])
    drain()
    delivery = Delivery.objects.get()
    [letter] = letters(shop)
    assert (delivery.state, delivery.provider_id) == (State.HANDED_OVER, letter["id"])
    assert letter["metadata"] == {"reference": str(delivery.reference)}
    assert letter["to"] == ["READER 0", "12 ELM ST", "ALBANY NY 12207", "US"]
    assert letter["from"] == ["MAIL SERVICES", "PO BOX 10", "ALBANY NY 12201", "US"]


@pytest.mark.parametrize("kind", ["cut", "garbage", "slow"])
def test_a_letter_whose_answer_never_came_is_asked_for_and_printed_once(
    county: County, shop: Carrier, drain: Drain, kind: str
) -> None:
    planned(release(county), 1, ["letter"])
    shop.fault("letters", kind, seconds=3)  # longer than we wait for an answer
    drain()
    [letter] = letters(shop)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.provider_id) == (State.HANDED_OVER, letter["id"])
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("kind", ["hang", "server_error"])
def test_a_letter_that_may_have_been_taken_is_printed_once_it_is_surely_not_in_the_shops_list(
    county: County, shop: Carrier, drain: Drain, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    planned(release(county), 1, ["letter"])
    shop.fault("letters", kind, seconds=3)
    drain()
    assert (Delivery.objects.get().state, letters(shop)) == (State.OUTCOME_UNKNOWN, [])
    monkeypatch.setattr(client, "_LIST_LAGS", timedelta())
    Delivery.objects.update(due_at=now())
    drain()
    assert (Delivery.objects.get().state, len(letters(shop))) == (State.HANDED_OVER, 1)


def test_a_busy_shop_gets_the_letter_when_it_asked_for_it(
    county: County, shop: Carrier, drain: Drain
) -> None:
    planned(release(county), 1, ["letter"])
    shop.fault("letters", "too_many", seconds=300)
    drain()
    waiting = Delivery.objects.get()
    assert waiting.state == State.RETRY_WAIT
    assert waiting.due_at is not None
    assert timedelta(minutes=4) < waiting.due_at - now() < timedelta(minutes=7)
    Delivery.objects.update(due_at=now())
    drain()
    assert (Delivery.objects.get().state, len(letters(shop))) == (State.HANDED_OVER, 1)


def test_an_address_that_the_post_does_not_know_brings_the_notice_to_the_desk(
    county: County, shop: Carrier, drain: Drain
) -> None:
    planned(happening(county, "transferred"), 1, ["letter"])
    box = "READER%200,%2012%20ELM%20ST,%20ALBANY%20NY%2012207,%20US"
    shop.ask("PUT", f"letterboxes/{box}", letters={"kind": "refuse"})
    drain()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_error) == (
        State.UNDELIVERABLE,
        "failed_deliverability_strictness",
    )
    assert Task.objects.get().kind == Task.Kind.NOT_REACHABLE


def test_what_comes_back_to_the_sender_brings_the_notice_to_the_desk(
    county: County, shop: Carrier, drain: Drain
) -> None:
    planned(happening(county, "transferred"), 1, ["letter"])
    drain()
    [letter] = letters(shop)
    assert told("letter.processed_for_delivery", letter) == 204
    assert told("letter.delivered", letter) == 204
    assert Delivery.objects.get().state == State.DELIVERED
    assert told("letter.returned_to_sender", letter) == 204
    assert set(Receipt.objects.values_list("reference", flat=True)) == {Delivery.objects.get().reference}
    assert Delivery.objects.get().state == State.UNDELIVERABLE
    assert Task.objects.get().kind == Task.Kind.NOT_REACHABLE
