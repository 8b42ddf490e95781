"""The lines that a source is known to list, kept in a file, so that they need not be gathered from all its records.

The records say which lines are known. The file says the same, sorted, and is written with each comparison; it belongs
to the state whose stamp it is encrypted for. Any other file, or none (another machine, a restored backup, a comparison
that was rolled back), is as good: the lines are gathered from the records again.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from watchword.core.encryption import EncryptionError, keyring
from watchword.feeds import raw

if TYPE_CHECKING:  # its library takes a while to load, and few processes compare
    from watchword.feeds.fingerprints import Known


def load(source_id: int, stamp: UUID) -> "Known | None":
    """What was kept with this stamp; None where it must be gathered again."""
    from watchword.feeds.fingerprints import COLUMNS, Known

    try:
        with _path(source_id).open("rb") as file:
            return Known.from_file([_read(file, stamp, column) for column in range(len(COLUMNS))])
    except (FileNotFoundError, EncryptionError):
        return None


def keep(source_id: int, stamp: UUID, known: "Known") -> None:
    """Keep these for the state with this stamp."""
    path = _path(source_id)
    unfinished = path.with_name(f".{os.getpid()}-{os.urandom(4).hex()}")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(unfinished, "xb", opener=raw.private) as file:
        for number, column in enumerate(known.to_file()):
            sealed = keyring().encrypt(column, _context(stamp, number))
            file.write(len(sealed).to_bytes(8, "big"))
            file.write(sealed)
    unfinished.replace(path)


def _read(file: BinaryIO, stamp: UUID, column: int) -> bytes:
    length = min(int.from_bytes(file.read(8), "big"), os.fstat(file.fileno()).st_size)
    return keyring().decrypt_bytes(file.read(length), _context(stamp, column))


def _path(source_id: int) -> Path:
    return raw.folder_of(source_id) / "known"


def _context(stamp: UUID, column: int) -> str:
    return f"custody.known:{stamp}:{column}"
