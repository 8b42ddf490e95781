"""Fields that must not be readable in a stolen database: AES-256-GCM, rotating keys, and a keyed blind index.

An encrypted value is `version byte | key id length | key id | 12-byte nonce | ciphertext and tag`. The first key of
the ring encrypts, every key of it decrypts, so a key is rotated by putting a new one in front. The *context* (such as
`"contact_point.address"`) is authenticated with the value: a ciphertext copied into another column does not decrypt.
"""

import hashlib
import hmac
import os
from base64 import b64decode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from watchword.core.errors import WatchwordError

_VERSION = b"\x01"
_NONCE_BYTES = 12


class EncryptionError(WatchwordError):
    """A protected value could not be read: its key is not in WATCHWORD_FIELD_KEYS, or it was altered."""


class KeyRing:
    """Named AES-256 keys, newest first, and the key of the blind index.

    Built from `"id:base64,id:base64"` and one base64 key, as the environment gives them.
    """

    def __init__(self, field_keys: str, blind_index_key: str) -> None:
        self._ciphers: dict[bytes, AESGCM] = {}
        for entry in field_keys.split(","):
            name, _, encoded = entry.strip().partition(":")
            key_id, key = name.encode(), _decoded(encoded)
            if not 0 < len(key_id) < 256 or key_id in self._ciphers or len(key) != 32:
                raise WatchwordError(
                    "WATCHWORD_FIELD_KEYS must be a comma-separated list of id:key, "
                    "each id different and each key 32 bytes in base64."
                )
            self._ciphers[key_id] = AESGCM(key)
        self._newest = next(iter(self._ciphers))
        self._index_key = _decoded(blind_index_key)
        if len(self._index_key) < 32:
            raise WatchwordError("WATCHWORD_BLIND_INDEX_KEY must be at least 32 bytes in base64.")

    def encrypt(self, value: str | bytes, context: str) -> bytes:
        """The value under the newest key."""
        plain = value.encode() if isinstance(value, str) else value
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self._newest].encrypt(nonce, plain, context.encode())
        return _VERSION + bytes([len(self._newest)]) + self._newest + nonce + sealed

    def decrypt_bytes(self, sealed: bytes | memoryview, context: str) -> bytes:
        """The value again; EncryptionError where the key is missing or the bytes were altered."""
        raw = bytes(sealed)
        start = 2 + raw[1] if len(raw) > 2 else 0
        nonce, rest = raw[start : start + _NONCE_BYTES], raw[start + _NONCE_BYTES :]
        cipher = self._ciphers.get(raw[2:start])
        if raw[:1] != _VERSION or cipher is None or len(nonce) != _NONCE_BYTES:
            raise EncryptionError(EncryptionError.__doc__)
        try:
            return cipher.decrypt(nonce, rest, context.encode())
        except InvalidTag:
            raise EncryptionError(EncryptionError.__doc__) from None

    def decrypt(self, sealed: bytes | memoryview, context: str) -> str:
        """The text again."""
        return self.decrypt_bytes(sealed, context).decode()

    def blind_index(self, value: str, context: str) -> bytes:
        """A keyed digest (32 bytes) that finds equal values without reading them. Normalise the value first."""
        return hmac.digest(self._index_key, context.encode() + b"\0" + value.encode(), hashlib.sha256)


def _decoded(text: str) -> bytes:
    """The key that this base64 says; empty where it is none, so that no part of a key stands in an error."""
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return b""


@lru_cache(maxsize=1)
def keyring() -> KeyRing:
    """The ring of this process, from its settings."""
    from django.conf import settings

    return KeyRing(settings.WATCHWORD.field_keys, settings.WATCHWORD.blind_index_key)
