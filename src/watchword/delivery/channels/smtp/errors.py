"""What a mail server's refusals mean for a delivery, said at once or in a bounce later.

A reply is three digits; its text usually begins with an enhanced status code (RFC 3463). 5xx is meant for ever, 4xx for
now. But a full mailbox, a policy block and a quarrel over our own address come as 5xx too, and none of them is a dead
address: to believe so would cut off somebody who can be reached.
"""

import re

from watchword.delivery.records import Refused

_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")

# The codes that say the address itself is dead (RFC 3463, 3.2; the IANA registry for the later ones).
_DEAD = frozenset(
    {
        "5.1.1",  # no such mailbox
        "5.1.2",  # no such domain
        "5.1.3",  # not written as an address
        "5.1.6",  # the mailbox has moved, and has left no address
        "5.1.10",  # the domain takes no mail at all (RFC 7505)
        "5.6.7",  # an international address that a server on the way cannot take (RFC 6531)
        "5.7.17",  # the mailbox has another owner now (RFC 7293): nothing more may go there
        "5.7.18",  # the domain has another owner now
    }
)
# Codes that servers use for an unknown user and for much else: what they mean stands in the words beside them.
_VAGUE = re.compile(r"5\.([035]\.0|0\.\d+|1\.0|1\.351|2\.1|4\.[14])")

# Replies to the recipient's address that no enhanced code explains (RFC 5321, 4.2.3): no such mailbox here.
_NO_MAILBOX = frozenset({550, 551, 553})


def is_dead(code: str) -> bool:
    """Whether this enhanced status code says that the address will never take mail again."""
    return code in _DEAD


def is_vague(code: str) -> bool:
    """Whether this code leaves it to the words beside it what is wrong; no code at all does too."""
    return not code or _VAGUE.fullmatch(code) is not None


def refusal(reply: int, text: bytes, *, of_recipient: bool) -> Refused:
    """The refusal that a reply of 400 or more means.

    `of_recipient`: it answered the recipient's address. What answers the sender's, or the message, is about us: it is
    permanent only where the code says that the address is dead.
    """
    enhanced = _ENHANCED.match(text)
    code = enhanced[1].decode() if enhanced else ""
    permanent = is_dead(code) or (of_recipient and reply in _NO_MAILBOX and is_vague(code))
    return Refused(code=code or str(reply), permanent=permanent, of_address=of_recipient and not permanent)
