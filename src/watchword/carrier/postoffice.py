"""The post office: an SMTP server that takes mail for any address into mailboxes, and reads it for those who look."""

import asyncio
import html
import logging
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session

from watchword.carrier.doors import ServerDoor, cut
from watchword.carrier.exchange import Exchange, new_sid
from watchword.carrier.records import Mail
from watchword.core import clock

LARGEST_MAIL = 10_000_000
"""Bytes of one mail."""
_TAGS = re.compile(r"<(?:style|script)\b.*?</(?:style|script)>|<[^>]*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMail:
    """A mail as a person reads it. `text` is its plain part, or the HTML's words where it has none."""

    subject: str
    message_id: str
    headers: list[tuple[str, str]]
    text: str


def read_mail(mail: Mail) -> ReadMail:
    """Decode a mail; what cannot be decoded is shown as it came."""
    message = message_from_bytes(mail.raw, policy=default)
    headers = [(name, str(value)) for name, value in message.items()]
    return ReadMail(
        subject=str(message.get("Subject", "")),
        message_id=str(message.get("Message-ID", "")).strip(),
        headers=headers,
        text=_text(message),
    )


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    try:
        content = str(body.get_content())
    except (LookupError, MessageError, KeyError):  # an unknown charset or a broken structure
        content = bytes(body.get_payload(decode=True) or b"").decode(errors="replace")
    if body.get_content_subtype() == "html":
        content = html.unescape(_TAGS.sub(" ", content))
    return content.replace("\r\n", "\n").strip()


class PostOffice:
    """aiosmtpd's handler: its names and arguments are aiosmtpd's."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take an address, unless its mailbox is set to refuse or defer."""
        mailbox = self._exchange.mailboxes.get(address.lower())
        match mailbox.behaviour.kind if mailbox else "accept":
            case "refuse":
                return "550 5.1.1 The email account that you tried to reach does not exist"
            case "defer":
                return "451 4.7.1 Greylisting in action, please try again later"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Recipient ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Put the mail into each recipient's mailbox, after the set latency, with the set faults."""
        fault = self._exchange.faults.take("mail")
        match fault.kind if fault else None:
            case "server_error":
                return "451 4.3.0 Local error in processing"
            case "too_many":
                return "421 4.7.0 Too many messages, try again later"
            case "refused":
                return "554 5.6.0 Message refused"
            case "hang":
                await asyncio.sleep(fault.seconds if fault else 0)
                _cut(server)
                return "421 4.4.2 Timeout"
        raw = envelope.original_content or b""
        at = clock.now()
        for address in envelope.rcpt_tos:
            mail = Mail(id=new_sid("ML"), at=at, sender=envelope.mail_from or "", to=address, raw=raw)
            self._exchange.accept_mail(mail)
        await self._exchange.late()
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "cut":
            _cut(server)
        return "2x0 \x07{{{ 0x1F" if fault is not None and fault.kind == "garbage" else "250 2.0.0 Ok: queued"


def _cut(server: SMTP) -> None:
    cut([server.transport])


def post_office(exchange: Exchange, host: str, port: int) -> ServerDoor:
    """The post office's door, not yet open."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # below that, aiosmtpd logs addresses
    office = PostOffice(exchange)
    loop = asyncio.get_running_loop()
    sessions: WeakSet[SMTP] = WeakSet()

    def protocol() -> SMTP:
        session = SMTP(
            office,
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
            hostname="post-office.example",
            ident="Watchword carrier",
            loop=loop,
        )
        sessions.add(session)
        return session

    return ServerDoor(
        port,
        lambda port: loop.create_server(protocol, host, port),
        lambda: [session.transport for session in sessions],
    )
