"""What the phone line says: `<language>.yaml` beside this file, one a language, each with the phrases of English."""

from functools import lru_cache
from importlib.resources import files
from string import Formatter

from watchword.core.errors import WatchwordError
from watchword.core.plain_yaml import read_yaml

FIRST = "en"


class PromptError(WatchwordError):
    """A file of prompts lacks a phrase, has one too many, or names another placeholder than English does."""


def prompt(language: str, phrase: str, /, **values: str) -> str:
    """One phrase of the line in this language; English where the language has no file."""
    words = prompts()
    return words.get(language, words[FIRST])[phrase].format(**values)


@lru_cache(maxsize=1)
def prompts() -> dict[str, dict[str, str]]:
    """The phrases of each language. PromptError where a file does not match the English one."""
    read = {
        path.name[:-5]: read_yaml(path.read_text("utf-8"))
        for path in files(__package__).iterdir()
        if path.name.endswith(".yaml")
    }
    for language, phrases in read.items():
        check(language, phrases, read[FIRST])
    return read


def check(language: str, phrases: dict[str, str], first: dict[str, str]) -> None:
    """PromptError unless these phrases are those of the first language, with the same placeholders."""
    for key in phrases.keys() | first.keys():
        if _placeholders(phrases.get(key)) != _placeholders(first.get(key)):
            raise PromptError(
                f"{language}.yaml, {key}: it must be there, with the placeholders of {FIRST}.yaml."
            )


def _placeholders(words: str | None) -> set[str] | None:
    """None where there are no words."""
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None} if words else None
