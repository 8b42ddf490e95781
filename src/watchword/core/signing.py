"""Short signed tokens for links: they name one thing, for one purpose, and cannot be guessed or altered."""

import hashlib
import hmac
from base64 import b32decode, b32encode, urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

_TAG_BYTES = 12
_TYPED_TAG_BYTES = 8  # enough for what can only be tried one request at a time
_GROUP = 4


def sign(purpose: str, number: int) -> str:
    """A URL-safe token of about 20 characters for `number`, good for `purpose` only."""
    return urlsafe_b64encode(_tagged(purpose, number)).rstrip(b"=").decode()


def unsign(purpose: str, token: str) -> int | None:
    """The number that the token names, or None for any token that `sign` did not make for this purpose."""
    try:
        given = token.encode()
        body = urlsafe_b64decode(given + b"=" * (-len(given) % 4))[_TAG_BYTES:]
    except ValueError:
        return None
    number = int.from_bytes(body, "big")
    # Compared whole, so that one number has one token: base64 can be written in several ways.
    return number if hmac.compare_digest(given, sign(purpose, number).encode()) else None


def sign_caseless(purpose: str, number: int) -> str:
    """The same in lower-case letters and digits only, for where capitals may be lost, as in a mail's address.

    About 45 characters for a UUID's number.
    """
    return b32encode(_tagged(purpose, number)).rstrip(b"=").decode().lower()


def unsign_caseless(purpose: str, token: str) -> int | None:
    """The number that the token names, in whatever case it came back; None where `sign_caseless` did not make it."""
    given = token.lower().encode(errors="replace")
    try:
        body = b32decode(given.upper() + b"=" * (-len(given) % 8))[_TAG_BYTES:]
    except ValueError:
        return None
    number = int.from_bytes(body, "big")
    return number if hmac.compare_digest(given, sign_caseless(purpose, number).encode()) else None


def sign_to_type(purpose: str, number: int) -> str:
    """The same as short as can be, in groups of four, for somebody who reads it on paper and types it: about 20
    characters, none of them 0, 1, 8 or 9, which look like letters."""
    code = b32encode(_tagged(purpose, number, _TYPED_TAG_BYTES)).rstrip(b"=").decode().lower()
    return "-".join(code[place : place + _GROUP] for place in range(0, len(code), _GROUP))


def unsign_typed(purpose: str, token: str) -> int | None:
    """The number that the token names, its groups and capitals typed in any way; None where `sign_to_type` did not make
    it."""
    code = "".join(token.replace("-", " ").split()).upper()
    try:
        body = b32decode(code + "=" * (-len(code) % 8))[_TYPED_TAG_BYTES:]
    except ValueError:
        return None
    number = int.from_bytes(body, "big")
    right = sign_to_type(purpose, number).replace("-", "").upper()
    return number if hmac.compare_digest(code.encode(), right.encode()) else None


def _tagged(purpose: str, number: int, tag_bytes: int = _TAG_BYTES) -> bytes:
    body = number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")
    tag = _keyed().copy()  # to begin with the key anew takes twice as long, for each link of each message
    tag.update(purpose.encode() + b"\0" + body)
    return tag.digest()[:tag_bytes] + body


@lru_cache(maxsize=1)
def _keyed() -> hmac.HMAC:
    from django.conf import settings

    return hmac.new(settings.SECRET_KEY.encode(), b"watchword.link\0", hashlib.sha256)
