"""What a message says before anybody gave a PIN: nothing of the case, unless that contact point allows it."""

from typing import NamedTuple
from uuid import UUID

from watchword.core.encryption import keyring
from watchword.delivery.links import Links
from watchword.delivery.records import Outbound
from watchword.notices.wording import neutral
from watchword.registrants.addresses import CONTEXT

_LINK = "\0link\0"  # stands where the link comes; no template has it


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


class Composer:
    """Writes the messages of one batch; each neutral phrase is looked up once for all of them."""

    def __init__(self) -> None:
        self._links = Links.here()
        self._phrases: dict[tuple[str, str], str] = {}

    def compose(self, due: Due, reference: UUID) -> Outbound:
        """The message of one attempt, which is `reference`."""
        subject, body, url, status_url = "", "", "", ""
        match due.channel:
            case "email":
                subject, body = self._email(due)
            case "text":
                body = self._text(due)
                status_url = self._links.status("text", reference)
            case "voice":
                url = self._links.call(due.delivery)
                status_url = self._links.status("voice", reference)
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
            status_url=status_url,
            attempts=due.attempts + 1,
            repeat=due.repeat,
        )

    def _email(self, due: Due) -> tuple[str, str]:
        if due.body is not None:
            subject = due.subject or ""
            body = f"{due.body}\n\n{self._say(due, 'email_confirm')}"
        else:
            subject, body = self._say(due, "email_subject"), self._say(due, "email_body")
        return subject, f"{self._say(due, 'email_repeat')}\n\n{body}" if due.repeat else body

    def _text(self, due: Due) -> str:
        if due.body is not None:
            link = self._links.page(due.delivery, due.language)
            body = f"{due.body} {self._say(due, 'text_confirm')} {link}"
        else:
            body = self._say(due, "text")
        return f"{body} {self._say(due, 'text_repeat')}" if due.repeat else body

    def _say(self, due: Due, key: str) -> str:
        """A neutral phrase in the registrant's language, with this delivery's link where it has one."""
        phrase = self._phrases.get((due.language, key))
        if phrase is None:
            phrase = neutral(due.language, key, link=_LINK)
            self._phrases[due.language, key] = phrase
        if _LINK not in phrase:
            return phrase
        return phrase.replace(_LINK, self._links.page(due.delivery, due.language))
