"""Keys that somebody shows us, such as another system: 32 random bytes, given once, of which the SHA-256 alone is kept.

Nobody can guess so many bytes, so a digest that is quick to make is enough, and none is ever like another.
"""

import hashlib
import secrets

_BYTES = 32


def new_key(prefix: str) -> str:
    """A key that says by its prefix ("wwsk_") what it is for, so that tools that look for lost keys know it."""
    return prefix + secrets.token_urlsafe(_BYTES)


def digest_of(key: str) -> bytes:
    """What is kept of it, and what it is found by."""
    return hashlib.sha256(key.encode()).digest()
