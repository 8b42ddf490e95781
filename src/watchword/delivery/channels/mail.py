"""What every way of sending mail shares: the token by which a mail is known again, and its headers.

Mails are plain text alone. There is nothing to show that words cannot say; a screen reader, an old phone and a
shelter's web mail read it alike; nothing is fetched when it is opened, so that no one can be told of that; and the
address of its link stands there to be seen.
"""

import re
from uuid import UUID

import idna

from watchword.core.signing import sign_caseless, unsign_caseless
from watchword.delivery.records import Outbound

_PURPOSE = "mail"
_ABOVE_ALL = 1 << 128  # one bit before every UUID, so that all tokens are equally long
_TOKEN = re.compile(rb"(?<![a-z2-7])[a-z2-7]{47}(?![a-z2-7])", re.IGNORECASE)
_MOST_TOKENS = (
    100  # looked at in one mail: ours stand in its first headers, or in those of the mail it returns
)


def token_of(reference: UUID) -> str:
    """The signed name of an attempt, as it stands in a mail's return path and Message-ID."""
    return sign_caseless(_PURPOSE, _ABOVE_ALL | reference.int)


def reference_in(raw: bytes) -> UUID | None:
    """The attempt that a mail or a part of one is about: the first token of ours in it. Nobody else can make one."""
    for found, _ in zip(_TOKEN.finditer(raw), range(_MOST_TOKENS), strict=False):
        number = unsign_caseless(_PURPOSE, found[0].decode())
        if number is not None:
            return UUID(int=number ^ _ABOVE_ALL)
    return None


def return_path(sender: str, bounce_address: str, outbound: Outbound) -> str:
    """Where a bounce of this attempt goes: `bounces@example.org` becomes `bounces+<token>@example.org` (VERP)."""
    if not bounce_address:
        return sender
    local, _, domain = bounce_address.rpartition("@")
    return f"{local}+{token_of(outbound.reference)}@{domain}"


def headers(outbound: Outbound) -> dict[str, str]:
    """The headers that make a mail of ours a good citizen, besides From, To, Subject and Date.

    There is no `Precedence`: `bulk` and `list`, which it is not, are what some servers throw away first.
    """
    given = {
        "Auto-Submitted": "auto-generated",  # keeps holiday replies from coming back (RFC 3834) ...
        "X-Auto-Response-Suppress": "OOF, AutoReply",  # ... also from Exchange
    }
    if outbound.language:
        given["Content-Language"] = outbound.language
    if outbound.unsubscribe_url:
        given["List-Unsubscribe"] = f"<{outbound.unsubscribe_url}>"
        given["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    return given


def ascii_domain(address: str) -> str:
    """The address with its domain as the net writes it (IDNA); the part before the @ stays as it is."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain if domain.isascii() else idna.encode(domain, uts46=True).decode()}"
