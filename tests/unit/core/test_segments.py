import pytest

from watchword.core.segments import segments


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("{" * 80, 1),  # extended characters count as two
        ("{" * 81, 2),
        ("ñ" * 160, 1),  # Spanish ñ is of GSM-7 ...
        ("ó" * 70, 1),  # ... and ó is not
        ("ó" * 71, 2),
        ("a" * 70 + "’", 2),  # one curly quote makes all of it UTF-16
        ("`" + "a" * 70, 2),  # so does a back-tick, although it is ASCII
        ("😀" * 35, 1),  # two UTF-16 units each
        ("😀" * 36, 2),
    ],
)
def test_a_text_has_as_many_segments_as_its_alphabet_allows(body: str, expected: int) -> None:
    assert segments(body) == expected
