"""Fingerprints by the million, and whether one is among them.

They stand sorted in arrays, and a table of their first bits says where to look: two million of them in a set are far
more than a processor keeps at hand, and each look-up would wait for memory, 0.7 microseconds; this way it takes 0.1.
"""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Halves = NDArray[np.uint64]

_MOST_STEPS = 12
"""So many fingerprints at most begin with the same bits. Where somebody made more, they are not found."""


class Prints:
    """Fingerprints by their two halves, sorted by the first."""

    def __init__(self, first: Halves, second: Halves) -> None:
        self.first, self.second = first, second

    def __len__(self) -> int:
        return len(self.first)

    @cached_property
    def _table(self) -> tuple[np.uint64, NDArray[np.int32], int]:
        """How far to shift to the first bits; where those begin in which they are 0, 1, 2...; the most of one kind."""
        bits = max(1, len(self).bit_length())
        shift = np.uint64(64 - bits)
        counts = np.bincount((self.first >> shift).astype(np.int64), minlength=1 << bits)
        return shift, (np.cumsum(counts) - counts).astype(np.int32), int(counts.max())

    def find(self, wanted: bytes) -> NDArray[np.int64]:
        """Where each of these (16 bytes each) stands; -1 where it does not.

        Of those that share the first half one at most is found.
        """
        first, second = halves(wanted)
        if not len(self):
            return np.full(len(first), -1)
        shift, table, longest = self._table
        at, last = table[first >> shift], np.int32(len(self) - 1)
        for _ in range(min(longest, _MOST_STEPS)):
            at += self.first[np.minimum(at, last)] < first
        at = np.minimum(at, last)
        return np.where((self.first[at] == first) & (self.second[at] == second), at, -1).astype(np.int64)


def halves(packed: bytes) -> tuple[Halves, Halves]:
    """Both halves of fingerprints that stand one after another."""
    both = np.frombuffer(packed, dtype=">u8").reshape(-1, 2).astype(np.uint64)
    return both[:, 0], both[:, 1]
