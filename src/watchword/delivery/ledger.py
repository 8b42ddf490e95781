"""The ledger of a notice, as its registrant and the desk read it: "called 14:02, voicemail; text delivered 14:03; PIN
14:10", in the registrant's own language and time zone. Of a contact point it shows a masked form alone.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from watchword.core.encryption import EncryptionError, keyring
from watchword.core.errors import WatchwordError
from watchword.core.sql import rows
from watchword.notices.models import Notice
from watchword.notices.wording import ledger_phrase, short_moment
from watchword.registrants.addresses import CONTEXT, masked

# The providers' own words, as receipts keep them. One that is in neither says nothing that a reader needs.
_DELIVERED = ["delivered", "read"]
_LOST = ["undelivered", "failed", "canceled", "bounced", "rejected", "dead", "refused"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One thing that was done."""

    at: datetime
    said_at: str  # in that language, and the registrant's time zone
    channel: str | None
    what: str  # such as 'accepted', 'voicemail', 'delivered', 'told' or 'at_desk'
    words: str  # the same in that language


def ledger(notice_id: int, language: str | None = None) -> list[Line]:
    """What was done to tell this notice, or the message that it is told with, oldest first; in this language, or the
    registrant's own.

    WatchwordError where there is no such notice.
    """
    notice = Notice.objects.select_related("registration__registrant").filter(pk=notice_id).first()
    if notice is None:
        raise WatchwordError(f"There is no notice {notice_id}.")
    registrant = notice.registration.registrant
    language = language or registrant.language
    zone = ZoneInfo(registrant.time_zone)
    found = rows(
        __package__,
        "ledger",
        {"notice": notice.told_with_id or notice.pk, "delivered": _DELIVERED, "lost": _LOST},
    )
    return [
        Line(
            at=row["at"],
            said_at=short_moment(language, row["at"], zone),
            channel=row["channel"],
            what=row["what"],
            words=ledger_phrase(language, _key(row["channel"], row["what"]), _masked(row["address"])),
        )
        for row in found
    ]


def _key(channel: str | None, what: str) -> str:
    return what if channel is None else f"{channel}_{what}"


def _masked(address: bytes | None) -> str:
    if address is None:
        return ""
    try:
        return masked(keyring().decrypt(address, CONTEXT))
    except EncryptionError:
        return "***"  # its key is gone: that it was tried is still told
