"""The languages of the pages: those of the office that have a catalogue here. Others read the pages in English."""

from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

WRITTEN_IN = "en"
"""What the pages' own source says."""

_CATALOGUES = Path(__file__).parent / "locale"


@cache
def has_catalogue(language: str) -> bool:
    """Whether the pages can be read in this language."""
    return language == WRITTEN_IN or (_CATALOGUES / language).is_dir()


@cache
def status_of(language: str) -> str | None:
    """How far the pages' words in this language can be trusted, as `notices.languages.Review` says it of a notice's:
    what `Last-Translator` says in the catalogue. None where there is none."""
    if language == WRITTEN_IN:
        return "source"
    if not has_catalogue(language):
        return None
    with (_CATALOGUES / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return GNUTranslations(file).info()["last-translator"].partition(",")[0]


def page_languages() -> list[tuple[str, str]]:
    """By code and own name, in the office's order."""
    return [(code, name) for code, name in settings.LANGUAGES if has_catalogue(code)]


def language_of(request: HttpRequest) -> str:
    """The language asked for in the address, else the browser's. No cookie: nothing is left on a shared phone."""
    asked = request.GET.get("lang", "")
    wanted = asked if asked in dict(settings.LANGUAGES) else translation.get_language_from_request(request)
    return wanted if has_catalogue(wanted) else WRITTEN_IN
