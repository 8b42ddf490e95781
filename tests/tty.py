"""A text telephone: it listens to a sound file, and prints what it hears."""

import io
import wave

import numpy as np
from numpy.typing import NDArray

from watchword.phone.tty import FIGURES, LETTERS, TO_FIGURES, TO_LETTERS

_MARK, _SPACE, _BIT_SECONDS = 1400.0, 1800.0, 0.022


def printed_by_a_tty(file: bytes, noise: float = 0.0, seed: int = 1) -> str:
    """What a TTY prints; `noise` is the power of white noise on the line against that of the tones."""
    with wave.open(io.BytesIO(file)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        rate = sound.getframerate()
        heard = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(float)
    power = np.mean(heard**2)
    heard = heard + np.random.default_rng(seed).normal(0, np.sqrt(noise * power), len(heard))
    return _decoded(_is_mark(heard, rate), rate)


def _is_mark(heard: NDArray[np.float64], rate: int) -> NDArray[np.bool_]:
    """At each sample, whether the mark is louder than the space in the half bit around it (a sliding Goertzel)."""
    width = round(rate * _BIT_SECONDS / 2)
    time = np.arange(len(heard)) / rate

    def loudness(hertz: float) -> NDArray[np.float64]:
        turned = heard * np.exp(-2j * np.pi * hertz * time)
        return np.abs(np.convolve(turned, np.ones(width), "same"))

    return np.asarray(loudness(_MARK) > loudness(_SPACE))


def _decoded(mark: NDArray[np.bool_], rate: int) -> str:
    bit = rate * _BIT_SECONDS
    text, table, at = "", LETTERS, 0
    while at < len(mark) - 7 * bit:
        if mark[at] or mark[round(at + bit / 2)]:  # no start bit, or a click that looks like one
            at += 1
            continue
        code = sum(int(mark[round(at + (place + 1.5) * bit)]) << place for place in range(5))
        at = round(at + 6.5 * bit)  # amid the stop
        if code in (TO_FIGURES, TO_LETTERS):
            table = FIGURES if code == TO_FIGURES else LETTERS
        else:
            text += table[code]
    return text
