"""The lines that a source is known to list, kept in a file, so that they need not be gathered from all its records.

The records say which lines are known. The file says the same, sorted, and is written with each comparison; it belongs
to the state whose stamp it is encrypted for. Any other file, or none (another machine, a restored backup, a comparison
that was rolled back), is as good: the lines are gathered from the records again.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from watchword.core.encryption import EncryptionError, keyring
from watchword.feeds import raw

if TYPE_CHECKING:  # its library takes a while to load, and few processes compare
    from watchword.feeds.fingerprints import Known


def load(source_id: int, stamp: UUID) -> "Known | None":
    """What was kept with this stamp; None where it must be gathered again."""
    from watchword.feeds.fingerprints import Known

    try:
        return Known.from_file(keyring().decrypt_bytes(_path(source_id).read_bytes(), _context(stamp)))
    except (FileNotFoundError, EncryptionError):
        return None


def keep(source_id: int, stamp: UUID, known: "Known") -> None:
    """Keep these for the state with this stamp."""
    path = _path(source_id)
    unfinished = path.with_name(f".{os.getpid()}-{os.urandom(4).hex()}")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(unfinished, "xb", opener=raw.private) as file:
        file.write(keyring().encrypt(known.to_file(), _context(stamp)))
    unfinished.replace(path)


def _path(source_id: int) -> Path:
    return raw.folder_of(source_id) / "known"


def _context(stamp: UUID) -> str:
    return f"custody.known:{stamp}"
