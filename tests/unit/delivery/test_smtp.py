"""Mails as they go over the wire, and a mail server's refusals in our words."""

import smtplib
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from watchword.core.errors import WatchwordError
from watchword.delivery.channels.mail import reference_in, return_path, token_of
from watchword.delivery.channels.smtp.client import SmtpProvider, _escape_dots, _in_brackets
from watchword.delivery.channels.smtp.errors import refusal
from watchword.delivery.channels.smtp.message import mail
from watchword.delivery.records import Outbound, Refused

REFERENCE = UUID("00000000-0000-4000-8000-000000000007")


def outbound(subject: str = "", body: str = "", **more: Any) -> Outbound:
    return Outbound(
        delivery=7,
        reference=REFERENCE,
        channel="email",
        provider="smtp",
        urgent=True,
        subject=subject,
        body=body,
        **({"to": "reader@example.org"} | more),
    )


def written(subject: str, body: str, **more: Any) -> EmailMessage:
    raw = mail(outbound(subject, body, **more), "notices@watchword.example")
    return message_from_bytes(raw, policy=default)


def test_a_mail_is_plain_text_and_known_again_by_its_message_id() -> None:
    message = written("You have a message", "To read it, open this page:\nhttps://watchword.example/m/x")
    assert reference_in(message["Message-ID"].encode()) == REFERENCE
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert message.get_content().rstrip().endswith("https://watchword.example/m/x")


def test_a_mail_can_be_stopped_with_one_click_and_says_its_language() -> None:
    message = written("a", "b", unsubscribe_url="https://watchword.example/u/x", language="es")
    assert message["List-Unsubscribe"] == "<https://watchword.example/u/x>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Content-Language"] == "es"


def test_a_disguise_changes_the_name_beside_our_address_and_nothing_else() -> None:
    assert (
        str(written("a", "b", sender_name="Biblioteca Ñ")["From"])
        == "Biblioteca Ñ <notices@watchword.example>"
    )


def test_a_mail_needs_no_more_than_seven_bits_on_its_way() -> None:
    raw = mail(outbound("Ñandú", "Puesto en libertad: José Ñandú"), "notices@watchword.example")
    assert raw.isascii()


def test_the_return_path_names_the_attempt_and_nobody_else_can_make_one() -> None:
    path = return_path("notices@example.org", "bounces@example.org", outbound())
    assert path.startswith("bounces+")
    assert path.endswith("@example.org")
    assert len(path.partition("@")[0]) <= 64  # RFC 5321, 4.5.3.1.1
    assert reference_in(path.upper().encode()) == REFERENCE
    forged = path[:-14] + ("a" if path[-14] != "a" else "b") + path[-13:]
    assert reference_in(forged.encode()) is None
    assert return_path("notices@example.org", "", outbound()) == "notices@example.org"


@given(st.uuids())
def test_any_attempt_is_found_again_in_a_text(reference: UUID) -> None:
    text = f"Return-Path: <bounces+{token_of(reference)}@example.org>\nTo: somebody"
    assert reference_in(text.encode()) == reference


@pytest.mark.parametrize("subject", ["Puesto en libertad: José Ñandú", "获释", "x" * 300, "أُفرج عنه"])
def test_every_language_arrives_as_written(subject: str) -> None:
    message = written(subject, f"{subject}\n\n{subject}")
    assert message["Subject"] == subject
    assert message.get_content().split() == f"{subject}\n\n{subject}".split()


_LINES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=1_500)


@given(st.lists(_LINES, max_size=4))
@example(["ñ" * 1_000])  # one line, which has no end of its own
def test_any_words_arrive_as_they_were_and_in_lines_that_every_server_takes(lines: list[str]) -> None:
    raw = mail(outbound("A", "\n".join(lines)), "notices@watchword.example")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.count(b"\n") == raw.count(b"\r\n"), "a lone line feed can end a mail early"
    assert raw.isascii()
    payload = message_from_bytes(raw).get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().split("\r\n") == (lines or [""])


@given(
    st.emails()
    | st.tuples(st.text("abö.+-_'\"\\(),:; <>[]@", min_size=1), st.just("example.org")).map("@".join)
)
@example('"ana b"@example.org')
@example("ana@[192.0.2.1]")
@example("Ana <ana@example.org>")
def test_an_address_stands_in_a_command_as_the_standard_library_puts_it(address: str) -> None:
    assert _in_brackets(address) == smtplib.quoteaddr(address)


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
        (553, b"5.0.0 not here", "5.0.0", True),
        (556, b"5.1.10 Domain takes no mail", "5.1.10", True),
        (550, b"5.7.17 Mailbox owner has changed", "5.7.17", True),
        (552, b"5.2.2 Mailbox full", "5.2.2", False),
        (554, b"5.7.1 Blocked by policy", "5.7.1", False),
        (554, b"Transaction failed", "554", False),
        (550, b"5.1.8 Bad sender", "5.1.8", False),
        (451, b"4.7.1 Greylisting in action", "4.7.1", False),
        (450, b"4.1.1 Mailbox not verified yet", "4.1.1", False),
        (421, b"Too many connections", "421", False),
    ],
)
def test_a_refusal_of_the_recipient_means(reply: int, text: bytes, code: str, permanent: bool) -> None:
    assert refusal(reply, text, of_recipient=True) == Refused(
        code=code, permanent=permanent, of_address=not permanent
    )


@pytest.mark.parametrize(
    "text", [b"no such mailbox", b"5.1.8 Bad sender", b"5.7.1 Not allowed", b"5.3.4 Too big"]
)
def test_a_refusal_of_our_sender_or_message_is_not_the_recipients_fault(text: bytes) -> None:
    refused = refusal(550, text, of_recipient=False)
    assert not refused.permanent
    assert not refused.of_address


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:25", "127.0.0.1:25"])
def test_an_address_that_is_no_mail_servers_is_explained(url: str) -> None:
    with pytest.raises(WatchwordError, match="WATCHWORD_SMTP_URL"):
        SmtpProvider(url=url, sender="a@example.org", slots=1, timeout_seconds=1)
