"""A mail as it goes over the wire: plain text, no pictures, no tracking, our reference in its Message-ID."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from watchword.core.clock import now
from watchword.delivery.records import Outbound


def mail(outbound: Outbound, sender: str) -> bytes:
    """The message of an attempt. Auto-Submitted keeps holiday replies from coming back (RFC 3834)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = outbound.to
    message["Subject"] = outbound.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{outbound.reference}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(outbound.body)
    return message.as_bytes()
