"""Mails that come back. Each is kept raw before it is read, and counts only where it carries a token that we made.

They come by an inbound webhook (api/email.py) or from a mailbox that is looked into every minute (here).
"""

import structlog
from django.conf import settings

from watchword.delivery import receipts
from watchword.delivery.channels.mail import reference_in
from watchword.delivery.channels.smtp.mailbox import FAILURES, Mailbox, MailboxError
from watchword.worklist.incidents import clear_incidents, open_incident
from watchword.worklist.models import Incident

PROVIDER, KIND = "smtp", "bounce"
_SOURCE = "bounce mailbox"
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
    person. Where the mailbox cannot be read, that is an incident until it can.
    """
    if not settings.WATCHWORD.bounce_imap_url:
        return 0
    try:
        taken = _fetch()
    except FAILURES:
        _log.exception("the bounce mailbox cannot be read")
        open_incident(Incident.Kind.PROVIDER_DOWN, _SOURCE, MailboxError.__doc__ or "", {})
        return 0
    clear_incidents(Incident.Kind.PROVIDER_DOWN, _SOURCE, "The bounce mailbox can be read again.")
    return taken


def _fetch() -> int:
    environment, taken = settings.WATCHWORD, 0
    with Mailbox(environment.bounce_imap_url, environment.provider_timeout_seconds) as mailbox:
        for number, raw in mailbox.waiting():
            if take(raw):
                mailbox.delete(number)
                taken += 1
            else:
                _log.warning("a mail in the bounce mailbox is none of ours", number=number)
                mailbox.flag(number)
    return taken
