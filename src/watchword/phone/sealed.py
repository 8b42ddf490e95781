"""What stands in an address that a carrier keeps in its logs: encrypted, and good for an hour, so nothing needs keeping
here."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

from watchword.core.clock import now
from watchword.core.encryption import EncryptionError, keyring

_GOOD_SECONDS = 3600
_TIME_BYTES = 8


def seal(words: str, context: str) -> str:
    """The words as a part of an address, for this context alone."""
    until = int(now().timestamp()) + _GOOD_SECONDS
    sealed = keyring().encrypt(until.to_bytes(_TIME_BYTES, "big") + zlib.compress(words.encode()), context)
    return urlsafe_b64encode(sealed).decode()


def unseal(token: str, context: str) -> str | None:
    """The words again; None where they were not sealed for this context, or longer ago."""
    try:
        opened = keyring().decrypt_bytes(urlsafe_b64decode(token.encode()), context)
    except (ValueError, EncryptionError):
        return None
    until, words = opened[:_TIME_BYTES], opened[_TIME_BYTES:]
    return zlib.decompress(words).decode() if int.from_bytes(until, "big") > now().timestamp() else None
