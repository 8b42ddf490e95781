"""Which rows of a roster are known, and which known rows it has not any more: two long lists of fingerprints compared.

Both are packed, 16 bytes a fingerprint. They are sorted and merged, because two million of them in a hash table are far
more than a processor keeps at hand: a look-up in a Python set took 0.7 microseconds, this takes 0.3 for all.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_PLACE_BITS = 24
_PLACE = np.uint64((1 << _PLACE_BITS) - 1)
_Places = NDArray[np.int64]


class Difference(NamedTuple):
    """`new`: places in the listed, ascending. `gone`: fingerprints that are known and not listed."""

    new: list[int]
    gone: list[bytes]


class Known:
    """Fingerprints that a source last listed, each once."""

    def __init__(self, packed: bytes) -> None:
        self._halves = _halves(packed)
        self._keys, self._places = _sorted(self._halves)
        # Now and then two share a key: they match nothing, so that a row is read again, and nothing has changed.
        twice = np.flatnonzero(self._keys[1:] == self._keys[:-1])
        self._alone = np.ones(len(self._keys), dtype=bool)
        self._alone[twice] = self._alone[twice + 1] = False

    def __len__(self) -> int:
        return len(self._keys)

    def compare(self, listed: bytes | bytearray) -> Difference:
        """What a roster lists beyond these, and what of these it does not list."""
        halves = _halves(listed)
        if (
            not len(self) or max(len(self), len(halves)) > _PLACE
        ):  # sixteen million rows: no roster has so many
            return Difference(
                new=list(range(len(halves))), gone=[row.tobytes() for row in self._halves.astype(">u8")]
            )
        keys, places = _sorted(halves)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self) - 1)
        same = (self._keys[at] == keys) & self._alone[at]
        new, unlisted = self._unmatched(at, places, same)
        if _total(halves, new) != _total(
            self._halves, unlisted
        ):  # a key that is the same by chance, or a row twice
            same &= (self._halves[self._places[at]] == halves[places]).all(axis=1)
            new, unlisted = self._unmatched(at, places, same)
        gone = self._halves[unlisted].astype(">u8")
        return Difference(new=np.sort(new).tolist(), gone=[row.tobytes() for row in gone])

    def _unmatched(self, at: _Places, places: _Places, same: NDArray[np.bool_]) -> tuple[_Places, _Places]:
        """Places of the listed that match nothing known, and of the known that nothing listed matches."""
        unlisted = np.ones(len(self), dtype=bool)
        unlisted[at[same]] = False
        return places[~same], self._places[unlisted]


def _halves(packed: bytes | bytearray) -> NDArray[np.uint64]:
    """Each fingerprint as two numbers, which sort as their bytes do in the database's index."""
    return np.frombuffer(packed, dtype=">u8").reshape(-1, 2).astype(np.uint64)


def _sorted(halves: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], _Places]:
    """The fingerprints' first 40 bits as keys, sorted, and the place of each.

    Key and place are sorted as one number, in a third of the time that sorting places by fingerprint takes.
    """
    both = np.sort((halves[:, 0] & ~_PLACE) | np.arange(len(halves), dtype=np.uint64))
    return both & ~_PLACE, (both & _PLACE).astype(np.int64)


def _total(halves: NDArray[np.uint64], left_out: _Places) -> tuple[int, ...]:
    """The sum of all but some; two lists of the same fingerprints have the same, and others do not."""
    total: NDArray[np.uint64] = halves.sum(axis=0) - halves[left_out].sum(axis=0)
    return tuple(total.tolist())
