"""Short signed tokens for links: they name one thing, for one purpose, and cannot be guessed or altered."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

_TAG_BYTES = 12


def sign(purpose: str, number: int) -> str:
    """A URL-safe token of about 20 characters for `number`, good for `purpose` only."""
    body = number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")
    return urlsafe_b64encode(_tag(purpose, body) + body).rstrip(b"=").decode()


def unsign(purpose: str, token: str) -> int | None:
    """The number that the token names, or None for any token that `sign` did not make for this purpose."""
    try:
        raw = urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4))
    except ValueError:
        return None
    tag, body = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
    if not body or not hmac.compare_digest(tag, _tag(purpose, body)):
        return None
    return int.from_bytes(body, "big")


def _tag(purpose: str, body: bytes) -> bytes:
    from django.conf import settings

    key = settings.SECRET_KEY.encode()
    return hmac.digest(key, b"watchword.link\0" + purpose.encode() + b"\0" + body, hashlib.sha256)[:_TAG_BYTES]
