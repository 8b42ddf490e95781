"""What every provider must do, over a socket: the same tests for all of them, fed by each one's `cases`.

The mail room's folder, which is on no wire, has its cases played to it in test_outbox.py.
"""

import asyncio
import hmac
import socket
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha1, sha256
from importlib import import_module
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qsl

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings as django_settings
from django.test import Client

from tests.contracts.providers.pigeon import webhook as pigeon
from tests.contracts.providers.pigeon.client import PigeonProvider
from tests.contracts.wire import Behaviour, Wire, http_server, mail_server, message_centre
from watchword.config.environment import CarrierAccount, PrintShopAccount
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.delivery import channels as channels_package
from watchword.delivery.channels import Provider, registry
from watchword.delivery.channels.anymail.names import ESPS
from watchword.delivery.channels.cases import (
    SOUGHT_AT,
    SOUGHT_MARK,
    SOUGHT_REFERENCE,
    SOUGHT_TO,
    AnswerCase,
    Cases,
    ListCase,
    ReceiptCase,
    Situation,
)
from watchword.delivery.links import public_url
from watchword.delivery.models import Receipt
from watchword.delivery.records import (
    Answer,
    CannotAsk,
    MaySendAgain,
    NoAnswer,
    Outbound,
    Refused,
    Result,
    Sought,
    Unknown,
)

REFERENCE = SOUGHT_REFERENCE
KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
PUBLIC_KEY = b64encode(KEY.public_key().public_bytes_raw()).decode()


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A provider under test: where its cases are, the settings that lead it to our end of the wire, its signature."""

    name: str
    folder: str
    settings: Callable[[int], dict[str, Any]]
    sign: Callable[[str, bytes], dict[str, str]] | None = None
    marks: tuple[pytest.MarkDecorator, ...] = ()
    endpoint: str = ""  # of a push: where each message goes itself, {port} being our end of the wire
    asked: Answer = field(
        default_factory=CannotAsk
    )  # what it says of a hand-over without an end, where it keeps no list
    far_end: Callable[[AnswerCase, Behaviour], AbstractAsyncContextManager[Wire]] = lambda case, behaviour: (
        http_server(case.raw, behaviour)
    )

    @property
    def cases(self) -> Cases:
        found: Mapping[str, Cases] = import_module(f"{self.folder}.cases").CASES
        return found[self.name]


def account(port: int, signing_key: str) -> CarrierAccount:
    return CarrierAccount(
        url=f"http://127.0.0.1:{port}",
        account="A1",
        token="t",
        signing_key=signing_key,
        voice_from="+12025550100",
    )


def hmac_signature(header: str, key: Callable[[], str]) -> Callable[[str, bytes], dict[str, str]]:
    def sign(url: str, body: bytes) -> dict[str, str]:
        form = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        text = url + "".join(name + form[name] for name in sorted(form))
        return {header: b64encode(hmac.digest(key().encode(), text.encode(), sha1)).decode()}

    return sign


def ed25519_signature(url: str, body: bytes) -> dict[str, str]:
    sent_at = str(int(now().timestamp()))
    signature = b64encode(KEY.sign(f"{sent_at}|".encode() + body)).decode()
    return {"telnyx-signature-ed25519": signature, "telnyx-timestamp": sent_at}


def lob_signature(url: str, body: bytes) -> dict[str, str]:
    sent_at = str(int(now().timestamp() * 1000))
    signature = hmac.digest(b"signing", f"{sent_at}.".encode() + body, sha256).hex()
    return {"Lob-Signature": signature, "Lob-Signature-Timestamp": sent_at}


CHANNELS = "watchword.delivery.channels"
PROVIDERS = [
    Tried(
        name="twilio",
        folder=f"{CHANNELS}.twilio",
        settings=lambda port: {"carrier_url": f"http://127.0.0.1:{port}"},
        sign=hmac_signature("X-Twilio-Signature", lambda: django_settings.WATCHWORD.carrier_token),
    ),
    Tried(
        name="signalwire",
        folder=f"{CHANNELS}.twilio",
        settings=lambda port: {"signalwire": account(port, "signing"), "text_providers": "twilio,signalwire"},
        sign=hmac_signature("X-SignalWire-Signature", lambda: "signing"),
    ),
    Tried(
        name="telnyx",
        folder=f"{CHANNELS}.twilio",
        settings=lambda port: {"telnyx": account(port, PUBLIC_KEY), "voice_providers": "telnyx"},
        sign=ed25519_signature,
    ),
    Tried(
        name="smpp",
        folder=f"{CHANNELS}.smpp",
        settings=lambda port: {
            "smpp_url": f"smpp://office:secret@127.0.0.1:{port}",
            "text_providers": "smpp",
        },
        marks=(pytest.mark.django_db(transaction=True),),  # it looks for texts that wait for an answer
        far_end=lambda case, behaviour: message_centre(case.raw, behaviour),
    ),
    Tried(
        name="smtp",
        folder=f"{CHANNELS}.smtp",
        settings=lambda port: {"smtp_url": f"smtp://127.0.0.1:{port}"},
        far_end=lambda case, behaviour: mail_server(case.raw, case.to, behaviour),
    ),
    Tried(
        name="postmark",
        folder=f"{CHANNELS}.anymail",
        settings=lambda port: {
            "anymail": {"POSTMARK_SERVER_TOKEN": "t", "POSTMARK_API_URL": f"http://127.0.0.1:{port}"},
            "email_providers": "postmark",
        },
    ),
    Tried(
        name="lob",
        folder=f"{CHANNELS}.lob",
        settings=lambda port: {
            "lob": PrintShopAccount(url=f"http://127.0.0.1:{port}", key="k", signing_key="signing"),
            "letter_providers": "lob",
            "letter_sender": "Mail Services; PO Box 10; Albany NY 12201",
        },
        sign=lob_signature,
        marks=(pytest.mark.system("libpangoft2-1.0"),),
    ),
    Tried(
        name="push",
        folder=f"{CHANNELS}.push",
        settings=lambda port: {"push_networks": "127.0.0.0/8"},
        endpoint="http://127.0.0.1:{port}/pushes",
        asked=MaySendAgain(),
    ),
    Tried(
        name="pigeon",
        folder="tests.contracts.providers.pigeon",
        settings=lambda port: {"carrier_url": f"http://127.0.0.1:{port}", "text_providers": "pigeon"},
        sign=lambda url, body: {"X-Loft-Secret": pigeon.SECRET},
    ),
]


@pytest.fixture(autouse=True)
def _with_pigeons(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line that the how-to adds to the registry."""

    def make(environment: Any) -> Provider:
        return PigeonProvider(
            url=environment.carrier_url,
            token="t",
            slots=environment.provider_concurrency,
            timeout_seconds=environment.provider_timeout_seconds,
        )

    kind = registry.Kind(
        channels=("text",), make=make, is_genuine=pigeon.is_genuine, read_report=pigeon.read_report
    )
    monkeypatch.setitem(registry.KINDS, "pigeon", kind)


