"""The SMTP client against real mail servers on sockets: connections, TLS, refusals, and addresses of every script."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from watchword.core.clock import now
from watchword.delivery.channels.smtp.client import SmtpProvider
from watchword.delivery.records import Accepted, Outbound, Refused, Result, Unknown

HOST = "mail.watchword.example"
SENDER = "notices@watchword.example"


class Server:
    """aiosmtpd's handler; it counts, and answers as the test says: (command, answer), each once."""

    def __init__(self) -> None:
        self.connections = 0
        self.mails: list[Envelope] = []
        self.under_tls: list[bool] = []
        self.answers: list[tuple[str, str]] = []
        self.pipelines = False
        self.takes_content_for_nobody = False

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += session.host_name is None
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]] if self.pipelines else responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._answer("MAIL", "250 2.1.0 Ok")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer("RCPT", "250 2.1.5 Ok")
        if answer.startswith("250") or self.takes_content_for_nobody:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self._answer("DATA", "250 2.0.0 Ok: queued")
        if answer == "hang":
            await asyncio.sleep(60)
        if answer == "close":
            assert server.transport is not None
            server.transport.close()
            answer = "250 2.0.0 Ok: queued"
        self.mails.append(envelope)
        self.under_tls.append(session.ssl is not None)
        return answer

    def _answer(self, command: str, usual: str) -> str:
        if self.answers and self.answers[0][0] == command:
            return self.answers.pop(0)[1]
        return usual


Sent = Callable[..., list[Result]]


@pytest.fixture
def start() -> Iterator[Callable[..., tuple[Server, int]]]:
    """Start a server with aiosmtpd's options; its port."""
    running: list[Controller] = []

    def started(**options: Any) -> tuple[Server, int]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = Server()
        controller = Controller(server, "127.0.0.1", port, **options)
        controller.start()
        running.append(controller)
        server.connections = 0  # the controller has tried it itself
        return server, port

    yield started
    for controller in running:
        controller.stop()


