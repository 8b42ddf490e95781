"""Two lists of fingerprints, compared by sorting, differ as two sets do."""

from hypothesis import given
from hypothesis import strategies as st

from watchword.feeds.fingerprints import Known
from watchword.feeds.reading import BYTES

# Few beginnings, so that many share one; the ends tell them apart.
_fingerprints = st.builds(
    lambda begins, ends: begins.to_bytes(8, "big") + ends.to_bytes(8, "big"),
    st.sampled_from([0, 1, 1 << 27, 1 << 28, 1 << 63, (1 << 64) - 1]) | st.integers(0, (1 << 64) - 1),
    st.integers(0, 3) | st.integers(0, (1 << 64) - 1),
)
_many = st.lists(_fingerprints, max_size=40)


@given(known=st.sets(_fingerprints, max_size=40), listed=_many)
def test_every_difference_is_found_and_what_is_found_besides_is_found_on_both_sides(
    known: set[bytes], listed: list[bytes]
) -> None:
    new, gone = Known(b"".join(known)).compare(bytearray(b"".join(listed)))
    assert new == sorted(set(new))
    assert len(gone) == len(set(gone))
    assert set(gone) <= known
    said_new = {listed[place] for place in new}
    assert said_new >= set(listed) - known
    assert set(gone) >= known - set(listed)
    # A known row that counts as new counts as gone too: it is read again, and nothing has changed.
    assert said_new & known == set(gone) & set(listed)
    assert all(place in new for place, each in enumerate(listed) if each in said_new)


@given(known=st.sets(st.binary(min_size=BYTES, max_size=BYTES), min_size=30, max_size=60), data=st.data())
def test_fingerprints_as_they_come_differ_exactly(known: set[bytes], data: st.DataObject) -> None:
    begun_differently = {
        each[:5]: each for each in known
    }.values()  # no two share the beginning that is sorted by
    listed = data.draw(st.permutations(sorted(begun_differently)))
    kept, new = listed[::2], [bytes(reversed(each)) for each in listed[1::2]]
    found = Known(b"".join(begun_differently)).compare(b"".join(kept + new))
    assert {(kept + new)[place] for place in found.new} == set(new) - set(kept)
    assert set(found.gone) == set(listed) - set(kept) - set(new)