def each(what: Callable[[Tried], tuple[Any, ...]]) -> list[Any]:
    """One test for each provider and each of its cases."""
    return [
        pytest.param(
            tried, case, id=f"{tried.name}-{place}-{getattr(case, 'situation', '')}", marks=tried.marks
        )
        for tried in PROVIDERS
        for place, case in enumerate(what(tried))
    ]


def made(tried: Tried, port: int, *, timeout_seconds: float = 5) -> Provider:
    changed = {"provider_timeout_seconds": timeout_seconds} | tried.settings(port)
    return registry.KINDS[tried.name].make(django_settings.WATCHWORD.model_copy(update=changed))


TO = {"email": "reader@example.org", "letter": "ANA EXAMPLE\n12 ELM ST\nALBANY NY 12207\nUS"}


def message(tried: Tried, channel: str, port: int) -> Outbound:
    return Outbound(
        delivery=7,
        reference=REFERENCE,
        channel=channel,
        provider=tried.name,
        urgent=True,
        to=TO.get(channel, SOUGHT_TO),
        subject="You have a message" if channel == "email" else "",
        body=f"Read it here: {SOUGHT_MARK}" if channel != "voice" else "",
        url="http://127.0.0.1:8600/phone/call/x/start"
        if channel == "voice"
        else tried.endpoint.format(port=port),
        message_id="msg_x",
        signing_keys=(b"k" * 32,),
        status_url="http://127.0.0.1:8600/webhooks/x/message-status",
    )


async def sent(
    tried: Tried, case: AnswerCase, behaviour: Behaviour = "answer", timeout_seconds: float = 5
) -> tuple[Result, Wire]:
    async with tried.far_end(case, behaviour) as wire:
        provider = made(tried, wire.port, timeout_seconds=timeout_seconds)
        await provider.open()
        try:
            return await provider.send(message(tried, case.channel, wire.port)), wire
        finally:
            await provider.close()


FOLDERS = [
    *sorted(
        f"{CHANNELS}.{each.parent.name}" for each in Path(channels_package.__path__[0]).glob("*/client.py")
    ),
    "tests.contracts.providers.pigeon",
]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_providers_folder_has_the_same_files_as_every_other(folder: str) -> None:
    for name in ("client", "errors", "webhook", "cases"):
        assert import_module(f"{folder}.{name}").__doc__


