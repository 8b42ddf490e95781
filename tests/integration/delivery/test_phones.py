"""Phones as they are: the carrier rings and texts over its socket, and asks our web server over another."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.county import County
from tests.deliveries import PIN, Carrier, phone_number, planned, release
from watchword.core.encryption import keyring
from watchword.delivery.models import Attempt, Delivery
from watchword.notices.models import Notice
from watchword.registrants.addresses import CONTEXT
from watchword.registrants.models import ContactPoint
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = phone_number(0)
OUR_NUMBER, OFFICE = "+12025550198", "+12025550199"
WRONG = "750318"
ASKS_BACK = f"This is a notification service. Please call back at {OFFICE}."

Drain = Callable[[], None]


@pytest.fixture
def exchange(carrier: Carrier, live_server: Any, settings: Any) -> Carrier:
    """The carrier, whose webhooks are our web server."""
    settings.WATCHWORD = carrier.settings(
        public_url=live_server.url, office_phone=OFFICE, text_from=OUR_NUMBER, voice_from=OUR_NUMBER
    )
    line = {
        "message_url": f"{live_server.url}/webhooks/carrier/message",
        "voice_url": f"{live_server.url}/phone/inbound",
    }
    carrier.ask("PUT", f"lines/{OUR_NUMBER}", **line)
    return carrier


def heard(carrier: Carrier, number: str = PHONE) -> list[str]:
    """The transcript of the newest call of this phone."""
    calls = carrier.ask("GET", f"phones/{number}/calls")["calls"]
    return [f"{line['kind']} {line['text']}" for line in calls[-1]["transcript"]]


# How the phone behaves; what the ledger says of the call; the delivery's state; the notice's state.
PHONES = [
    ({"kind": "busy"}, "busy", "retry_wait", "open"),
    ({"kind": "no_answer"}, "no_answer", "retry_wait", "open"),
    ({"kind": "rejected"}, "rejected", "retry_wait", "open"),
    ({"kind": "unreachable"}, "unreachable", "retry_wait", "open"),
    ({"kind": "unassigned"}, "invalid", "undeliverable", "at_desk"),
    ({"kind": "invalid"}, None, "undeliverable", "at_desk"),  # refused before it was a call
    ({"kind": "voicemail"}, "voicemail", "delivered", "open"),
    ({"kind": "answer"}, "answered", "delivered", "open"),
    ({"kind": "answer", "keys": [f"{WRONG}#"] * 3}, "answered", "delivered", "open"),
    ({"kind": "answer", "keys": [f"{PIN}#"]}, "confirmed", "confirmed", "confirmed"),
    ({"kind": "answer", "keys": ["*#", f"{PIN}#", "1"]}, "confirmed", "confirmed", "confirmed"),
    ({"kind": "answer", "keys": ["9#"]}, "answered", "delivered", "at_desk"),
    ({"kind": "answer", "keys": ["0#"]}, "answered", "delivered", "open"),
]


@pytest.mark.parametrize(("behaviour", "outcome", "state", "notice"), PHONES)
def test_each_end_of_a_call_ends_in_its_own_state(
    county: County,
    exchange: Carrier,
    drain: Drain,
    behaviour: dict[str, Any],
    outcome: str | None,
    state: str,
    notice: str,
) -> None:
    planned(release(county), 1, ["voice"])
    exchange.ask("PUT", f"phones/{PHONE}", calls=behaviour)
    exchange.ask("PUT", f"phones/{OFFICE}", calls={"kind": "busy"})  # the office's person, for 0
    drain()
    exchange.settle()
    assert Attempt.objects.get().call_outcome == outcome
    assert Delivery.objects.get().state == state
    assert Notice.objects.exclude(kind="contact_stopped").get().state == notice


def test_a_machine_records_nothing_but_a_request_to_call_back(
    county: County, exchange: Carrier, drain: Drain
) -> None:
    planned(release(county), 1, ["voice"])
    exchange.ask("PUT", f"phones/{PHONE}", calls={"kind": "voicemail"})
    drain()
    exchange.settle()
    lines = heard(exchange)
    beep = lines.index("note The machine beeps and records.")
    assert lines[beep + 1 :] == [f"said {ASKS_BACK}"]


def test_a_phone_behind_a_switchboard_is_called_at_its_extension(
    county: County, exchange: Carrier, drain: Drain
) -> None:
    planned(release(county), 1, ["voice"])
    address = f"{PHONE};ext=42"
    ContactPoint.objects.update(
        address=keyring().encrypt(address, CONTEXT), address_index=keyring().blind_index(address, CONTEXT)
    )
    calls = {"kind": "answer", "keys": [f"{PIN}#"], "extension": "42"}
    exchange.ask("PUT", f"phones/{PHONE}", calls=calls)
    drain()
    exchange.settle()
    assert Notice.objects.get().state == "confirmed"


def test_a_call_whose_answer_was_lost_is_found_at_its_extension_and_not_made_again(
    county: County, exchange: Carrier, drain: Drain
) -> None:
    planned(release(county), 1, ["voice"])
    address = f"{PHONE};ext=42"
    ContactPoint.objects.update(address=keyring().encrypt(address, CONTEXT))
    exchange.ask("PUT", f"phones/{PHONE}", calls={"kind": "answer", "extension": "42"})
    exchange.fault("calls", "cut")
    drain()
    exchange.settle()
    assert len(exchange.log("call")) == 1
    assert Attempt.objects.get().call_outcome == "answered"


def test_tries_are_bounded_across_calls_texts_and_the_line(
    county: County, exchange: Carrier, drain: Drain
) -> None:
    planned(release(county), 1, ["text", "voice"])
    exchange.ask("PUT", f"phones/{PHONE}", calls={"kind": "answer", "keys": [f"{WRONG}#"] * 2})
    drain()
    exchange.settle()
    for _ in range(2):
        exchange.ask("POST", f"phones/{PHONE}/texts", body=WRONG, to=OUR_NUMBER)
    exchange.ask("POST", f"phones/{PHONE}/calls", to=OUR_NUMBER, keys=["1", "1", f"{WRONG}#"])
    exchange.settle()
    wrong = exchange.ask("POST", f"phones/{PHONE}/texts", body=WRONG, to=OUR_NUMBER)["replies"][0]["body"]
    right = exchange.ask("POST", f"phones/{PHONE}/texts", body=PIN, to=OUR_NUMBER)["replies"][0]["body"]
    assert right == wrong
    assert Notice.objects.get().state == "open"


def test_who_calls_back_after_a_voicemail_hears_the_message_with_the_pin(
    county: County, exchange: Carrier, drain: Drain
) -> None:
    planned(release(county), 1, ["voice"])
    exchange.ask("PUT", f"phones/{PHONE}", calls={"kind": "voicemail"})
    drain()
    exchange.settle()
    exchange.ask("POST", f"phones/{PHONE}/calls", to=OUR_NUMBER, keys=["1", "1", f"{PIN}#"])
    exchange.settle()
    assert any("Ana Example was released" in line for line in heard(exchange))
    assert Notice.objects.get().confirmed_by_channel == "voice"


def test_stop_and_start_by_text_reach_us_and_the_carrier_alike(
    county: County, exchange: Carrier, drain: Drain
) -> None:
    planned(release(county), 1, ["text", "email"])
    exchange.ask("POST", f"phones/{PHONE}/texts", body="STOP", to=OUR_NUMBER)
    assert ContactPoint.objects.get(channel="text").stopped_why == "opted_out"
    exchange.ask("POST", f"phones/{PHONE}/texts", body="Start", to=OUR_NUMBER)
    assert ContactPoint.objects.get(channel="text").stopped_at is None
    assert not Task.objects.filter(kind="opted_out", done=False).exists()


@pytest.mark.parametrize("texts", [{"kind": "opted_out"}, {"kind": "undelivered", "error_code": 21610}])
def test_a_block_at_the_provider_is_an_opt_out_whether_it_comes_at_once_or_in_a_receipt(
    county: County, exchange: Carrier, drain: Drain, texts: dict[str, Any]
) -> None:
    planned(release(county), 1, ["text"])
    exchange.ask("PUT", f"phones/{PHONE}", texts=texts)
    drain()
    exchange.settle()
    assert ContactPoint.objects.get().stopped_why == "opted_out"
    assert Delivery.objects.get().state == "undeliverable"
    assert set(Task.objects.values_list("kind", flat=True)) == {"opted_out", "not_reachable", "no_way_left"}


@pytest.mark.parametrize(
    ("channel", "api", "log"), [("text", "messages", "text"), ("voice", "calls", "call")]
)
def test_what_a_provider_denied_and_took_all_the_same_is_not_sent_again(
    county: County, exchange: Carrier, drain: Drain, channel: str, api: str, log: str
) -> None:
    planned(release(county), 1, [channel])
    exchange.ask("PUT", f"phones/{PHONE}", calls={"kind": "answer"})
    exchange.fault(api, "denied", seconds=60)
    drain()
    exchange.settle()
    assert Delivery.objects.get().state == "delivered"
    assert len(exchange.log(log)) == 1
    assert Attempt.objects.get().outcome == "accepted"
