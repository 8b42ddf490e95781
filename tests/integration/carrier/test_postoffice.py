import smtplib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

import pytest

from tests.integration.carrier.customer import Customer

READER = "reader@example.org"


def letter(
    subject: str = "You have a message", text: str = "Open it here: https://we.example/m/abc\n"
) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "notices@watchword.example", READER, subject
    message["Message-ID"] = "<one@watchword.example>"
    message.set_content(text)
    return message


@contextmanager
def connected(customer: Customer) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", customer.carrier.smtp_port, timeout=10) as server:
        yield server


def mails(customer: Customer, address: str = READER) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = customer.see(f"/mailboxes/{address}/mails")["mails"]
    return found


def test_a_mail_arrives_and_is_read_decoded(customer: Customer) -> None:
    with connected(customer) as server:
        server.send_message(letter("Mensaje para José – 你好", "Ábralo aquí:\nhttps://we.example/m/abc\n"))
    [mail] = mails(customer)
    assert (mail["subject"], mail["text"]) == (
        "Mensaje para José – 你好",
        "Ábralo aquí:\nhttps://we.example/m/abc",
    )
    assert (mail["from"], mail["message_id"]) == ("notices@watchword.example", "<one@watchword.example>")
    assert ["To", READER] in mail["headers"]
    assert [(entry["kind"], entry["id"], entry["body"]) for entry in customer.see("/log")["log"]] == [
        ("mail", "<one@watchword.example>", "Mensaje para José – 你好")
    ]


def test_a_mail_for_several_comes_into_each_mailbox_whatever_its_case(customer: Customer) -> None:
    with connected(customer) as server:
        server.send_message(letter(), to_addrs=["Reader@Example.org", "other@example.org"])
    assert len(mails(customer)) == len(mails(customer, "OTHER@example.org")) == 1


def test_the_plain_part_is_read_where_there_is_one_and_the_words_of_html_where_not(
    customer: Customer,
) -> None:
    both, only_html = letter(), EmailMessage()
    both.add_alternative("<p>HTML</p>", subtype="html")
    only_html["Subject"] = "x"
    only_html.set_content("<style>p {}</style><p>Caf&eacute; &amp; <b>more</b></p>", subtype="html")
    with connected(customer) as server:
        server.send_message(both)
        server.send_message(only_html, from_addr="a@watchword.example", to_addrs=[READER])
    assert [mail["text"].split() for mail in mails(customer)] == [
        ["Open", "it", "here:", "https://we.example/m/abc"],
        ["Café", "&", "more"],
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no headers\r\n",
        b"Content-Type: text/plain; charset=klingon\r\n\r\n\xff\xfe",
        b"Subject: =?x?q?\xff?=\r\n\r\n",
    ],
)
def test_a_broken_mail_is_kept_and_shown_all_the_same(customer: Customer, raw: bytes) -> None:
    with connected(customer) as server:
        server.sendmail("a@watchword.example", [READER], raw)
    assert len(mails(customer)) == 1
    assert len(customer.see("/log")["log"]) == 1


@pytest.mark.parametrize(("kind", "code"), [("refuse", 550), ("defer", 451)])
def test_a_mailbox_can_refuse_or_defer(customer: Customer, kind: str, code: int) -> None:
    customer.do("PUT", f"/mailboxes/{READER}", {"mail": {"kind": kind}})
    with connected(customer) as server:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            server.send_message(letter())
        assert refused.value.recipients[READER][0] == code
        assert server.send_message(letter(), to_addrs=[READER, "other@example.org"]).keys() == {READER}
    assert (len(mails(customer)), len(mails(customer, "other@example.org"))) == (0, 1)


@pytest.mark.parametrize(
    ("kind", "error", "accepted"),
    [
        ("server_error", smtplib.SMTPDataError, 0),
        ("too_many", smtplib.SMTPDataError, 0),
        ("refused", smtplib.SMTPDataError, 0),
        ("hang", smtplib.SMTPServerDisconnected, 0),
        ("cut", smtplib.SMTPServerDisconnected, 1),
        ("garbage", smtplib.SMTPDataError, 1),
    ],
)
def test_the_post_office_can_misbehave(
    customer: Customer, kind: str, error: type[smtplib.SMTPException], accepted: int
) -> None:
    customer.do("POST", "/faults", {"api": "mail", "kind": kind, "seconds": 0.05})
    with pytest.raises(error), connected(customer) as server:
        server.send_message(letter())
    assert len(mails(customer)) == accepted
    with connected(customer) as server:
        server.send_message(letter())
    assert len(mails(customer)) == accepted + 1


def test_a_slow_post_office_answers_late_when_the_mail_has_long_arrived(customer: Customer) -> None:
    customer.do("POST", "/faults", {"api": "mail", "kind": "slow", "seconds": 0.3})
    with connected(customer) as server, ThreadPoolExecutor(1) as thread:
        answer = thread.submit(server.send_message, letter())
        customer.until(lambda: mails(customer) and not answer.done())
        assert answer.result() == {}


def test_a_post_office_that_is_away_cuts_its_connections_refuses_others_and_comes_back(
    customer: Customer,
) -> None:
    with connected(customer) as server:
        customer.do("POST", "/faults", {"api": "mail", "kind": "away", "seconds": 1})
        customer.until(lambda: not _is_open(server))
        with pytest.raises(ConnectionRefusedError):
            smtplib.SMTP("127.0.0.1", customer.carrier.smtp_port, timeout=10)
    customer.settle()
    with connected(customer) as server:
        server.send_message(letter())
    assert len(mails(customer)) == 1


def _is_open(server: smtplib.SMTP) -> bool:
    try:
        return server.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False
