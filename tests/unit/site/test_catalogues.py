"""Every word of the pages is there in every language."""

import io
import re
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from watchword.config.languages import NAMES
from watchword.notices.languages import Review
from watchword.site.languages import WRITTEN_IN, status_of

SITE = Path(str(files("watchword.site")))
OTHER_LANGUAGES = [code for code in NAMES if code != WRITTEN_IN]
PLACEHOLDER = re.compile(r"%\(\w+\)s")
TAG = re.compile(r"<[^>]+>")


def messages_of_the_pages() -> set[str | tuple[str, ...]]:
    sources = [templatize(path.read_text()) for path in SITE.rglob("*.html")]
    sources += [path.read_text() for path in SITE.rglob("*.py")]
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
    return {
        message
        for source in sources
        for _, message, _, _ in extract("python", io.BytesIO(source.encode()), keywords=keywords)
    }


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_every_message_is_translated_and_no_translation_is_left_over(language: str) -> None:
    with (SITE / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    translated = {message.id for message in catalogue if message.id and message.string and not message.fuzzy}
    assert translated == messages_of_the_pages()


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_a_translation_keeps_every_placeholder(language: str) -> None:
    with (SITE / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        wanted = set(PLACEHOLDER.findall(str(message.id)))
        assert all(set(PLACEHOLDER.findall(form)) == wanted for form in forms), message.id


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_a_translation_keeps_every_tag(language: str) -> None:
    with (SITE / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    for message in filter(lambda message: message.id, catalogue):
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        wanted = sorted(TAG.findall(message.id if isinstance(message.id, str) else message.id[0]))
        assert all(sorted(TAG.findall(form)) == wanted for form in forms), message.id


@pytest.mark.parametrize("language", NAMES)
def test_every_catalogue_says_who_has_reviewed_it(language: str) -> None:
    assert status_of(language) in list(Review)
