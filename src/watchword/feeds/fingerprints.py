"""The lines that a source is known to list, by their fingerprints, ticked off as a roster lists them again.

Fingerprints stand sorted in arrays, and a table of their first bits says where to look: two million of them in a set
are far more than a processor keeps at hand, and each look-up would wait for memory, 0.7 microseconds; this way it takes
0.1.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_Column = NDArray[np.uint64]

_MOST_STEPS = 12
"""So many lines at most begin with the same bits. Where somebody made more, they count as unknown, and are read."""


class Gone(NamedTuple):
    """Known lines that a roster did not list: their fingerprints, and in the same order the ids of their records."""

    fingerprints: list[bytes]
    records: list[int]


class Known:
    """Lines, each as both halves of its fingerprint, by which they are sorted, and the record that stands on it."""

    def __init__(self, first: _Column, second: _Column, record: _Column) -> None:
        self._first, self._second, self._record = first, second, record
        self._listed = np.zeros(len(first), dtype=bool)

    @classmethod
    def from_packed(cls, packed: bytes) -> "Known":
        """From 24 bytes a line: its fingerprint and the id of its record, as the database sends them."""
        columns = np.frombuffer(packed, dtype=">u8").reshape(-1, 3)
        first = columns[:, 0].astype(np.uint64)
        order = np.argsort(first, kind="stable")
        return cls(first[order], columns[order, 1].astype(np.uint64), columns[order, 2].astype(np.uint64))

    @classmethod
    def from_file(cls, columns: Iterable[bytes]) -> "Known":
        """From what `to_file` gave."""
        return cls(*(np.frombuffer(column, dtype="<u8") for column in columns))

    def to_file(self) -> Iterator[bytes]:
        """All of it as bytes, sorted already: its columns one by one."""
        for column in (self._first, self._second, self._record):
            yield column.astype("<u8", copy=False).tobytes()

    def __len__(self) -> int:
        return len(self._first)

    @cached_property
    def _table(self) -> tuple[np.uint64, NDArray[np.int32], int]:
        """How far to shift to the first bits; where lines begin in which they are 0, 1, 2...; the most of one kind."""
        bits = max(1, len(self).bit_length())
        shift = np.uint64(64 - bits)
        counts = np.bincount((self._first >> shift).astype(np.int64), minlength=1 << bits)
        return shift, (np.cumsum(counts) - counts).astype(np.int32), int(counts.max())

    def tick(self, listed: bytes) -> list[int]:
        """Tick off the lines of these fingerprints (16 bytes each); returns the places of those that are not known.

        Of known lines that share the first half one at most is recognised. The others count as gone and as new: they
        are read again, and nothing has changed.
        """
        halves = np.frombuffer(listed, dtype=">u8").reshape(-1, 2).astype(np.uint64)
        if not len(self):
            return list(range(len(halves)))
        first, second = halves[:, 0], halves[:, 1]
        shift, table, longest = self._table
        at, last = table[first >> shift], np.int32(len(self) - 1)
        for _ in range(min(longest, _MOST_STEPS)):
            at += self._first[np.minimum(at, last)] < first
        at = np.minimum(at, last)
        known = (self._first[at] == first) & (self._second[at] == second)
        self._listed[at[known]] = True
        places: list[int] = np.flatnonzero(~known).tolist()
        return places

    def gone(self) -> Gone:
        """What was not ticked off."""
        gone = ~self._listed
        prints = np.column_stack((self._first[gone], self._second[gone])).astype(">u8").tobytes()
        return Gone([prints[at : at + 16] for at in range(0, len(prints), 16)], self._record[gone].tolist())

    def followed_by(self, packed: bytes) -> "Known":
        """What was ticked off, and these lines (24 bytes each) with it."""
        added = Known.from_packed(packed)
        first = self._first[self._listed]
        places = np.searchsorted(first, added._first)
        return Known(
            np.insert(first, places, added._first),
            np.insert(self._second[self._listed], places, added._second),
            np.insert(self._record[self._listed], places, added._record),
        )
