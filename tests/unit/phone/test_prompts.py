"""What the line says is there in every language, with the same placeholders, and says nothing of a case."""

import re

import pytest
from django.conf import settings

from tests.unit.notices.test_wording import grade
from watchword.phone.prompts import FIRST, PromptError, check, prompts

ENGLISH = prompts()[FIRST]


def test_every_language_that_the_office_may_speak_has_prompts() -> None:
    assert prompts().keys() >= dict(settings.LANGUAGES).keys()


def test_english_is_plain() -> None:
    assert grade(" ".join(words.format_map(Filled()) for words in ENGLISH.values())) <= 6


@pytest.mark.parametrize(
    "changed",
    [
        {"again": ""},
        {"shout": "Hey"},
        {"language": "For English, press 1."},
        {"again": "{name}"},
    ],
)
def test_a_language_that_lacks_a_phrase_or_a_placeholder_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(PromptError):
        check("xx", ENGLISH | changed, ENGLISH)


@pytest.mark.parametrize("language", sorted(prompts()))
def test_a_key_that_a_prompt_names_is_the_same_in_every_language(language: str) -> None:
    """A key that is written out, and not filled in, must not be mistranslated."""
    for key, words in prompts()[language].items():
        assert sorted(set(re.findall(r"\d", plain(words)))) == sorted(
            set(re.findall(r"\d", plain(ENGLISH[key])))
        ), key


def plain(words: str) -> str:
    """With the digits of every script as 0 to 9."""
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in words)


class Filled(dict[str, str]):
    """Whatever a phrase asks for."""

    def __missing__(self, key: str) -> str:
        return "7"