def test_every_provider_but_the_mail_rooms_folder_is_tried_here_one_behind_anymail_for_all() -> None:
    tried = {each.name for each in PROVIDERS}
    assert set(registry.KINDS) - tried == {"outbox", *ESPS} - tried
    assert {each.folder for each in PROVIDERS} == {*FOLDERS} - {f"{CHANNELS}.outbox"}


@pytest.mark.parametrize("tried", PROVIDERS, ids=lambda tried: tried.name)
def test_a_provider_that_reports_later_is_read_by_its_webhook_and_has_cases_of_it(tried: Tried) -> None:
    webhook = import_module(f"{tried.folder}.webhook")
    reports = registry.KINDS[tried.name].read_report is not None
    assert hasattr(webhook, "read_report") is reports
    assert bool(tried.cases.receipts) <= reports


@pytest.mark.parametrize("tried", PROVIDERS, ids=lambda tried: tried.name)
def test_a_provider_has_a_case_for_every_situation_on_each_of_its_channels(tried: Tried) -> None:
    channels = registry.KINDS[tried.name].channels
    assert {(case.situation, case.channel) for case in tried.cases.answers} == {
        (situation, channel) for situation in get_args(Situation) for channel in channels
    }


@pytest.mark.parametrize(("tried", "case"), each(lambda tried: tried.cases.answers))
def test_an_answer_means_what_the_case_says(tried: Tried, case: AnswerCase) -> None:
    result, _ = asyncio.run(sent(tried, case))
    assert result == case.means


def accepting(tried: Tried) -> tuple[AnswerCase, ...]:
    return tuple(case for case in tried.cases.answers if case.situation == "accepted")


@pytest.mark.parametrize(("tried", "case"), each(accepting))
@pytest.mark.parametrize("behaviour", ["hang", "cut"])
def test_a_message_that_was_submitted_and_not_answered_is_unknown_and_not_submitted_again(
    tried: Tried, case: AnswerCase, behaviour: Behaviour
) -> None:
    result, wire = asyncio.run(sent(tried, case, behaviour, timeout_seconds=0.3))
    assert isinstance(result, Unknown)
    assert len(wire.requests) == 1


@pytest.mark.parametrize(("tried", "case"), each(accepting))
def test_a_provider_that_cannot_be_connected_to_got_nothing(tried: Tried, case: AnswerCase) -> None:
    with socket.socket() as taken:  # bound and not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        provider = made(tried, port)

        async def send() -> Result:
            await provider.open()
            try:
                return await provider.send(message(tried, case.channel, port))
            finally:
                await provider.close()

        result = asyncio.run(send())
    assert isinstance(result, Refused)
    assert not result.permanent
    assert result.of_address is bool(tried.endpoint)  # each endpoint is a machine of its own


def sought(tried: Tried, channel: str) -> Sought:
    return Sought(
        delivery=7,
        reference=REFERENCE,
        channel=channel,
        provider=tried.name,
        to=SOUGHT_TO,
        mark=SOUGHT_MARK,
        since=SOUGHT_AT,
        waited=timedelta(days=1),
    )


async def asked(tried: Tried, case: ListCase, wanted: Sought) -> Any:
    async with http_server(case.raw, "answer") as wire:
        provider = made(tried, wire.port)
        await provider.open()
        try:
            return await provider.find(wanted)
        finally:
            await provider.close()


@pytest.mark.parametrize(("tried", "case"), each(lambda tried: tried.cases.lists))
def test_a_message_is_found_again_in_the_providers_list(tried: Tried, case: ListCase) -> None:
    assert asyncio.run(asked(tried, case, sought(tried, case.channel))) == case.means


@pytest.mark.parametrize(
    "tried", [tried for tried in PROVIDERS if not tried.cases.lists], ids=lambda tried: tried.name
)
def test_what_keeps_no_list_says_so(tried: Tried) -> None:
    assert asyncio.run(made(tried, 1).find(sought(tried, "email"))) == tried.asked


def test_a_list_that_lags_is_not_believed_at_once() -> None:
    [telnyx] = [tried for tried in PROVIDERS if tried.name == "telnyx"]
    [nothing] = [
        case for case in telnyx.cases.lists if case.raw.endswith(b'"page": 0}') and b"CA3" not in case.raw
    ]
    wanted = Sought(
        delivery=7,
        reference=REFERENCE,
        channel="voice",
        provider="telnyx",
        to=SOUGHT_TO,
        mark=SOUGHT_MARK,
        since=SOUGHT_AT,
        waited=timedelta(seconds=30),
    )
    assert asyncio.run(asked(telnyx, nothing, wanted)) == NoAnswer()


