"""Test messages to registrants, and the canary to the office's own contacts."""

from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db.models import F

from tests.deliveries import Carrier, registrants
from tests.receiver import Receiver, receiving
from watchword.audit.models import Entry
from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.core.errors import WatchwordError
from watchword.delivery import jobs, receipts, testing
from watchword.delivery.models import Delivery, TestMessage
from watchword.delivery.partners import stop_partner
from watchword.notices.models import Notice
from watchword.registrants.addresses import CONTEXT
from watchword.registrants.models import ContactPoint, Partner, SilentTime
from watchword.registrants.partners import add_partner
from watchword.worklist.models import Incident, Task

pytestmark = pytest.mark.django_db(transaction=True)

Drain = Callable[[], None]
CANARY = {"text": "+12025550199", "voice": "+12025550199", "email": "watch@example.org"}


def silent() -> list[tuple[str, str]]:
    return list(Incident.objects.order_by("source").values_list("source", "state"))


def test_a_registrant_gets_a_test_on_each_verified_contact_that_touches_no_notice(
    carrier: Carrier, drain: Drain
) -> None:
    [registrant] = registrants(1, ["text", "email", "voice"])
    ContactPoint.objects.create(registrant=registrant, channel="text", address=b"?", address_index=b"?")
    testing.request_tests(registrant.pk, by="officer")
    drain()
    drain()
    [text], [mail], [call] = (carrier.log(kind) for kind in ("text", "mail", "call"))
    assert "This is a test" in text["body"]
    assert mail["to"] == "reader0@example.org"
    assert call["body"].endswith("/phone/test/en")
    assert set(TestMessage.objects.values_list("outcome", flat=True)) == {"accepted"}
    assert not Delivery.objects.exists()
    assert not Notice.objects.exists()
    assert not Task.objects.exists()
    assert Entry.objects.filter(action="contact_point.test", actor="officer").count() == 3


def test_one_contact_can_be_tested_alone_and_only_its_own_registrants(carrier: Carrier, drain: Drain) -> None:
    one, other = registrants(2, ["text", "email"])
    point = one.contact_points.get(channel="text")
    testing.request_tests(one.pk, by="officer", contact_point=point.pk)
    assert TestMessage.objects.get().contact_point_id == point.pk
    with pytest.raises(WatchwordError):
        testing.request_tests(other.pk, by="officer", contact_point=point.pk)


def test_no_test_goes_out_in_hours_that_are_never_safe(carrier: Carrier, drain: Drain) -> None:
    [registrant] = registrants(1)
    testing.request_tests(registrant.pk, by="officer")
    always = {"days": [1, 2, 3, 4, 5, 6, 7], "starts": time(0), "ends": time(0)}
    SilentTime.objects.create(
        registrant=registrant,
        contact_point=registrant.contact_points.get(),
        kind=SilentTime.Kind.NEVER_SAFE,
        keeps_back=SilentTime.KeepsBack.ALL,
        **always,
    )
    drain()
    assert carrier.log("text") == []
    with pytest.raises(WatchwordError):
        testing.request_tests(registrant.pk, by="officer")


def test_a_test_that_waited_too_long_is_not_sent(carrier: Carrier, drain: Drain) -> None:
    [registrant] = registrants(1)
    testing.request_tests(registrant.pk, by="officer")
    TestMessage.objects.update(requested_at=now() - timedelta(hours=2))
    drain()
    assert carrier.log("text") == []


def told(test: TestMessage, word: str) -> None:
    form = {"MessageStatus": word, "MessageSid": "SM1"} if test.channel == "text" else {"CallStatus": word}
    kind = "message" if test.channel == "text" else "call"
    receipts.read(receipts.keep(test.provider, kind, urlencode(form).encode(), test.reference))


def test_a_canary_flies_by_every_channel_and_one_that_stays_away_raises_an_alarm_until_a_later_one_arrives(
    carrier: Carrier, drain: Drain, settings: Any
) -> None:
    settings.WATCHWORD = carrier.settings(canary=CANARY)
    jobs.send_canaries(timestamp=0)
    drain()
    assert [len(carrier.log(kind)) for kind in ("text", "mail", "call")] == [1, 1, 1]
    told(TestMessage.objects.get(channel="text"), "delivered")
    told(TestMessage.objects.get(channel="voice"), "no-answer")
    jobs.listen_for_canaries(timestamp=0)
    assert silent() == []  # it is not late yet
    TestMessage.objects.update(requested_at=now() - timedelta(minutes=16))
    for _ in range(2):
        jobs.listen_for_canaries(timestamp=0)
    assert silent() == [("voice:twilio", "open")]
    jobs.send_canaries(timestamp=0)
    drain()
    told(TestMessage.objects.get(channel="voice", delivered_at=None, missed=False), "completed")
    jobs.listen_for_canaries(timestamp=0)
    assert silent() == [("voice:twilio", "cleared")]


