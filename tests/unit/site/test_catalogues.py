"""Every word of the pages is there in every language."""

import io
import re
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

SITE = Path(str(files("watchword.site")))
OTHER_LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDER = re.compile(r"%\(\w+\)s")


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