signed = [tried for tried in PROVIDERS if tried.sign]


def posted(tried: Tried, case: ReceiptCase, headers: dict[str, str]) -> int:
    path = f"/webhooks/{tried.name}/{case.kind}-status?ref={REFERENCE}"
    return Client().post(path, case.raw, content_type="application/octet-stream", headers=headers).status_code


def headers_for(tried: Tried, case: ReceiptCase) -> dict[str, str]:
    assert tried.sign
    url = f"{public_url()}/webhooks/{tried.name}/{case.kind}-status?ref={REFERENCE}"
    return tried.sign(url, case.raw)


@pytest.mark.django_db
@pytest.mark.parametrize(("tried", "case"), each(lambda tried: tried.cases.receipts if tried.sign else ()))
def test_a_signed_receipt_is_kept_and_read_whatever_it_says(
    tried: Tried, case: ReceiptCase, settings: Any
) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update=tried.settings(1))
    assert posted(tried, case, headers_for(tried, case)) == 204
    receipt = Receipt.objects.get()
    assert (receipt.provider, receipt.reference) == (tried.name, REFERENCE)
    assert receipt.word  # it was read, also where it made no sense


@pytest.mark.parametrize(("tried", "case"), each(lambda tried: tried.cases.receipts))
def test_a_receipt_means_what_the_case_says(tried: Tried, case: ReceiptCase) -> None:
    reader = registry.KINDS[tried.name].read_report
    assert reader
    try:
        assert reader(case.kind, case.raw).meaning == case.means
    except ValueError:
        assert case.means == "unknown"


@pytest.mark.django_db
@pytest.mark.parametrize("tried", signed, ids=lambda tried: tried.name)
def test_a_receipt_with_a_wrong_signature_is_refused_before_anything_is_read(
    tried: Tried, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update=tried.settings(1))
    case = tried.cases.receipts[0]
    right = headers_for(tried, case)
    wrong = {name: "A" + value[1:] if value[0] != "A" else "B" + value[1:] for name, value in right.items()}
    for headers in ({}, wrong, dict.fromkeys(right, ""), dict.fromkeys(right, "ünsigned")):
        assert posted(tried, case, headers) == 403
    assert not Receipt.objects.exists()


@pytest.mark.django_db
def test_a_receipt_of_a_provider_that_is_not_in_use_has_nobody_to_go_to() -> None:
    [telnyx] = [tried for tried in PROVIDERS if tried.name == "telnyx"]
    assert posted(telnyx, telnyx.cases.receipts[0], headers_for(telnyx, telnyx.cases.receipts[0])) == 404
    assert Client().post("/webhooks/nobody/message-status").status_code == 404
    assert Client().post("/webhooks/smtp/message-status").status_code == 404


def test_an_old_signature_of_telnyx_is_worth_nothing() -> None:
    from watchword.delivery.channels.twilio.webhook import telnyx_signature_fits

    body, at = b"CallStatus=completed", int(now().timestamp())
    for seconds, fits in ((0, True), (-290, True), (-310, False), (310, False)):
        sent_at = str(at + seconds)
        given = b64encode(KEY.sign(f"{sent_at}|".encode() + body)).decode()
        assert telnyx_signature_fits(PUBLIC_KEY, sent_at, body, given) is fits
    assert not telnyx_signature_fits("", str(at), body, "")


@pytest.mark.parametrize(
    ("settings_", "says"),
    [
        ({"text_providers": "carrier-gull"}, "WATCHWORD_TEXT_PROVIDERS can name"),
        ({"text_providers": "telnyx"}, "WATCHWORD_TEXT_PROVIDERS can name"),
        ({"text_providers": ""}, "WATCHWORD_TEXT_PROVIDERS can name"),
        ({"voice_providers": "twilio,twilio"}, "a second provider that is another one"),
        ({"voice_providers": "twilio,telnyx,signalwire"}, "a first and, if you like, a second"),
        ({"voice_providers": "twilio,telnyx"}, "WATCHWORD_TELNYX does not give our account"),
        ({"email_providers": "smtp", "smtp_url": "nowhere"}, "WATCHWORD_SMTP_URL must look like"),
        ({"letter_providers": "lob"}, "WATCHWORD_LOB does not give our account"),
        ({"text_providers": "smpp"}, "WATCHWORD_SMPP_URL must look like"),
        ({"text_providers": "smpp", "smpp_url": "smpp://u:123456789@localhost"}, "WATCHWORD_SMPP_URL must"),
    ],
)
def test_settings_that_cannot_be_used_are_named(settings: Any, settings_: dict[str, Any], says: str) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update=settings_)
    with pytest.raises(WatchwordError, match=says):
        registry.routes()
