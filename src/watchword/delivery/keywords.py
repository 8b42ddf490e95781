"""The words by which a phone stops texts, starts them again, asks for help or how things stand, in every language
(keywords.yaml)."""

import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

from watchword.core.errors import WatchwordError
from watchword.core.plain_yaml import read_yaml

Wish = Literal["stop", "start", "help", "status"]

# Letters that people type for one another, and that Unicode keeps apart for good.
_ALIKE = str.maketrans({"ł": "l", "ك": "ک", "ي": "ی", "ى": "ی", "ة": "ہ", "ه": "ہ"})


class Keyword(NamedTuple):
    """What a text asks for, and in which language."""

    wish: Wish
    language: str


class KeywordError(WatchwordError):
    """keywords.yaml has a word that asks for two things at once; the message names it."""


def keyword(body: str) -> Keyword | None:
    """What these words ask for, where they are such a word and nothing else."""
    return _keywords().get(folded(body))


def folded(text: str) -> str:
    """The letters and digits alone: no case, accents, vowel signs, spaces, punctuation; digits of any script as 0-9."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold()).translate(_ALIKE)
    return "".join(_digit(character) for character in plain if character.isalnum())


def _digit(character: str) -> str:
    return str(unicodedata.decimal(character, character))


@lru_cache(maxsize=1)
def _keywords() -> dict[str, Keyword]:
    return read_keywords((files("watchword.delivery") / "keywords.yaml").read_text("utf-8"))


def read_keywords(text: str) -> dict[str, Keyword]:
    """The words of this YAML, folded. KeywordError where one asks for two things."""
    found: dict[str, Keyword] = {}
    wishes: dict[Wish, dict[str, list[str]]] = read_yaml(text)
    for wish, languages in wishes.items():
        for language, words in languages.items():
            for word in words:
                known = found.setdefault(folded(word), Keyword(wish, language))
                if known.wish != wish:
                    raise KeywordError(f"{word} is both {known.wish} and {wish}.")
    return found
