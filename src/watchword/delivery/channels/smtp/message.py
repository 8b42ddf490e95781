"""A mail as it goes over the wire."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from watchword.core.clock import now
from watchword.delivery.channels.mail import headers, token_of
from watchword.delivery.records import Outbound

_ASCII = SMTP.clone(cte_type="7bit")  # every server takes it, whether or not it offers 8BITMIME
_INTERNATIONAL = _ASCII.clone(utf8=True)


def mail(outbound: Outbound, sender: str) -> bytes:
    """The message of an attempt. Its Message-ID holds the attempt's token, by which whatever returns it is matched."""
    message = EmailMessage(policy=_ASCII if outbound.to.isascii() else _INTERNATIONAL)
    message["From"] = formataddr((outbound.sender_name, sender)) if outbound.sender_name else sender
    message["To"] = outbound.to
    message["Subject"] = outbound.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{token_of(outbound.reference)}@{sender.rpartition('@')[2]}>"
    message.set_content(outbound.body)  # which takes away every Content- header set before
    for name, value in headers(outbound).items():
        message[name] = value
    return message.as_bytes()
