"""Mails as they go over the wire, and a mail server's refusals in our words."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.core.errors import WatchwordError
from watchword.delivery.channels.smtp.client import SmtpProvider, _escape_dots
from watchword.delivery.channels.smtp.errors import refusal
from watchword.delivery.channels.smtp.message import mail
from watchword.delivery.records import Outbound, Refused

REFERENCE = UUID("00000000-0000-4000-8000-000000000007")


def written(subject: str, body: str) -> EmailMessage:
    outbound = Outbound(
        delivery=7, reference=REFERENCE, channel="email", to="reader@example.org", subject=subject, body=body
    )
    raw = mail(outbound, "notices@watchword.example")
    return message_from_bytes(raw, policy=default)


def test_a_mail_is_plain_text_and_carries_our_reference() -> None:
    message = written("You have a message", "To read it, open this page:\nhttps://watchword.example/m/x")
    assert message["Message-ID"] == f"<{REFERENCE}@watchword.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert message.get_content().rstrip().endswith("https://watchword.example/m/x")


@pytest.mark.parametrize("subject", ["Puesto en libertad: José Ñandú", "获释", "x" * 300])
def test_every_language_arrives_as_written(subject: str) -> None:
    message = written(subject, f"{subject}\n\n{subject}")
    assert message["Subject"] == subject
    assert message.get_content().split() == f"{subject}\n\n{subject}".split()


def test_a_subject_cannot_smuggle_in_a_header() -> None:
    with pytest.raises(ValueError, match="Header"):
        written("hello\r\nBcc: others@example.org", "body")


@given(st.text(st.sampled_from(".\r\nab")))
def test_no_line_of_a_mail_ends_it_early(text: str) -> None:
    content = text.replace("\r", "").replace("\n", "\r\n").encode()
    sent = _escape_dots(content)
    assert sent.endswith(b"\r\n.\r\n") or sent == b".\r\n"
    assert b"\r\n.\r\n" not in sent[:-5]


@pytest.mark.parametrize(
    ("reply", "text", "code", "permanent"),
    [
        (550, b"5.1.1 No such mailbox", "5.1.1", True),
        (550, b"no such mailbox", "550", True),
        (552, b"5.2.2 Mailbox full", "5.2.2", False),
        (554, b"5.7.1 Blocked by policy", "5.7.1", False),
        (550, b"5.4.1 Recipient address rejected: access denied", "5.4.1", False),
        (451, b"4.7.1 Greylisting in action", "4.7.1", False),
        (421, b"Too many connections", "421", False),
    ],
)
def test_a_refusal_means(reply: int, text: bytes, code: str, permanent: bool) -> None:
    assert refusal(reply, text) == Refused(code=code, permanent=permanent)


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:25", "127.0.0.1:25"])
def test_an_address_that_is_no_mail_servers_is_explained(url: str) -> None:
    with pytest.raises(WatchwordError, match="WATCHWORD_SMTP_URL"):
        SmtpProvider(url=url, sender="a@example.org", slots=1, timeout_seconds=1)
