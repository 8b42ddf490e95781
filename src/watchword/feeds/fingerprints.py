"""The lines that a source is known to list, by their fingerprints, ticked off as a roster lists them again."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_128_digest

from watchword.feeds.prints import Halves, Prints, halves
from watchword.feeds.reading import BYTES
from watchword.feeds.rows import Batch
from watchword.feeds.stretches import Stretches, cut

_NO_STRETCH = bytes(BYTES)
COLUMNS = ("<u8",) * 5 + ("<u4",) * 3
"""Of what `to_file` gives: the kind of each."""


class Gone(NamedTuple):
    """Known lines that a roster did not list: their fingerprints, and in the same order the ids of their records."""

    fingerprints: list[bytes]
    records: list[int]


class _New(NamedTuple):
    """Stretches that are not known: their fingerprints, how many lines each has, and the fingerprints of all those."""

    prints: list[bytes]
    sizes: list[NDArray[np.uint32]]
    lines: list[bytes]


class Known:
    """Lines by their fingerprints, the record that stands on each, and the stretches that they stood in."""

    def __init__(self, prints: Prints, record: Halves, stretches: Stretches) -> None:
        self._prints, self._record, self._stretches = prints, record, stretches
        self._begin_again()

    @classmethod
    def nothing(cls) -> "Known":
        """Of a source that nothing is known of."""
        return cls.from_packed(b"")

    @classmethod
    def from_packed(cls, packed: bytes) -> "Known":
        """From 24 bytes a line: its fingerprint and the id of its record, as the database sends them."""
        columns = np.frombuffer(packed, dtype=">u8").reshape(-1, 3)
        first = columns[:, 0].astype(np.uint64)
        order = np.argsort(first, kind="stable")
        prints = Prints(first[order], columns[order, 1].astype(np.uint64))
        return cls(prints, columns[order, 2].astype(np.uint64), Stretches.none())

    @classmethod
    def from_file(cls, columns: Iterable[bytes]) -> "Known":
        """From what `to_file` gave."""
        first, second, record, stretch_first, stretch_second, begin, size, members = (
            np.frombuffer(column, kind) for column, kind in zip(columns, COLUMNS, strict=True)
        )
        stretches = Stretches(Prints(stretch_first, stretch_second), begin, size, members)
        return cls(Prints(first, second), record, stretches)

    def to_file(self) -> Iterator[bytes]:
        """All of it as bytes, sorted already: its columns one by one."""
        lines, stretches = self._prints, self._stretches
        halves_ = (lines.first, lines.second, self._record, stretches.prints.first, stretches.prints.second)
        numbers = (stretches.begin, stretches.size, stretches.members)
        yield from (column.astype("<u8", copy=False).tobytes() for column in halves_)
        yield from (column.astype("<u4", copy=False).tobytes() for column in numbers)

    def __len__(self) -> int:
        return len(self._prints)

    def pass_over(self, seed: int, text: bytes, rows_in: Callable[[bytes], list[bytes]]) -> tuple[Batch, int]:
        """Of the stretches of a text, the rows in those that are not known; and where the last stretch ends."""
        ends, lines = cut(text)
        begins, view = [0, *ends], memoryview(text)
        prints = [xxh3_128_digest(view[begin:end], seed) for begin, end in zip(begins, ends, strict=False)]
        at = self._stretches.prints.find(b"".join(prints))
        passed = np.cumsum(self._stretches.rows(at))
        rows: list[bytes] = []
        places: list[int] = []
        unknown: list[tuple[bytes, int]] = []
        for first, last in _runs(at < 0):
            found = rows_in(text[begins[first] : ends[last]])
            place = int(passed[first]) + len(rows)
            places += range(place, place + len(found))
            rows += found
            if len(found) == sum(lines[first : last + 1]):
                unknown += zip(prints[first : last + 1], lines[first : last + 1], strict=True)
            else:  # some are blank: the others stand in no stretch that need be known
                unknown.append((_NO_STRETCH, len(found)))
        return Batch(rows, places, int(passed[-1]) + len(rows), at[at >= 0].tolist(), unknown), ends[-1]

    def tick(self, batch: Batch, prints: list[bytes]) -> list[int]:
        """Tick off the lines of a batch, whose rows have these fingerprints, and those of what was passed over;
        returns the places of the rows that are not known.

        Of known lines that share the first half of their fingerprint one at most is recognised. The others count as
        gone and as new: they are read again, and nothing has changed.
        """
        self._passed[batch.passed] = True
        if not prints:
            return []
        listed = b"".join(prints)
        at = self._prints.find(listed)
        self._listed[at[at >= 0]] = True
        if batch.unknown:
            stretches, sizes = zip(*batch.unknown, strict=True)
            self._new.prints.append(b"".join(stretches))
            self._new.sizes.append(np.array(sizes, np.uint32))
            self._new.lines.append(listed)
        places: list[int] = np.flatnonzero(at < 0).tolist()
        return places

    def gone(self) -> Gone:
        """What was not ticked off."""
        gone = ~self._all_listed()
        prints = (
            np.column_stack((self._prints.first[gone], self._prints.second[gone])).astype(">u8").tobytes()
        )
        fingerprints = [prints[at : at + BYTES] for at in range(0, len(prints), BYTES)]
        return Gone(fingerprints, self._record[gone].tolist())

    def move_on(self, packed: bytes) -> None:
        """Know what was ticked off, and these lines (24 bytes each) with it; and the stretches of the roster, of which
        every line is known now. In place, and column by column, because two of these would be twice the memory.
        """
        listed, added = self._all_listed(), Known.from_packed(packed)
        first = self._prints.first[listed]
        came = np.zeros(len(first) + len(added), dtype=bool)  # of the lines as they will stand
        came[np.searchsorted(first, added._prints.first) + np.arange(len(added))] = True

        def merged(kept: Halves, new: Halves) -> Halves:
            both = np.empty(len(came), np.uint64)
            both[~came], both[came] = kept, new
            return both

        self._record = merged(self._record[listed], added._record)
        first = merged(first, added._prints.first)
        self._prints = Prints(first, merged(self._prints.second[listed], added._prints.second))
        moved = np.zeros(len(listed), np.uint32)
        moved[listed] = np.flatnonzero(~came)
        self._stretches = self._stretches_now(moved)
        self._begin_again()

    def _begin_again(self) -> None:
        """Nothing is ticked off."""
        self._listed = np.zeros(len(self._prints), dtype=bool)
        self._passed = np.zeros(len(self._stretches.size), dtype=bool)
        self._new = _New([], [], [])

    def _stretches_now(self, moved: NDArray[np.uint32]) -> Stretches:
        """Those passed over, whose lines have moved, and the new ones."""
        before, passed = self._stretches, self._passed
        kept = np.flatnonzero(passed)
        kept = kept[np.argsort(before.begin[kept], kind="stable")]
        first, second = halves(b"".join(self._new.prints))
        size = np.concatenate([np.empty(0, np.uint32), *self._new.sizes])
        members = np.concatenate([np.empty(0, np.int64), *map(self._prints.find, self._new.lines)])
        unknown = np.repeat(np.arange(len(size)), size)[members < 0]
        whole = np.bincount(unknown, minlength=len(size)) == 0
        return Stretches.of(
            np.concatenate((before.prints.first[kept], first[whole])),
            np.concatenate((before.prints.second[kept], second[whole])),
            np.concatenate((before.size[kept], size[whole])),
            np.concatenate(
                (
                    moved[before.members[before.are_in(passed)]],
                    members[np.repeat(whole, size)].astype(np.uint32),
                )
            ),
        )

    def _all_listed(self) -> NDArray[np.bool_]:
        self._listed[self._stretches.members[self._stretches.are_in(self._passed)]] = True
        return self._listed


def _runs(wanted: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The first and the last place of each run of these."""
    edges = np.flatnonzero(np.diff(wanted, prepend=False, append=False))
    return list(zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True))
