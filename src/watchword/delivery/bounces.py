"""Mails that come back. Each is kept raw before it is read, and counts only where it carries a token that we made.

They come by an inbound webhook (api/email.py) or from a mailbox that is looked into every minute (here).
"""

import structlog
from django.conf import settings

from watchword.delivery import receipts
from watchword.delivery.channels.mail import reference_in
from watchword.delivery.channels.smtp.mailbox import Mailbox

PROVIDER, KIND = "smtp", "bounce"
_log = structlog.get_logger(__name__)


def take(raw: bytes) -> bool:
    """Keep a mail that came back and do what it says; False where it is none of ours.

    One without our token, forged or lost, is not kept: it may be anybody's letter.
    """
    reference = reference_in(raw)
    if reference is None:
        return False
    receipts.read(receipts.keep(PROVIDER, KIND, raw, reference))
    return True


def fetch() -> int:
    """Take what has come into the bounce mailbox, where there is one; return how many were ours.

    Ours are deleted there once they are kept, as they hold an address. What is none of ours stays, flagged for a
    person.
    """
    environment = settings.WATCHWORD
    if not environment.bounce_imap_url:
        return 0
    taken = 0
    with Mailbox(environment.bounce_imap_url, environment.provider_timeout_seconds) as mailbox:
        for number, raw in mailbox.waiting():
            if take(raw):
                mailbox.delete(number)
                taken += 1
            else:
                _log.warning("a mail in the bounce mailbox is none of ours", number=number)
                mailbox.flag(number)
    return taken
