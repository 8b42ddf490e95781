"""The lines that a source is known to list, by their fingerprints, ticked off as a roster lists them again.

Fingerprints stand sorted in arrays, and a table of their first bits says where to look: two million of them in a set are
far more than a processor keeps at hand, and each look-up would wait for memory, 0.7 microseconds; this way it takes 0.1.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_MOST_STEPS = 12
"""So many lines at most begin with the same bits. Where somebody made more, they count as unknown, and are read."""

_FIRST, _SECOND, _RECORD = 0, 1, 2


class Gone(NamedTuple):
    """Known lines that a roster did not list: their fingerprints, and in the same order the ids of their records."""

    fingerprints: list[bytes]
    records: list[int]


class Known:
    """Lines and the records that stand on them.

    `rows` holds three columns of 64 bit: both halves of the fingerprint, by which the rows are sorted, and the record.
    """

    def __init__(self, rows: NDArray[np.uint64]) -> None:
        self._rows = rows
        self._first, self._second = rows[_FIRST], rows[_SECOND]
        bits = max(1, len(self).bit_length())
        self._shift = np.uint64(64 - bits)
        beginnings = np.arange(1 << bits, dtype=np.uint64) << self._shift
        self._table = np.searchsorted(self._first, beginnings).astype(np.int32)
        longest = int(np.diff(self._table, append=np.int32(len(self))).max())
        self._steps = min(longest, _MOST_STEPS)
        self._listed = np.zeros(len(self), dtype=bool)

    @classmethod
    def from_packed(cls, packed: bytes) -> "Known":
        """From 24 bytes a line: its fingerprint and the id of its record, as the database sends them."""
        return cls(_sorted(_columns(packed)))

    @classmethod
    def from_file(cls, content: bytes) -> "Known":
        """From what `to_file` gave."""
        return cls(np.frombuffer(content, dtype="<u8").reshape(3, -1))

    def to_file(self) -> bytes:
        """All of it as bytes, sorted already."""
        return self._rows.astype("<u8", copy=False).tobytes()

    def __len__(self) -> int:
        return self._rows.shape[1]

    def tick(self, listed: bytes) -> list[int]:
        """Tick off the lines of these fingerprints (16 bytes each); returns the places of those that are not known.

        Of known lines that share the first half one at most is recognised. The others count as gone and as new: they
        are read again, and nothing has changed.
        """
        halves = np.frombuffer(listed, dtype=">u8").reshape(-1, 2).astype(np.uint64)
        if not len(self):
            return list(range(len(halves)))
        first, second = halves[:, _FIRST], halves[:, _SECOND]
        at, last = self._table[first >> self._shift], np.int32(len(self) - 1)
        for _ in range(self._steps):
            at += self._first[np.minimum(at, last)] < first
        at = np.minimum(at, last)
        known = (self._first[at] == first) & (self._second[at] == second)
        self._listed[at[known]] = True
        places: list[int] = np.flatnonzero(~known).tolist()
        return places

    def gone(self) -> Gone:
        """What was not ticked off."""
        gone = self._rows[:, ~self._listed]
        prints = np.ascontiguousarray(gone[:_RECORD].T).astype(">u8").tobytes()
        return Gone([prints[at : at + 16] for at in range(0, len(prints), 16)], gone[_RECORD].tolist())

    def followed_by(self, packed: bytes) -> "Known":
        """What was ticked off, and these lines (24 bytes each) with it."""
        kept, added = self._rows[:, self._listed], _sorted(_columns(packed))
        return Known(np.insert(kept, np.searchsorted(kept[_FIRST], added[_FIRST]), added, axis=1))


def _columns(packed: bytes) -> NDArray[np.uint64]:
    return np.frombuffer(packed, dtype=">u8").reshape(-1, 3).T.astype(np.uint64)


def _sorted(rows: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return rows[:, np.argsort(rows[_FIRST], kind="stable")]
