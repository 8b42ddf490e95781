"""The bytes of a roster as they came: kept before anything is read, encrypted, and purged after the source's retention.

A kept file is `magic | salt | (length | encrypted chunk)* | end mark`; the chunk's number is authenticated with it,
so a file that was cut or shuffled is not read as if whole.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from watchword.core.encryption import keyring
from watchword.core.errors import WatchwordError

_MAGIC = b"WWRAW1\n"
_CHUNK = 1 << 20
_END = b"end"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What was kept: the SHA-256 of the bytes as received, and how many there were."""

    sha256: bytes
    size: int


class RawFileError(WatchwordError):
    """A kept roster file is missing, cut or altered; restore WATCHWORD_HOME/raw from the backup, or load the roster
    again.
    """


def path_of(source_id: int, sha256: bytes) -> Path:
    """Where these bytes are kept. The same bytes of the same source are kept once."""
    return Path(settings.WATCHWORD.home) / "raw" / str(source_id) / sha256.hex()


def keep(source_id: int, stream: BinaryIO) -> Kept:
    """Encrypt and keep a stream; it is on the disk when this returns."""
    folder = Path(settings.WATCHWORD.home) / "raw" / str(source_id)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{os.getpid()}-{os.urandom(4).hex()}"
    digest, size, salt = hashlib.sha256(), 0, os.urandom(16)
    try:
        with unfinished.open("xb") as file:
            unfinished.chmod(0o600)
            file.write(_MAGIC + salt)
            number = 0
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                _write(file, chunk, salt, number)
                number += 1
            _write(file, _END, salt, -1)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path_of(source_id, digest.digest()))
    finally:
        unfinished.unlink(missing_ok=True)
    return Kept(sha256=digest.digest(), size=size)


def chunks(source_id: int, sha256: bytes) -> Iterator[bytes]:
    """The bytes again, a MiB at a time; RawFileError where the file is not whole."""
    try:
        with path_of(source_id, sha256).open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise RawFileError(RawFileError.__doc__)
            salt, number = file.read(16), 0
            while length := int.from_bytes(file.read(4), "big"):
                sealed = file.read(length)
                if len(sealed) < length:
                    raise RawFileError(RawFileError.__doc__)
                last = length < 128 and not file.peek(1)
                plain = keyring().decrypt_bytes(sealed, _context(salt, -1 if last else number))
                if last:
                    return
                yield plain
                number += 1
            raise RawFileError(RawFileError.__doc__)
    except FileNotFoundError:
        raise RawFileError(RawFileError.__doc__) from None


def _write(file: BinaryIO, chunk: bytes, salt: bytes, number: int) -> None:
    sealed = keyring().encrypt(chunk, _context(salt, number))
    file.write(len(sealed).to_bytes(4, "big") + sealed)


def _context(salt: bytes, number: int) -> str:
    return f"roster.raw:{salt.hex()}:{number}"
