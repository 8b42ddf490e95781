"""What a message says before anybody gave a PIN: nothing of the case, unless that contact point allows it."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from watchword.core.encryption import keyring
from watchword.delivery.channels.push.payload import Pushes
from watchword.delivery.links import Links
from watchword.delivery.records import Outbound
from watchword.notices.wording import disguise, neutral
from watchword.registrants.addresses import CONTEXT

_LINK = "\0link\0"  # stands where the link comes; no template has it


class Due(NamedTuple):
    """A delivery that is due, as sql/claim.sql gives it."""

    delivery: int
    channel: str
    urgent: bool
    attempts: int  # made so far
    repeat: bool
    language: str
    address: bytes  # encrypted
    allows_detail: bool
    disguise: str  # of an email
    needless: bool  # its notice was confirmed or withdrawn, or its contact point stopped or muted for it
    subject: str | None  # of the wording, where the contact point allows detail
    body: str | None
    backup: bool  # it goes to another person, whom the registrant named
    has_silent_times: bool


class Composer:
    """Writes the messages of one batch; each neutral phrase is looked up once for all of them."""

    def __init__(self, provider: str, batch: Iterable[Due]) -> None:
        """`provider` is the name of the one who is to get them."""
        self._provider = provider
        self._pushes = Pushes(due.delivery for due in batch if due.channel == "push")
        self._links = Links.here()
        self._phrases: dict[tuple[str, str], str] = {}

    def compose(self, due: Due, reference: UUID) -> Outbound:
        """The message of one attempt, which is `reference`."""
        subject, body, url, status_url = "", "", "", ""
        sender_name, unsubscribe_url = "", ""
        message_id = ""
        signing_keys: tuple[bytes, ...] = ()
        to = keyring().decrypt(due.address, CONTEXT)
        match due.channel:
            case "email":
                subject, body = self._email(due)
                unsubscribe_url = self._links.unsubscribe(due.delivery)
                if due.disguise:
                    sender_name, subject = disguise(due.language, due.disguise)
            case "text":
                body = self._text(due)
                status_url = self._links.status(self._provider, "text", reference)
            case "letter":
                subject, body = self._letter(due)
                url = self._links.on_paper(due.delivery)
            case "voice":
                url = self._links.call(due.delivery)
                status_url = self._links.status(self._provider, "voice", reference)
            case "push":
                endpoint = self._pushes.endpoint(due.delivery)
                url, signing_keys = endpoint.url, endpoint.keys
                message_id = self._pushes.message_id(due.delivery)
                body = self._pushes.body(due.delivery, to, due.body, self._links, due.language)
            case unknown:
                raise AssertionError(f"no channel {unknown}")
        return Outbound(
            delivery=due.delivery,
            reference=reference,
            channel=due.channel,
            provider=self._provider,
            urgent=due.urgent,
            to=to,
            subject=subject,
            body=body,
            language=due.language,
            sender_name=sender_name,
            unsubscribe_url=unsubscribe_url,
            url=url,
            status_url=status_url,
            message_id=message_id,
            signing_keys=signing_keys,
            attempts=due.attempts + 1,
            repeat=due.repeat,
        )

    def _email(self, due: Due) -> tuple[str, str]:
        if due.body is not None:
            subject = due.subject or ""
            body = f"{due.body}\n\n{self._say(due, 'email_confirm')}"
        else:
            subject, body = self._say_nothing(due, "email_subject"), self._say_nothing(due, "email_body")
        return subject, f"{self._say(due, 'email_repeat')}\n\n{body}" if due.repeat else body

    def _letter(self, due: Due) -> tuple[str, str]:
        if due.body is not None:
            subject, body = due.subject or "", f"{due.body}\n\n{self._say(due, 'letter_confirm')}"
        else:
            subject, body = self._say_nothing(due, "email_subject"), self._say_nothing(due, "letter_body")
        return subject, f"{self._say(due, 'email_repeat')}\n\n{body}" if due.repeat else body

    def _text(self, due: Due) -> str:
        if due.body is not None:
            link = self._links.page(due.delivery, due.language)
            body = f"{due.body} {self._say(due, 'text_confirm')} {link}"
        else:
            body = self._say_nothing(due, "text")
        return f"{body} {self._say(due, 'text_repeat')}" if due.repeat else body

    def _say_nothing(self, due: Due, key: str) -> str:
        """The phrase that says nothing of the case; to a backup, that somebody could not be reached."""
        return self._say(due, f"backup_{key}" if due.backup else key)

    def _say(self, due: Due, key: str) -> str:
        """A neutral phrase in the registrant's language, with this delivery's link where it has one."""
        phrase = self._phrases.get((due.language, key))
        if phrase is None:
            phrase = neutral(due.language, key, link=_LINK)
            self._phrases[due.language, key] = phrase
        if _LINK not in phrase:
            return phrase
        return phrase.replace(_LINK, self._links.page(due.delivery, due.language))
