"""Stretches of a roster's lines: most stand as they stood in the last one, and are passed over as a whole.

A text is cut into stretches of a few lines each, where the lines themselves say so: what comes or goes in one place
moves no cut elsewhere. A stretch has one fingerprint, so what did not change costs a look-up for six lines instead of
six, and no line of it is even cut out. (The same idea tells which parts of a file a backup has already:
https://www.usenix.org/legacy/event/usenix04/tech/general/full_papers/kulkarni/kulkarni_html/paper.html.)
"""

import numpy as np
from numpy.typing import NDArray

from watchword.feeds.prints import Halves, Prints

Numbers = NDArray[np.uint32]

_MEAN_LINES = 6
"""Of a stretch. Shorter ones take longer to pass over, longer ones to go through where a line has changed."""

_MIX, _MIX_AGAIN = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xC2B2AE3D27D4EB4F),
)  # odd numbers that mix bits well
_WORD = 8
_LAST = np.uint64(((1 << 64) - 1) // _MEAN_LINES)


class Stretches:
    """What stood together in the last roster: of each stretch the fingerprint, and its lines: `size` of the `members`
    (places among the known lines) from `begin` on.
    """

    def __init__(self, prints: Prints, begin: Numbers, size: Numbers, members: Numbers) -> None:
        self.prints, self.begin, self.size, self.members = prints, begin, size, members

    @classmethod
    def of(cls, first: Halves, second: Halves, size: Numbers, members: Numbers) -> "Stretches":
        """From fingerprints in any order, by their halves, and the members of one after another."""
        order = np.argsort(first, kind="stable")
        begin = (np.cumsum(size) - size).astype(np.uint32)
        return cls(Prints(first[order], second[order]), begin[order], size[order], members)

    @classmethod
    def none(cls) -> "Stretches":
        """Nothing is known of what stood together."""
        return cls.of(*np.empty((2, 0), np.uint64), *np.empty((2, 0), np.uint32))

    def rows(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many rows the stretches in these places hold; none where the place is -1."""
        if not len(self.size):
            return np.zeros(len(places), np.int64)
        return np.where(places < 0, 0, self.size[places]).astype(np.int64)

    def are_in(self, some: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Of each of the members whether it belongs to one of these stretches."""
        edges = np.zeros(len(self.members) + 1, np.int8)
        begin = self.begin[some]
        edges[begin] += 1
        edges[begin + self.size[some]] -= 1
        return np.cumsum(edges[:-1], dtype=np.int8).astype(bool)


def cut(text: bytes) -> tuple[list[int], list[int]]:
    """Where the stretches of a text of whole lines end, and how many lines each has. What follows the last of them is
    not a whole one, unless the text is one long stretch.

    The first and the last eight bytes of a line say whether a stretch ends with it.
    """
    breaks = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
    if len(text) < _WORD:
        return [len(text)], [len(breaks)]
    words = np.ndarray(len(text) - _WORD + 1, "<u8", text, strides=(1,))
    begins = np.concatenate(([0], breaks[:-1] + 1))
    first, last = words[np.minimum(begins, len(words) - 1)], words[np.maximum(breaks - _WORD, 0)]
    ends = np.flatnonzero((first * _MIX ^ last) * _MIX_AGAIN <= _LAST)
    if not len(ends):
        return [len(text)], [len(breaks)]
    return (breaks[ends] + 1).tolist(), np.diff(ends, prepend=-1).tolist()
