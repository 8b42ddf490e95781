"""How hard a text is to read, as the formulas that public offices use say it.

English: the grade of Kincaid and others, "Derivation of New Readability Formulas" (1975). Spanish: the ease of
Fernández Huerta, "Medidas sencillas de lecturabilidad" (1959), in G. Law's correction, where 70 to 80 is the sixth
grade. Syllables are counted by spelling, which is right for most words in English and nearly all in Spanish. A figure,
an address and a placeholder count as no word.
"""

import re
from dataclasses import dataclass

SIXTH_GRADE = {"en": 7.0, "es": 70.0}
"""English: less than this is the sixth grade at most. Spanish: more than this is."""

HARDEST_SENTENCE = {"en": 10.0, "es": 55.0}
"""A single sentence of at least LONG words may be so hard; anything harder is split."""

LONG = 12

_NO_WORDS = re.compile(r"(?:\S+@|https?://)\S+?(?=[.,:;]?(?:\s|$))|\{\w+\}|%\(\w+\)s")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”»)]*\s+|\n+")
_QUIET_U = re.compile(r"(?<=q)u|(?<=g)u(?=[eiéí])")
_SPANISH_SYLLABLE = re.compile(r"[iuü]?[aeoáéó](?:[iuüy](?![aeoáéóíú]))?|[íú]|[iuü]+y?|y(?![aeiouáéíóú])")
_SILENT = re.compile(
    r"(?<=[^aeiouy])e(?=(?:thing|where|body|times?|ly|ful|less|ment)$)"  # some-thing, safe-ly
    r"|(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$"  # phone, while, but not able
    r"|(?<=[^aeioutd])e(?=d$)|(?<=[^aeiouszxhgcl])e(?=s$)|(?<=[aeiouy]l)e(?=s$)"  # called, times, rules
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What the formulas need of a text."""

    sentences: int
    words: int
    syllables: int


def sentences_of(text: str) -> list[str]:
    """Its sentences; a line is one at least, as a heading and a label are."""
    return [one for one in _SENTENCE_END.split(_NO_WORDS.sub(" ", text)) if _WORD.search(one)]


def counted(text: str, language: str) -> Counted:
    syllables = _english if language == "en" else _spanish
    words = _WORD.findall(_NO_WORDS.sub(" ", text))
    return Counted(
        sentences=len(sentences_of(text)),
        words=len(words),
        syllables=sum(syllables(word.lower()) for word in words),
    )


def level(text: str, language: str) -> float:
    """English: a school grade. Spanish: ease from 0 to 100."""
    of = counted(text, language)
    length, size = of.words / of.sentences, of.syllables / of.words
    if language == "en":
        return 0.39 * length + 11.8 * size - 15.59
    return 206.84 - 60 * size - 1.02 * length


def is_easy(text: str, language: str, limit: float) -> bool:
    """Whether it is no harder than this."""
    return level(text, language) < limit if language == "en" else level(text, language) > limit


def hard_sentences(text: str, language: str) -> list[str]:
    """The long ones that are harder than HARDEST_SENTENCE."""
    long = (one for one in sentences_of(text) if counted(one, language).words >= LONG)
    return [one for one in long if not is_easy(one, language, HARDEST_SENTENCE[language])]


def _english(word: str) -> int:
    return max(1, len(re.findall(r"[aeiouy]+", _SILENT.sub("", word))))


def _spanish(word: str) -> int:
    return max(1, len(_SPANISH_SYLLABLE.findall(_QUIET_U.sub("", word))))
