"""The pages that everybody meets first, in every language, on a small phone."""

from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenPage, scrolls_sideways, violations
from watchword.config.languages import NAMES
from watchword.site.languages import status_of

pytestmark = [pytest.mark.system("chromium"), pytest.mark.django_db(transaction=True)]

PAGES = ("/", "/sign-up", "/my/in", "/my/forgot")
LARGEST_PAGE = 20_000
NARROW = {"width": 320, "height": 640}
RIGHT_TO_LEFT = ("ar", "ur")


@pytest.mark.parametrize("language", NAMES)
def test_the_first_pages_are_read_in_every_language(
    live_server: LiveServer, open_page: OpenPage, settings: Any, language: str
) -> None:
    settings.LANGUAGES = list(NAMES.items())
    page = open_page(viewport=NARROW)
    for path in PAGES:
        answer = page.goto(f"{live_server.url}{path}?lang={language}")
        assert answer is not None
        assert answer.status == 200
        assert len(answer.body()) <= LARGEST_PAGE
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert page.evaluate("getComputedStyle(document.body).direction") == (
            "rtl" if language in RIGHT_TO_LEFT else "ltr"
        )
        drafts = page.locator("footer a[hreflang=en]:not(nav a)")
        expect(drafts).to_have_count(int(status_of(language) == "draft"))
        assert violations(page) == []
        assert not scrolls_sideways(page)
