"""Email through a provider's HTTP API: a small Postmark on a real socket, and the webhooks it sends."""

import asyncio
import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client

from tests.county import County
from tests.deliveries import planned, release
from watchword.core.errors import WatchwordError
from watchword.delivery.channels.anymail.client import AnymailProvider
from watchword.delivery.channels.mail import reference_in, token_of
from watchword.delivery.models import Attempt, Delivery, Receipt
from watchword.delivery.records import Accepted, Outbound, Result
from watchword.registrants.models import ContactPoint

TOKEN, SECRET = "server-token", "postmark:a-long-password"
REFERENCE = UUID("6f1c1b1e-7f0a-4a67-9b1d-0c5e2f7a9d31")


class Postmark:
    """What came to the API, and what it answers next: (status, headers, body), each once."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.connections: set[tuple[str, int]] = set()
        self.answers: list[tuple[int, dict[str, str], str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, headers: Any, mail: dict[str, Any]) -> tuple[int, dict[str, str], str]:
        if headers["X-Postmark-Server-Token"] != TOKEN:
            return 401, {}, '{"ErrorCode": 10, "Message": "No Account or Server API tokens were supplied"}'
        self.requests.append(mail)
        if self.answers:
            return self.answers.pop(0)
        sent = {"To": mail["To"], "MessageID": f"id-{len(self.requests)}", "ErrorCode": 0, "Message": "OK"}
        return 200, {}, json.dumps(sent)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        office = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                office.connections.add(self.client_address)
                mail = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, headers, body = office.answer(self.headers, mail)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        return Handler


@pytest.fixture
def postmark(settings: Any) -> Iterator[Postmark]:
    server = Postmark()
    settings.ANYMAIL = {
        "POSTMARK_API_URL": server.url,
        "POSTMARK_SERVER_TOKEN": TOKEN,
        "WEBHOOK_SECRET": SECRET,
    }
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"email_providers": "postmark"})
    yield server
    server.stop()


def made(slots: int = 1) -> AnymailProvider:
    return AnymailProvider(
        name="postmark",
        settings=settings.ANYMAIL,
        sender="notices@watchword.example",
        slots=slots,
        timeout_seconds=0.5,
    )


def send(*recipients: str, slots: int = 1) -> list[Result]:
    async def all_of_them() -> list[Result]:
        provider = made(slots)
        await provider.open()
        try:
            return [await provider.send(outbound(to)) for to in recipients]
        finally:
            await provider.close()

    return asyncio.run(all_of_them())


def outbound(to: str) -> Outbound:
    return Outbound(
        delivery=7,
        reference=REFERENCE,
        channel="email",
        provider="postmark",
        urgent=True,
        to=to,
        subject="Usted tiene un mensaje",
        body="Ábralo: https://watchword.example/m/x",
        language="es",
        sender_name="Biblioteca",
        unsubscribe_url="https://watchword.example/u/x",
    )


READER = "reader@example.org"


def test_a_mail_goes_out_as_plain_text_untracked_with_our_token(postmark: Postmark) -> None:
    assert send(READER) == [Accepted(provider_id="id-1")]
    (mail,) = postmark.requests
    assert (mail["To"], mail["From"]) == (READER, "Biblioteca <notices@watchword.example>")
    assert mail["TextBody"].startswith("Ábralo")
    assert "HtmlBody" not in mail
    assert (mail["TrackOpens"], mail["TrackLinks"]) == (False, "None")
    assert reference_in(mail["Metadata"]["reference"].encode()) == REFERENCE
    headers = {header["Name"]: header["Value"] for header in mail["Headers"]}
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"


def test_mails_go_over_one_connection_for_each_slot(postmark: Postmark) -> None:
    send(*[READER] * 5)
    assert (len(postmark.requests), len(postmark.connections)) == (5, 1)


def test_a_missing_key_is_explained(settings: Any) -> None:
    settings.ANYMAIL = {}
    with pytest.raises(WatchwordError, match="lacks what postmark needs"):
        made()


def sent(county: County, state: str = "handed_over") -> tuple[Delivery, UUID]:
    planned(release(county), 1, ["email"])
    delivery, reference = Delivery.objects.get(), uuid4()
    Delivery.objects.filter(id=delivery.id).update(state=state, reference=reference, attempts=1)
    Attempt.objects.create(delivery=delivery, reference=reference, number=1, outcome="accepted")
    return delivery, reference


def posted(event: Any, password: str | None = SECRET, name: str = "postmark") -> int:
    headers = {"Authorization": "Basic " + base64.b64encode(password.encode()).decode()} if password else {}
    body = event if isinstance(event, str) else json.dumps(event)
    path = f"/webhooks/email/{name}"
    return Client().post(path, body, content_type="application/json", headers=headers).status_code


def event(reference: UUID | None, record: str, kind: str = "", details: str = "") -> dict[str, Any]:
    metadata = {"reference": token_of(reference)} if reference else {}
    return {"RecordType": record, "Type": kind, "MessageID": "id-1", "Details": details, "Metadata": metadata}


# The provider's events, and where they leave a delivery that was handed over.
EVENTS = [
    ([("Delivery", "", "")], "delivered"),
    ([("Bounce", "HardBounce", "")], "undeliverable"),
    ([("Bounce", "HardBounce", "smtp;550 5.1.1 User unknown")], "undeliverable"),
    (
        [("Bounce", "HardBounce", "smtp;552 5.2.2 Mailbox full")],
        "retry_wait",
    ),  # the far server's own word counts
    ([("Bounce", "SoftBounce", "smtp;452 4.2.2 Mailbox full")], "retry_wait"),
    ([("Bounce", "Transient", "")], "handed_over"),
    ([("Bounce", "AutoResponder", "")], "handed_over"),
    ([("Bounce", "BadEmailAddress", "")], "undeliverable"),
    ([("Bounce", "Blocked", "")], "retry_wait"),
    ([("Delivery", "", ""), ("Bounce", "HardBounce", "")], "undeliverable"),  # taken, and sent back later
    ([("Bounce", "HardBounce", ""), ("Delivery", "", "")], "undeliverable"),
    ([("Delivery", "", ""), ("Delivery", "", "")], "delivered"),
    ([("Open", "", "")], "handed_over"),
    ([("Evaporated", "", "")], "handed_over"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("events", "after"), EVENTS)
def test_the_providers_word_moves_the_delivery_forward_only(
    county: County, postmark: Postmark, events: list[tuple[str, str, str]], after: str
) -> None:
    delivery, reference = sent(county)
    for each in events:
        assert posted(event(reference, *each)) == 204
    delivery.refresh_from_db()
    assert delivery.state == after
    assert Receipt.objects.count() == len(events)


@pytest.mark.django_db
def test_a_complaint_stops_the_address(county: County, postmark: Postmark) -> None:
    delivery, reference = sent(county)
    assert posted(event(reference, "SpamComplaint", "SpamComplaint")) == 204
    assert ContactPoint.objects.get(pk=delivery.contact_point_id).stopped_why == "opted_out"


@pytest.mark.django_db
def test_what_the_provider_did_not_send_leaves_no_trace(
    county: County, postmark: Postmark, settings: Any
) -> None:
    _, reference = sent(county)
    bounce = event(reference, "Bounce", "HardBounce")
    assert posted(bounce, password=None) == 403
    assert posted(bounce, password="postmark:another") == 403
    assert posted(bounce, name="mailgun") == 404  # not in use here
    assert posted(bounce, name="nobody") == 404
    assert Client().get("/webhooks/email/postmark").status_code == 405
    del settings.ANYMAIL["WEBHOOK_SECRET"]
    assert posted(bounce) == 403  # no secret is set: nobody is believed
    assert not Receipt.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("garbage", ["", "{", "[]", '"Bounce"', "null"])
def test_what_makes_no_sense_is_kept_and_moves_nothing(
    county: County, postmark: Postmark, garbage: str
) -> None:
    delivery, _ = sent(county)
    assert posted(garbage) == 204
    assert not Receipt.objects.get().applied
    delivery.refresh_from_db()
    assert delivery.state == "handed_over"


@pytest.mark.django_db
def test_an_event_whose_token_is_not_ours_moves_nothing(county: County, postmark: Postmark) -> None:
    delivery, reference = sent(county)
    forged = event(reference, "Bounce", "HardBounce") | {"Metadata": {"reference": str(reference)}}
    assert posted(forged) == 204
    delivery.refresh_from_db()
    assert delivery.state == "handed_over"
