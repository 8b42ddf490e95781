"""A letter as a PDF: an address page for a window envelope, and a page that a phone or a person can go on from.

It is PDF/UA (ISO 14289-1): tagged, with its language and title, its fonts within it, its square code in words. So a
screen reader reads it where somebody scans or forwards it, and a mail room can archive it.
"""

import logging
from functools import lru_cache
from importlib import import_module
from types import ModuleType

import segno
from django.conf import settings
from django.template.loader import render_to_string

from watchword.core.errors import WatchwordError
from watchword.delivery.records import Outbound
from watchword.notices.wording import neutral
from watchword.registrants.addresses import country_name, split_postal

MISSING = (
    "Letters need Pango, which is not on this machine. On Debian and Ubuntu: "
    "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core."
)
_HERE = "US"


def pdf(letter: Outbound, *, has_address_page: bool = True) -> bytes:
    """The letter, on pages of 8.5 by 11 inches; about a tenth of a second. The same letter gives the same bytes.

    Without an address page the words begin on the first one, for whoever adds a page of their own.
    """
    page = render_to_string("delivery/letter.html", _words(letter) | {"has_address_page": has_address_page})
    library = weasyprint()
    within = library.urls.URLFetcher(allowed_protocols=["data"])  # a letter fetches nothing
    document = library.HTML(string=page, url_fetcher=within)
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=letter.reference.bytes))


@lru_cache(maxsize=1)
def weasyprint() -> ModuleType:
    """The library, which needs others of the operating system; WatchwordError says what to install."""
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it would tell each step of each letter
    try:
        return import_module("weasyprint")
    except OSError:
        raise WatchwordError(MISSING) from None


def _words(letter: Outbound) -> dict[str, object]:
    language = letter.language
    lines, country = split_postal(letter.to)
    words: dict[str, object] = {
        "language": language,
        "direction": "rtl" if language in settings.LANGUAGES_BIDI else "ltr",
        "sender": [line.strip() for line in settings.WATCHWORD.letter_sender.split(";") if line.strip()],
        "address": lines if country == _HERE else [*lines, country_name(country)],
        "title": letter.subject,
        "paragraphs": letter.body.strip().split("\n\n"),
        "url": letter.url,
    }
    if letter.url:
        words["open"] = neutral(language, "letter_open")
        words["square"] = _square(
            f"{letter.url}?lang={language}", neutral(language, "letter_square", link=letter.url)
        )
    if settings.WATCHWORD.office_phone:
        words["call"] = neutral(language, "letter_call")
    return words


def _square(address: str, said: str) -> dict[str, str]:
    return {"image": segno.make(address, error="m").svg_data_uri(scale=4, border=4), "said": said}
