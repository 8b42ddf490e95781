"""What is known and what a roster lists differ as two sets do."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from watchword.feeds.fingerprints import Known
from watchword.feeds.reading import BYTES
from watchword.feeds.rows import Batch

# Few beginnings, so that many share one; the ends tell them apart.
_fingerprints = st.builds(
    lambda begins, ends: begins.to_bytes(8, "big") + ends.to_bytes(8, "big"),
    st.sampled_from([0, 1, 1 << 27, 1 << 28, 1 << 63, (1 << 64) - 1]) | st.integers(0, (1 << 64) - 1),
    st.integers(0, 3) | st.integers(0, (1 << 64) - 1),
)
_known = st.dictionaries(_fingerprints, st.integers(1, 1 << 62), max_size=40)
_many = st.lists(_fingerprints, max_size=40)


def known_from(records: dict[bytes, int]) -> Known:
    return Known.from_packed(b"".join(print + record.to_bytes(8, "big") for print, record in records.items()))


def ticked(known: Known, prints: list[bytes]) -> list[int]:
    """Rows with these fingerprints are listed."""
    return known.tick(Batch.of([b""] * len(prints)), prints)


@given(records=_known, listed=_many)
def test_every_difference_is_found_and_what_is_found_besides_is_found_on_both_sides(
    records: dict[bytes, int], listed: list[bytes]
) -> None:
    known = known_from(records)
    new = [listed[place] for place in ticked(known, listed)]
    gone = dict(zip(*known.gone(), strict=True))
    assert set(new) >= set(listed) - set(records)
    assert set(gone) >= set(records) - set(listed)
    assert gone.items() <= records.items()
    # A known row that counts as new counts as gone too: it is read again, and nothing has changed.
    assert set(new) & set(records) == set(gone) & set(listed)


@given(
    known=st.sets(st.binary(min_size=BYTES, max_size=BYTES), min_size=30, max_size=60),
    ends=st.sets(st.integers(1, 58)),
    data=st.data(),
)
def test_fingerprints_as_they_come_differ_exactly_whichever_batches_they_come_in(
    known: set[bytes], ends: set[int], data: st.DataObject
) -> None:
    begun_differently = list({each[:8]: each for each in known}.values())
    shuffled = data.draw(st.permutations(begun_differently))
    listed = shuffled[::2] + [bytes(reversed(each)) for each in shuffled[1::2]]
    lines = known_from({each: at for at, each in enumerate(begun_differently, 1)})
    cuts = [0, *sorted(ends), len(listed)]
    new = [listed[first + at] for first, end in pairwise(cuts) for at in ticked(lines, listed[first:end])]
    assert set(new) == set(listed) - known
    assert set(lines.gone().fingerprints) == set(begun_differently) - set(listed)


@given(records=_known, listed=_many, added=_known)
def test_what_follows_is_what_was_listed_and_what_came(
    records: dict[bytes, int], listed: list[bytes], added: dict[bytes, int]
) -> None:
    known = known_from(records)
    ticked(known, listed)
    gone = set(known.gone().fingerprints)
    came = {print: record for print, record in added.items() if print not in records}
    packed = b"".join(print + record.to_bytes(8, "big") for print, record in came.items())
    known.move_on(packed)
    again = Known.from_file(known.to_file())
    left = {print: record for print, record in records.items() if print not in gone}
    assert dict(zip(*again.gone(), strict=True)) == left | came
    assert list(again.to_file()) == list(known.to_file())