@pytest.fixture
def named_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's name leads to this machine, as another machine's would to it."""
    look_up = socket.getaddrinfo

    def resolve(host: Any, *rest: Any, **more: Any) -> Any:
        return look_up("127.0.0.1" if host == HOST else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def send(
    url: str, *recipients: str, pauses: Sequence[float] = (), timeout: float = 3, slots: int = 1
) -> list[Result]:
    async def all_of_them() -> list[Result]:
        provider = SmtpProvider(
            url=url,
            sender=SENDER,
            slots=slots,
            timeout_seconds=timeout,
            bounce_address="bounces@watchword.example",
        )
        await provider.open()
        try:
            return [await provider.send(outbound(to)) for to in recipients]
        finally:
            await provider.close()

    return asyncio.run(all_of_them())


def outbound(to: str) -> Outbound:
    return Outbound(
        delivery=7,
        reference=uuid4(),
        channel="email",
        provider="smtp",
        urgent=True,
        to=to,
        subject="A",
        body="B",
    )


READER = "reader@example.org"


def certificate(name: str, folder: Path) -> tuple[Path, Path]:
    """A certificate of this name that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now() - timedelta(hours=1))
        .not_valid_after(now() + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / f"{name}.crt", folder / f"{name}.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths


def tls(name: str, folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS for this name; the certificate to trust."""
    trusted, key = certificate(name, folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, key)
    return context, trusted


def test_mails_go_over_one_connection_for_each_slot(start: Any) -> None:
    server, port = start()
    assert send(f"smtp://127.0.0.1:{port}", *[READER] * 5) == [Accepted(provider_id=None)] * 5
    assert (server.connections, len(server.mails)) == (1, 5)
    assert len({mail.mail_from for mail in server.mails}) == 5  # each with a return path of its own


def test_a_connection_that_the_server_has_closed_is_made_anew_and_nothing_is_sent_twice(start: Any) -> None:
    server, port = start(timeout=0.05)

    async def twice() -> list[Result]:
        provider = SmtpProvider(url=f"smtp://127.0.0.1:{port}", sender=SENDER, slots=1, timeout_seconds=3)
        await provider.open()
        first = await provider.send(outbound(READER))
        before = time.monotonic()
        while time.monotonic() < before + 0.3:  # until the server has lost patience
            await asyncio.sleep(0.05)
        second = await provider.send(outbound(READER))
        await provider.close()
        return [first, second]

    assert asyncio.run(twice()) == [Accepted(provider_id=None)] * 2
    assert (server.connections, len(server.mails)) == (2, 2)


@pytest.mark.usefixtures("named_host")
def test_to_another_machine_mail_goes_under_tls(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = tls(HOST, tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    server, port = start(tls_context=context, require_starttls=True)
    assert send(f"smtp://{HOST}:{port}", READER) == [Accepted(provider_id=None)]
    assert server.under_tls == [True]


@pytest.mark.usefixtures("named_host")
def test_a_server_without_tls_gets_nothing(start: Any) -> None:
    server, port = start()
    assert send(f"smtp://{HOST}:{port}", READER) == [Refused(code="SMTPNotSupportedError", permanent=False)]
    assert not server.mails


@pytest.mark.usefixtures("named_host")
@pytest.mark.parametrize("trusts", [True, False])
def test_a_server_that_cannot_prove_its_name_gets_nothing(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusts: bool
) -> None:
    context, trusted = tls("another.example" if trusts else HOST, tmp_path)
    if trusts:
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    server, port = start(tls_context=context)
    (result,) = send(f"smtp://{HOST}:{port}", READER)
    assert result == Refused(code="SSLCertVerificationError", permanent=False)
    assert not server.mails


# What the server answers at which command, what that means, and whether the mail after it is taken.
CASES = [
    ("RCPT", "550 5.1.1 No such mailbox", Refused(code="5.1.1", permanent=True)),
    ("RCPT", "451 4.7.1 Greylisted, come again", Refused(code="4.7.1", permanent=False, of_address=True)),
    ("RCPT", "552 5.2.2 Mailbox full", Refused(code="5.2.2", permanent=False, of_address=True)),
    ("MAIL", "550 Sender unknown", Refused(code="550", permanent=False)),
    ("MAIL", "421 4.3.2 Closing", Refused(code="4.3.2", permanent=False)),
    ("DATA", "554 5.7.1 Looks like spam", Refused(code="5.7.1", permanent=False)),
    ("DATA", "550 5.1.1 No such mailbox after all", Refused(code="5.1.1", permanent=True)),
    ("DATA", "421 4.3.2 Closing", Refused(code="4.3.2", permanent=False)),
    ("DATA", "close", Unknown(code="SMTPServerDisconnected")),
]


@pytest.mark.parametrize("pipelines", [False, True])
@pytest.mark.parametrize(("command", "answer", "means"), CASES)
def test_an_answer_means_and_the_next_mail_goes_out(
    start: Any, command: str, answer: str, means: Result, pipelines: bool
) -> None:
    server, port = start()
    server.pipelines = pipelines
    server.answers = [(command, answer)]
    results = send(f"smtp://127.0.0.1:{port}", READER, READER)
    assert results == [means, Accepted(provider_id=None)]


def test_a_server_that_refuses_the_recipient_and_waits_for_the_content_all_the_same_gets_none(
    start: Any,
) -> None:
    server, port = start()
    server.pipelines = server.takes_content_for_nobody = True
    server.answers = [("RCPT", "550 5.1.1 No such mailbox")]
    results = send(f"smtp://127.0.0.1:{port}", READER, READER)
    assert results == [Refused(code="5.1.1", permanent=True), Accepted(provider_id=None)]
    nothing, mail = server.mails
    assert nothing.content == b""
    assert mail.content
    assert server.connections == 1


@pytest.mark.parametrize("pipelines", [False, True])
def test_an_address_cannot_smuggle_in_a_command(start: Any, pipelines: bool) -> None:
    server, port = start()
    server.pipelines = pipelines
    with pytest.raises(ValueError, match=r"line|newline"):
        send(f"smtp://127.0.0.1:{port}", "reader@example.org>\r\nRCPT TO:<other@example.org")
    assert not server.mails


def test_a_server_that_does_not_answer_after_the_content_leaves_the_outcome_unknown(start: Any) -> None:
    server, port = start()
    server.answers = [("DATA", "hang")]
    assert send(f"smtp://127.0.0.1:{port}", READER, timeout=0.3) == [Unknown(code="time_out")]


def test_no_server_at_all_is_a_refusal_that_passes() -> None:
    (result,) = send("smtp://127.0.0.1:1", READER)
    assert result == Refused(code="ConnectionRefusedError", permanent=False)


def test_addresses_of_every_script_are_written_as_the_server_understands_them(start: Any) -> None:
    server, port = start(enable_SMTPUTF8=True)
    sent = send(f"smtp://127.0.0.1:{port}", "reader@bücher.example", "josé@example.org", READER)
    assert sent == [Accepted(provider_id=None)] * 3
    assert [mail.rcpt_tos for mail in server.mails] == [
        ["reader@xn--bcher-kva.example"],
        ["josé@example.org"],
        [READER],
    ]


def test_an_international_address_that_our_server_cannot_carry_is_undeliverable(start: Any) -> None:
    _, port = start(enable_SMTPUTF8=False)
    sent = send(f"smtp://127.0.0.1:{port}", "josé@example.org", READER)
    assert sent == [Refused(code="5.6.7", permanent=True), Accepted(provider_id=None)]