def test_where_no_worker_runs_the_alarm_is_raised_all_the_same(settings: Any) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"canary": CANARY})
    jobs.send_canaries(timestamp=0)
    TestMessage.objects.update(requested_at=now() - timedelta(minutes=16))
    jobs.listen_for_canaries(timestamp=0)
    assert [source for source, _ in silent()] == ["email:smtp", "text:twilio", "voice:twilio"]


def test_an_alarm_goes_to_the_offices_own_addresses_too(settings: Any) -> None:
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    got: list[bytes] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"json://127.0.0.1:{server.server_port}/"
        settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"canary": CANARY, "alarm_urls": address})
        testing.request_canaries()
        TestMessage.objects.exclude(channel="text").delete()
        TestMessage.objects.update(requested_at=now() - timedelta(minutes=16))
        testing.listen_for_canaries()
    finally:
        server.shutdown()
        server.server_close()
    [alarm] = got
    assert b"did not arrive within 15 minutes" in alarm
    assert CANARY["text"].encode() not in alarm


@pytest.fixture
def shelter(carrier: Carrier, settings: Any) -> Iterator[tuple[Receiver, str]]:
    """A partner's system on this machine, and the secret that it verifies pushes with."""
    settings.WATCHWORD = carrier.settings(push_networks="127.0.0.0/8", canary={"push": "harbor-shelter"})
    with receiving() as receiver:
        _, secret = add_partner(
            "harbor-shelter", receiver.url, gets_facts=True, may_confirm=True, by="officer"
        )
        yield receiver, secret


def test_a_partners_system_gets_a_test_on_request_that_tells_nothing(
    shelter: tuple[Receiver, str], drain: Drain
) -> None:
    receiver, secret = shelter
    asked = testing.request_push_test("harbor-shelter", by="officer")
    drain()
    drain()
    [push] = receiver.taken
    assert push.verified(secret) == {
        "type": "test",
        "timestamp": asked.requested_at.isoformat(),
        "data": {"registration": "test"},
    }
    assert TestMessage.objects.get().delivered_at is not None
    assert Entry.objects.filter(action="partner.test", actor="officer").count() == 1
    with pytest.raises(WatchwordError, match="no partner called"):
        testing.request_push_test("nobody", by="officer")


def test_a_registrants_place_in_a_partners_system_is_tested_like_any_contact(
    shelter: tuple[Receiver, str], drain: Drain
) -> None:
    receiver, secret = shelter
    [registrant] = registrants(1, ["text"])
    place = "harbor-shelter/4711"
    ContactPoint.objects.create(
        registrant=registrant,
        channel="push",
        address=keyring().encrypt(place, CONTEXT),
        address_index=keyring().blind_index(place, CONTEXT),
        partner=Partner.objects.get(),
        verified_at=now(),
    )
    testing.request_tests(registrant.pk, by="officer")
    drain()
    assert [push.verified(secret)["data"] for push in receiver.taken] == [{"registration": "4711"}]


@pytest.mark.parametrize("is_stopped", [False, True])
def test_a_canary_that_a_partners_system_does_not_take_raises_an_alarm(
    shelter: tuple[Receiver, str], drain: Drain, is_stopped: bool
) -> None:
    receiver, _ = shelter
    jobs.send_canaries(timestamp=0)
    drain()
    assert TestMessage.objects.get().delivered_at is not None
    if is_stopped:
        stop_partner(Partner.objects.get().pk, by="officer")
    receiver.will(500)
    testing.request_canaries()
    drain()
    TestMessage.objects.update(requested_at=F("requested_at") - timedelta(minutes=16))
    testing.listen_for_canaries()
    assert silent() == [("push:push", "open")]


def test_a_test_that_was_asked_for_is_no_canary(shelter: tuple[Receiver, str], drain: Drain) -> None:
    receiver, _ = shelter
    receiver.will(500)
    testing.request_push_test("harbor-shelter", by="officer")
    drain()
    TestMessage.objects.update(requested_at=now() - timedelta(minutes=16))
    assert testing.listen_for_canaries() == 0
