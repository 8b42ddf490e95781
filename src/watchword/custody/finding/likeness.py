"""How alike two words of names are, and the keys by which words alike are looked up.

A slip of a finger is found by what is left when one letter is left out, as both spellings then have a key in common
(the idea of SymSpell); another spelling of the same sound, or another way from another script, by its consonants;
a word cut short by its beginning. Keys only propose: `likeness` decides.
"""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from watchword.custody.finding.nicknames import nicknames

NICKNAME = 0.92
"""How alike a name and its nickname are."""

LEAST = 0.6
"""Words less alike are different words."""

_SHORT = 3
"""Letters. One slip makes another name of a word so short: Ann, Ana, Dan."""

_BEGINNING = 4
_TWO_SLIPS = 5
"""Letters of a word that may have two."""
_SAME_SOUND = 0.7
_CUT = 4
"""Letters by which a word may be cut short. What is cut by more is another name."""

_SOUNDS = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"^(?:kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"^x", "s"),
        (r"sch|sh|ch|cz|tz|ts|tch", "s"),
        (r"c(?=[eiy])|z|ss", "s"),
        (r"ph|v|w(?=[aeiou])|b", "f"),
        (r"ck|kh|gh|q|c|g(?![eiy])", "k"),
        (r"[gj]", "y"),
        (r"x", "ks"),
        (r"d", "t"),
        (r"(.)\1+", r"\1"),
        (r"(?<=.)[aeiouyhw]", ""),
        (r"^[aeiouyhw]", "a"),
    )
)


@lru_cache(maxsize=1 << 15)
def sound(word: str) -> str:
    """The consonants of a word, those that are written for one another as one letter."""
    for pattern, said in _SOUNDS:
        word = pattern.sub(said, word)
    return word


def keys(word: str) -> list[str]:
    """What words like this one have at least one of."""
    if len(word) <= _SHORT:
        return [word, f"~{sound(word)}"]
    less = {word[:at] + word[at + 1 :] for at in range(len(word))}
    return [word, *sorted(less), f"~{sound(word)}", f"^{word[:_BEGINNING]}"]


def likeness(asked: str, written: str) -> float:
    """How alike two words are: 1 the same, 0 different words."""
    if asked == written:
        return 1.0
    if written in nicknames(asked):
        return NICKNAME
    alike = JaroWinkler.similarity(asked, written)
    if min(len(asked), len(written)) <= _SHORT:
        return alike if sound(asked) == sound(written) and alike >= _SAME_SOUND else 0.0
    slips = OSA.distance(asked, written, score_cutoff=2)
    if slips == 1 or (slips == 2 and min(len(asked), len(written)) >= _TWO_SLIPS):
        return max(LEAST, 1 - slips / max(len(asked), len(written)))
    if sound(asked) == sound(written) and len(sound(asked)) >= _SHORT:
        return max(_SAME_SOUND, alike * 0.9)
    begins = asked.startswith(written) or written.startswith(asked)
    if begins and abs(len(asked) - len(written)) <= _CUT:
        return max(_SAME_SOUND, alike * 0.85)
    return 0.0
