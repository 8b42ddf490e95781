"""What a message says before anybody gave a PIN: nothing of the case, unless that contact point allows it."""

from typing import NamedTuple
from uuid import UUID

from watchword.core.encryption import keyring
from watchword.delivery.links import call_url, page_link, status_url
from watchword.delivery.records import Outbound
from watchword.notices.wording import neutral
from watchword.registrants.addresses import CONTEXT


class Due(NamedTuple):
    """A delivery that is due, as sql/claim.sql gives it."""

    delivery: int
    channel: str
    attempts: int  # made so far
    repeat: bool
    language: str
    address: bytes  # encrypted
    allows_detail: bool
    needless: bool  # its notice was confirmed or withdrawn, or its contact point stopped
    subject: str | None  # of the wording, where the contact point allows detail
    body: str | None


def compose(due: Due, reference: UUID) -> Outbound:
    """The message of one attempt, which is `reference`."""
    subject, body, url = "", "", ""
    match due.channel:
        case "email":
            subject, body = _email(due)
        case "text":
            body = _text(due)
        case "voice":
            url = call_url(due.delivery)
        case unknown:
            raise AssertionError(f"no channel {unknown}")
    return Outbound(
        delivery=due.delivery,
        reference=reference,
        channel=due.channel,
        to=keyring().decrypt(due.address, CONTEXT),
        subject=subject,
        body=body,
        url=url,
        status_url="" if due.channel == "email" else status_url(due.channel, reference),
        attempts=due.attempts + 1,
        repeat=due.repeat,
    )


def _email(due: Due) -> tuple[str, str]:
    link = page_link(due.delivery, due.language)
    if due.body is not None:
        confirm = neutral(due.language, "email_confirm", link=link)
        subject, body = due.subject or "", f"{due.body}\n\n{confirm}"
    else:
        subject = neutral(due.language, "email_subject")
        body = neutral(due.language, "email_body", link=link)
    if due.repeat:
        body = f"{neutral(due.language, 'email_repeat')}\n\n{body}"
    return subject, body


def _text(due: Due) -> str:
    link = page_link(due.delivery, due.language)
    if due.body is not None:
        body = f"{due.body} {neutral(due.language, 'text_confirm')} {link}"
    else:
        body = neutral(due.language, "text", link=link)
    return f"{body} {neutral(due.language, 'text_repeat')}" if due.repeat else body
