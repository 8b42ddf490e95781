"""A text telephone on a noisy line."""

import io
import wave

import numpy as np

from watchword.carrier.tty import printed


def printed_by_a_tty(file: bytes, noise: float = 0.0, seed: int = 1) -> str:
    """What a TTY prints; `noise` is the power of white noise on the line against that of the tones."""
    if noise == 0:
        return printed(file)
    with wave.open(io.BytesIO(file)) as sound:
        shape, octets = sound.getparams(), sound.readframes(sound.getnframes())
    heard = np.frombuffer(octets, "<i2").astype(float)
    heard += np.random.default_rng(seed).normal(0, np.sqrt(noise * np.mean(heard**2)), len(heard))
    noisy = io.BytesIO()
    with wave.open(noisy, "wb") as out:
        out.setparams(shape)
        out.writeframes(np.clip(np.rint(heard), -32768, 32767).astype("<i2").tobytes())
    return printed(noisy.getvalue())
