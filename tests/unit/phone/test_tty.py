"""The tones say the words: a text telephone at the other end prints them, also over a bad line."""

import io
import wave
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tty import printed_by_a_tty
from watchword.phone.tty import FIGURES, LETTERS, TO_FIGURES, TO_LETTERS, codes, printed, tones

MESSAGE = (
    "This is a notification service. Ana Example (number 1001) was released on November 3, 2026 at 2:02 PM, "
    "from North Jail: bail or bond. Call 202-555-0100!"
)
SENDABLE = "".join(sorted((set(LETTERS) | set(FIGURES)) - set("\0\b\r\n")))


@pytest.mark.parametrize("noise", [0, 0.1, 0.5])
def test_a_tty_prints_the_message_over_a_noisy_line(noise: float) -> None:
    assert printed_by_a_tty(tones(MESSAGE), noise) == printed(MESSAGE)


@settings(max_examples=30)
@given(st.text(SENDABLE, max_size=30))
def test_every_character_that_can_be_sent_is_printed(words: str) -> None:
    assert printed_by_a_tty(tones(words)) == printed(words)


@given(st.text(max_size=60))
def test_any_words_of_any_script_come_down_to_what_can_be_printed(words: str) -> None:
    text = printed(words)
    assert set(text) <= set(SENDABLE + "\r\n")
    assert all(len(line) <= 60 for line in text.split("\r\n"))
    assert printed(text) == text
    assert list(codes(text)) == [code for code in codes(text) if 0 < code < 32]


@pytest.mark.parametrize(
    ("words", "prints"),
    [
        ("¿Dónde está? ¡Aquí!", "DONDE ESTA? AQUI!"),
        ("“Muñoz” – García & Hijos", '"MUNOZ" - GARCIA AND HIJOS'),
        ("reader@example.org", "READER AT EXAMPLE.ORG"),
        ("50% #4", "50 PERCENT NO. 4"),
        ("Łódź", "LODZ"),
        ("a\n\n  b", "A\r\nB"),
        ("", ""),
    ],
)
def test_what_a_tty_has_no_sign_for_is_written_otherwise(words: str, prints: str) -> None:
    assert printed(words) == prints


def test_the_shift_to_figures_is_said_again_after_each_space() -> None:
    shifts = [(TO_LETTERS, "A"), (TO_FIGURES, "1"), (TO_FIGURES, "2"), (TO_LETTERS, "B"), (TO_LETTERS, "D")]
    found = [
        (code, (LETTERS if code == TO_LETTERS else FIGURES)[following])
        for code, following in pairwise(codes("A 1 2 B C\r\nD"))
        if code in (TO_LETTERS, TO_FIGURES)
    ]
    assert found == shifts


def test_the_codes_are_those_of_the_standard() -> None:
    # ITU-T V.18, Table A.2: some of each row and shift.
    for character, bits in {"E": "10000", "A": "11000", "Q": "11101", "T": "00001", "M": "00111"}.items():
        assert LETTERS[int(bits[::-1], 2)] == character
    for character, bits in {"3": "10000", "-": "11000", "1": "11101", "5": "00001", ".": "00111"}.items():
        assert FIGURES[int(bits[::-1], 2)] == character


def test_the_tones_are_1400_and_1800_hertz_and_never_clip() -> None:
    with wave.open(io.BytesIO(tones("RYRYRYRY"))) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
        assert (sound.getframerate(), sound.getsampwidth()) == (8000, 2)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    hertz = np.fft.rfftfreq(len(samples), 1 / 8000)
    near = [np.sum(spectrum[np.abs(hertz - tone) < 100] ** 2) for tone in (1400, 1800)]
    assert sum(near) > 0.9 * np.sum(spectrum**2)
    assert np.max(np.abs(samples)) < 32767 / 2
