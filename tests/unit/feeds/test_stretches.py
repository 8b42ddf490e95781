"""What is passed over as a whole is exactly what was known line by line."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.feeds.rosters import RECEIVED, in_chunks, mapped
from watchword.feeds.fingerprints import Known
from watchword.feeds.formats import open_rows
from watchword.feeds.reading import Reading, ReadRow
from watchword.feeds.stretches import cut as cut_up

_FORM = mapped("{person_key: id, last_name: name}")

# Few people, so that rosters share many lines; and everything that reaches over lines or is none.
_names = st.sampled_from(
    ["Reyes", '"Reyes, Jr"', '"two\nlines"', '"stray', 'quo"te', "", "Ünal", "a,cell,too,many"]
)
_lines = st.builds("{},{}".format, st.integers(0, 60), _names) | st.sampled_from(["", " , ", '"', ',""'])
_rosters = st.lists(_lines, max_size=80)
_breaks = st.sampled_from(["\n", "\r\n"])


def reading_of(data: bytes, size: int, known: Known | None = None) -> Reading:
    return Reading(_FORM, open_rows(_FORM, in_chunks(data, size)), RECEIVED, known)


def all_of(reading: Reading) -> dict[bytes, ReadRow]:
    """The rows read, by their fingerprints."""
    return {row.fingerprint: row for rows in reading.read() for row in rows}


def packed(fingerprints: set[bytes]) -> bytes:
    return b"".join(each + (7).to_bytes(8, "big") for each in sorted(fingerprints))


@given(
    rosters=st.lists(st.tuples(_rosters, st.integers(1, 400), _breaks), min_size=2, max_size=5),
    held=st.integers(0, 3),
)
def test_a_roster_read_by_what_is_known_says_what_it_says_read_in_full(
    rosters: list[tuple[list[str], int, str]], held: int
) -> None:
    known, lines = Known.from_packed(b""), set[bytes]()
    for cut, size, end in rosters:
        data = end.join(["id,name", *cut]).encode()
        plain = reading_of(data, 1 << 20)
        in_full = all_of(plain)
        sifted = reading_of(data, size, known)
        new = all_of(sifted)
        assert set(new) == set(in_full) - lines
        assert [new[each][2:] for each in new] == [in_full[each][2:] for each in new]
        assert set(known.gone().fingerprints) == lines - set(in_full)
        assert (sifted.rows, [bad.number for bad in sifted.bad]) == (
            plain.rows,
            [bad.number for bad in plain.bad],
        )
        # Some of what is new is not taken, as what the breaker holds.
        taken = {each for each in new if each[0] % 4 >= held}
        known.move_on(packed(taken))
        lines = (lines & set(in_full)) | taken
        known = Known.from_file(known.to_file())
        assert set(known.gone().fingerprints) == lines


@given(
    cut=st.lists(st.text('ab,"', max_size=30), min_size=1, max_size=60),
    at=st.integers(0, 60),
    came=st.text("xyz"),
)
def test_a_line_more_moves_no_cut_elsewhere(cut: list[str], at: int, came: str) -> None:
    def stretches(lines: list[str]) -> list[bytes]:
        text = "".join(f"{line} of many\n" for line in lines).encode()
        assert sum(cut_up(text)[1]) <= len(lines)
        return [text[begin:end] for begin, end in pairwise([0, *cut_up(text)[0]])]

    before, after = stretches(cut), stretches([*cut[:at], came, *cut[at:]])
    begin = next((n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), None)
    if begin is None:
        return
    left = b"".join(before[begin + 2 :])
    assert b"".join(after).endswith(left)
    assert len(before) - 1 <= len(after) <= len(before) + 2
