"""What a mail server's refusals mean for a delivery.

A reply is three digits; its text usually begins with an enhanced status code (RFC 3463). 5xx is meant for ever, 4xx for
now. But a full mailbox and a policy block come as 5xx too, and neither is a dead address.
"""

import re

from watchword.delivery.records import Refused

_ENHANCED = re.compile(rb"^([245])\.(\d{1,3})\.(\d{1,3})")

# 5.2.2 mailbox full; 5.3.x the server's own trouble; 5.4.x routing; 5.7.x policy and security.
_PASSING = re.compile(r"^5\.(2\.2|3\.|4\.|7\.)")


def refusal(reply: int, text: bytes) -> Refused:
    """The refusal that a reply of 400 or more means."""
    enhanced = _ENHANCED.match(text)
    code = enhanced[0].decode() if enhanced else str(reply)
    permanent = reply >= 500 and not _PASSING.match(code)
    return Refused(code=code, permanent=permanent)
