"""A text telephone: it listens to a sound file, and prints what it hears (Baudot, ITU-T V.18 Annex A).

Written from the standard, apart from what makes the tones, so that each is a check on the other.
"""

import io
import wave

import numpy as np
from numpy.typing import NDArray

_LETTERS = "\bE\nA SIU\rDRJNFCKTZLWHYPQOBG\0MXV\0"
_FIGURES = "\b3\n- -87\r$4',!:(5\")2=6019?+\0./;\0"
_TO_FIGURES, _TO_LETTERS = 27, 31
_MARK_HERTZ, _SPACE_HERTZ, _BIT_SECONDS = 1400.0, 1800.0, 0.022
_CLEAR = 0.6  # of a sound's loudness that lies in the two tones: hardly less with noise on the line, far less of speech


def printed(file: bytes) -> str:
    """What a TTY prints when this file is played to it; '' where it holds no tones for one, or is no WAV file."""
    try:
        with wave.open(io.BytesIO(file)) as sound:
            if (sound.getnchannels(), sound.getsampwidth()) != (1, 2):
                return ""
            rate = sound.getframerate()
            heard = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(float)
    except (wave.Error, EOFError):
        return ""
    width = round(rate * _BIT_SECONDS / 2)
    if len(heard) <= width:
        return ""
    mark, space = (_loudness(heard, rate, hertz, width) for hertz in (_MARK_HERTZ, _SPACE_HERTZ))
    of_a_tone = np.sqrt(np.mean(heard**2) / 2) * width  # what a tone of this power alone would give
    if np.mean(np.maximum(mark, space)) < _CLEAR * of_a_tone:
        return ""
    return _decoded(np.asarray(mark > space), rate)


def _loudness(heard: NDArray[np.float64], rate: int, hertz: float, width: int) -> NDArray[np.float64]:
    """At each sample, how loud this tone is in the half bit around it (a sliding Goertzel)."""
    turned = heard * np.exp(-2j * np.pi * hertz * np.arange(len(heard)) / rate)
    return np.asarray(np.abs(np.convolve(turned, np.ones(width), "same")))


def _decoded(mark: NDArray[np.bool_], rate: int) -> str:
    bit = rate * _BIT_SECONDS
    text, table, at = "", _LETTERS, 0
    while at < len(mark) - 7 * bit:
        if mark[at] or mark[round(at + bit / 2)]:  # no start bit, or a click that looks like one
            at += 1
            continue
        code = sum(int(mark[round(at + (place + 1.5) * bit)]) << place for place in range(5))
        at = round(at + 6.5 * bit)  # amid the stop
        if code in (_TO_FIGURES, _TO_LETTERS):
            table = _FIGURES if code == _TO_FIGURES else _LETTERS
        else:
            text += table[code]
    return text
