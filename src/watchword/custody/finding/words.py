"""A name as the words it is found by: without case, accents, script, titles, and without saying which word is which.

A word may be written together with its neighbour (`De la Cruz`, `Delacruz`; `Mary Ann`, `Maryann`), so each place in a
name has a main word and others that mean the same place.
"""

import re
from functools import lru_cache

from anyascii import anyascii

LONGEST = 200
"""Characters of a name that are read. A longer one is no name."""

MOST = 12
"""Words of a name that are read."""

_BETWEEN = re.compile(r"[^a-z]+")
_IN_WORDS = str.maketrans("", "", "'’‘ʼʿʾ`´.")
_NO_SPACES = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])")
"""Scripts that write a name without spaces, each character of which is a syllable."""

_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "junior", "senior"])
_GLUED = re.compile(r"(?<=[a-z]{4})(?:jr|sr|iii?)$")
_PARTICLES = frozenset(
    (
        *(
            "a",
            "abd",
            "abdel",
            "abu",
            "al",
            "ap",
            "bin",
            "bint",
            "da",
            "das",
            "de",
            "del",
            "della",
            "der",
            "des",
        ),
        *(
            "di",
            "do",
            "dos",
            "du",
            "e",
            "el",
            "ibn",
            "la",
            "las",
            "le",
            "lo",
            "los",
            "mac",
            "mc",
            "san",
            "santa",
        ),
        *("st", "ter", "ul", "ur", "van", "von", "y", "zu"),
    )
)
"""Words that many names have and that are often left out: no name is found by them alone."""

_LONGEST_TOGETHER = 12
"""Letters of two words that may be written as one."""

Place = tuple[str, ...]
"""One place in a name: its main word, then other ways in which it may be written."""


def places(name: str) -> list[Place]:
    """The places of a name in its own order, at most MOST of each part between commas. Empty where nothing in it can be
    read as a word."""
    found = (place for part in name[:LONGEST].split(",") for place in _places(part))
    return list(dict.fromkeys(found))


@lru_cache(maxsize=1 << 16)  # a few thousand given and family names make up most of any list
def _places(name: str) -> tuple[Place, ...]:
    spoken = anyascii(_NO_SPACES.sub(r" \1 ", name)).translate(_IN_WORDS).lower()
    said = [_without_suffix(word) for word in _BETWEEN.sub(" ", spoken).split()[:MOST]]
    said = [word for word in said if word not in _SUFFIXES]
    full = [word for word in said if len(word) > 1] or said  # an initial finds nobody
    main = [at for at, word in enumerate(full) if word not in _PARTICLES] or list(range(len(full)))
    return tuple(dict.fromkeys(_place(full, at) for at in main))


def _place(said: list[str], at: int) -> Place:
    """The word, and the word written together with what stands before or after it."""
    together = [said[at]]
    start = at
    while start > 0 and said[start - 1] in _PARTICLES:
        start -= 1
        together.append("".join(said[start : at + 1]))
    pairs = [said[at - 1 : at + 1]] if start == at > 0 else []
    pairs += [said[at : at + 2]] if at + 1 < len(said) else []
    together += [one for one in map("".join, pairs) if len(one) <= _LONGEST_TOGETHER]
    return tuple(dict.fromkeys(together))


def _without_suffix(word: str) -> str:
    return _GLUED.sub("", word)
