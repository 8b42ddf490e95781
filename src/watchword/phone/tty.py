"""Words as the tones that a text telephone (TTY) prints: Baudot, as ITU-T V.18 Annex A and TIA-825-A have it.

A character is five bits, lowest first, after a start bit of 1800 Hz and before a stop of 1400 Hz; each bit lasts 22 ms,
the stop one and a half of them. Letters and figures share the codes; a shift says which is meant from there on.
"""

import io
import textwrap
import wave
from collections.abc import Iterator

import numpy as np
from anyascii import anyascii

SAMPLES_A_SECOND = 8000
BITS_A_SECOND = 45.45
MARK_HERTZ, SPACE_HERTZ = 1400.0, 1800.0
LETTERS = "\bE\nA SIU\rDRJNFCKTZLWHYPQOBG\0MXV\0"
FIGURES = "\b3\n- -87\r$4',!:(5\")2=6019?+\0./;\0"
"""What each of the 32 codes prints; NUL stands for the two shifts."""
TO_FIGURES, TO_LETTERS = 27, 31

_STOP_BITS = 1.5
_LEADER_SECONDS, _TRAILER_SECONDS = (
    0.3,
    0.3,
)  # the mark's tone before and after, by which a TTY finds and keeps the line
_LOUDNESS = 0.3  # of full scale: about the level of speech
_COLUMNS = 60
_SPELT = {
    "&": " AND ",
    "@": " AT ",
    "%": " PERCENT",
    "#": "NO. ",
    "_": "-",
    "[": "(",
    "]": ")",
    "¿": "",
    "¡": "",
}
_PRINTED = frozenset(LETTERS + FIGURES) - {"\0", "\b", "\n", "\r"}


def printed(words: str) -> str:
    """The words in what a TTY can print: capitals, figures and a few signs, in lines of at most 60; other scripts are
    written in Latin letters, and what has no sign is left out."""
    for sign, spelt in _SPELT.items():
        words = words.replace(sign, spelt)
    plain = anyascii(words).upper()
    paragraphs = ("".join(c if c in _PRINTED else " " for c in line).split() for line in plain.splitlines())
    lines = [line for words in paragraphs for line in textwrap.wrap(" ".join(words), _COLUMNS)]
    return "\r\n".join(lines)


def tones(words: str) -> bytes:
    """The words as a WAV file, 8 kHz and 16 bits: about 6 characters a second."""
    bits = [
        (1, _LEADER_SECONDS * BITS_A_SECOND),
        *(bit for code in codes(printed(words)) for bit in _framed(code)),
        (1, _TRAILER_SECONDS * BITS_A_SECOND),
    ]
    # Each bit ends at the sample that is nearest to where it should, so that no error adds up over a long message.
    ends = np.rint(np.cumsum([length for _, length in bits]) * SAMPLES_A_SECOND / BITS_A_SECOND).astype(int)
    hertz = np.repeat([MARK_HERTZ if bit else SPACE_HERTZ for bit, _ in bits], np.diff(ends, prepend=0))
    phase = np.cumsum(2 * np.pi * hertz / SAMPLES_A_SECOND)  # it never jumps: a jump is heard as noise
    samples = np.rint(np.sin(phase) * _LOUDNESS * 32767).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLES_A_SECOND)
        out.writeframes(samples.tobytes())
    return file.getvalue()


def codes(printed: str) -> Iterator[int]:
    """The codes of printable words. The shift is said again on each line, since one that was lost spoils all that
    follows, and figures' after each space, since some TTYs go back to letters there by themselves."""
    shift = None
    for character in printed:
        if character in "\r\n" or (character == " " and shift == TO_FIGURES):
            shift = None
        elif character != " " and shift != (wanted := TO_LETTERS if character in LETTERS else TO_FIGURES):
            yield wanted
            shift = wanted
        yield (LETTERS if character in LETTERS else FIGURES).index(character)


def _framed(code: int) -> Iterator[tuple[int, float]]:
    """The bits of a code, each with how long it lasts, in bits."""
    yield 0, 1
    for place in range(5):
        yield code >> place & 1, 1
    yield 1, _STOP_BITS
