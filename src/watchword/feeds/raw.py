"""The bytes of a roster as they came: kept before anything is read, encrypted, and purged after the source's retention.

A kept file is `magic | salt | (length | encrypted chunk)* | length | encrypted end`. Each chunk's number is
authenticated with it, and the end holds the SHA-256 of the whole, so a file that was cut, shuffled or exchanged is not
read as if it were the one that came.
"""

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from watchword.core.encryption import EncryptionError, keyring
from watchword.core.errors import WatchwordError

_MAGIC = b"WWRAW1\n"
_SALT_BYTES = 16
_CHUNK = 1 << 20
_LONGEST = _CHUNK + 1024
"""Bytes of an encrypted chunk: no altered length makes us read more."""
_END = -1
_CHUNKS_TO_DISK = 32  # little by little, so that nothing waits for all of it at the end


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What was kept: the SHA-256 of the bytes as received, and how many there were."""

    sha256: bytes
    size: int


class RawFileError(WatchwordError):
    """A kept roster file cannot be read: it is missing, cut or altered, or its key is no longer in
    WATCHWORD_FIELD_KEYS. Put the key back, restore WATCHWORD_HOME/raw from the backup, or load the roster again.
    """

    def __init__(self) -> None:
        super().__init__(" ".join((self.__doc__ or "").split()))


def folder_of(source_id: int) -> Path:
    """Where a source's bytes are kept."""
    return Path(settings.WATCHWORD.home) / "raw" / str(source_id)


def path_of(source_id: int, sha256: bytes) -> Path:
    """Where these bytes are kept. The same bytes of the same source are kept once."""
    return folder_of(source_id) / sha256.hex()


def keep(source_id: int, stream: BinaryIO) -> Kept:
    """Encrypt and keep a stream; it is on the disk when this returns.

    Until it is whole it stands under a name that begins with a dot; what a killed process leaves so, goes with the
    next purge.
    """
    folder = folder_of(source_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = folder / f".{os.getpid()}-{os.urandom(4).hex()}"
    digest, size, number, salt = hashlib.sha256(), 0, 0, os.urandom(_SALT_BYTES)
    try:
        with open(unfinished, "xb", opener=private) as file:
            file.write(_MAGIC + salt)
            # A chunk is written while the next one is read, and goes to the disk while others are written.
            with ThreadPoolExecutor(1) as writer, ThreadPoolExecutor(1) as disk:
                written, saved = None, []
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    if written:
                        written.result()
                    if number % _CHUNKS_TO_DISK == _CHUNKS_TO_DISK - 1:
                        saved.append(disk.submit(os.fdatasync, file.fileno()))
                    written = writer.submit(_write, file, chunk, salt, number)
                    number += 1
                if written:
                    written.result()
                for each in saved:
                    each.result()
            _write(file, digest.digest(), salt, _END)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path_of(source_id, digest.digest()))
        _sync(folder)
    finally:
        unfinished.unlink(missing_ok=True)
    return Kept(sha256=digest.digest(), size=size)


def chunks(source_id: int, sha256: bytes) -> Iterator[bytes]:
    """The bytes again, a MiB at a time; RawFileError where they are not those that came, at the latest at the end."""
    try:
        with path_of(source_id, sha256).open("rb") as file:
            beginning = file.read(len(_MAGIC) + _SALT_BYTES)
            salt, number = beginning[len(_MAGIC) :], 0
            if not beginning.startswith(_MAGIC):
                raise RawFileError
            while length := int.from_bytes(file.read(4), "big"):
                sealed = file.read(min(length, _LONGEST))
                if len(sealed) != length:
                    raise RawFileError
                if not file.peek(1):
                    if keyring().decrypt_bytes(sealed, _context(salt, _END)) != sha256:
                        raise RawFileError
                    return
                yield keyring().decrypt_bytes(sealed, _context(salt, number))
                number += 1
            raise RawFileError
    except (OSError, EncryptionError) as error:
        raise RawFileError from error


def private(path: str, flags: int) -> int:
    """An opener of files that nobody else on the machine may read."""
    return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    """Make a rename last through a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(file: BinaryIO, chunk: bytes, salt: bytes, number: int) -> None:
    sealed = keyring().encrypt(chunk, _context(salt, number))
    file.write(len(sealed).to_bytes(4, "big"))
    file.write(sealed)


def _context(salt: bytes, number: int) -> str:
    return f"roster.raw:{salt.hex()}:{number}"
