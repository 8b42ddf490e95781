"""Addresses that go out in messages, and that the carrier calls us at."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing

from watchword.core.signing import sign, sign_to_type, unsign, unsign_typed

_ON_PAPER = "letter"
_REPLAY = "watchword.pushes"

PROVING_CALL = "call.prove"
"""The purpose that the tokens of calls are signed for in which somebody shows that the phone is theirs."""

GIVE_CODE = "contact.code"
"""The purpose that the tokens of those pages are signed for."""

REPLAY_LINK_SECONDS = 3600
"""How long a link to the page of pushes is good."""

CONFIRM_PUSH = "push.confirm"
"""The purpose that the tokens of partners' confirmations are signed for."""

UNSUBSCRIBE = "unsubscribe"
"""The purpose that the tokens of those links are signed for."""


def public_url() -> str:
    """Where this installation is reached from outside, without a slash at the end."""
    environment = settings.WATCHWORD
    base: str = environment.public_url or f"http://{environment.http_host}:{environment.http_port}"
    return base.rstrip("/")


def token_of(delivery: int) -> str:
    """The signed name of a delivery, as it stands in its link. No other message holds it."""
    return sign("delivery", delivery)


def delivery_of(token: str) -> int | None:
    """The delivery that the address of a page names, as a link or as it stands on paper; None for any other token."""
    number = unsign("delivery", token)
    return unsign_typed(_ON_PAPER, token) if number is None else number


def replay_link(by: str) -> str:
    """A page on which `by` sees the newest pushes and can have them sent again, for an hour."""
    return f"{public_url()}/office/pushes/{signing.dumps(by, salt=_REPLAY)}"


def who_replays(token: str) -> str | None:
    """For whom that page's link was made; None for any other token, and once its hour is over."""
    try:
        by: str = signing.loads(token, salt=_REPLAY, max_age=REPLAY_LINK_SECONDS)
    except signing.BadSignature:
        return None
    return by


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of one installation. Made once for a batch: reading the settings costs more than all else here."""

    base: str  # where it is reached from outside

    @classmethod
    def here(cls) -> "Links":
        """Those of this installation."""
        return cls(public_url())

    def page(self, delivery: int, language: str) -> str:
        """The page that asks for the PIN before it shows the message, in the registrant's language."""
        return f"{self.base}/m/{token_of(delivery)}?lang={language}"

    def on_paper(self, delivery: int) -> str:
        """The same page, by the shortest address, to be typed; it speaks the browser's language."""
        return f"{self.base}/m/{sign_to_type(_ON_PAPER, delivery)}"

    def call(self, delivery: int, step: str = "start") -> str:
        """Where a call has this step's TwiML: "start", "pin", "quiet", "voicemail"; "again" once the PIN was right."""
        purpose = "call.heard" if step == "again" else "call"
        return f"{self.base}/phone/call/{sign(purpose, delivery)}/{step}"

    def unsubscribe(self, delivery: int) -> str:
        """Where one click stops mails about this delivery's registration to the address that it goes to."""
        return f"{self.base}/u/{sign(UNSUBSCRIBE, delivery)}"

    def status(self, provider: str, channel: str, reference: UUID) -> str:
        """Where this provider sends the receipts of one attempt."""
        kind = "call" if channel == "voice" else "message"
        return f"{self.base}/webhooks/{provider}/{kind}-status?ref={reference}"

    def confirm_push(self, delivery: int) -> str:
        """Where another office's system says that a person there has told the registrant."""
        return f"{self.base}/webhooks/push/confirm/{sign(CONFIRM_PUSH, delivery)}"

    def give_code(self, contact_point: int, language: str) -> str:
        """The page on which whoever reads what comes there can give its code, at any later time."""
        return f"{self.base}/c/{sign(GIVE_CODE, contact_point)}?lang={language}"

    def one_time(self, token: str, language: str) -> str:
        """The page with the button that signs its reader in, once."""
        return f"{self.base}/my/link/{token}?lang={language}"

    def proving_call(self, reference: UUID, step: str = "start") -> str:
        """Where a call has its TwiML that lets somebody show that the phone is theirs: "start", then "pin"."""
        return f"{self.base}/phone/prove/{sign(PROVING_CALL, reference.int)}/{step}"

    def test_call(self, language: str, says: str = "test", *, is_tty: bool = False) -> str:
        """Where a call that tells of no case has its TwiML: a "test", or that there was a "change"."""
        return f"{self.base}/phone/{says}/{language}{'?tty=1' if is_tty else ''}"
