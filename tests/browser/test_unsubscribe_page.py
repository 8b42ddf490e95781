"""The pages behind a mail's "unsubscribe", as whoever reads the mail uses them."""

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenPage, scrolls_sideways, violations
from tests.county import County
from tests.deliveries import planned, release
from watchword.delivery.links import Links
from watchword.delivery.models import Delivery
from watchword.registrants.models import Mute

pytestmark = [pytest.mark.system("chromium"), pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": ("Stop these emails?", "The emails stop", "The emails go on"),
    "es": ("¿Detener estos correos?", "Los correos se detienen", "Los correos siguen"),
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_mails_are_stopped_and_let_go_on_by_keyboard_on_pages_that_everybody_can_use_and_leave(
    live_server: LiveServer, county: County, open_page: OpenPage, language: str, scheme: str
) -> None:
    planned(release(county), 1, ["email"])
    link = Links(live_server.url).unsubscribe(Delivery.objects.get().pk)
    page = open_page(locale=language, viewport={"width": 320, "height": 640}, color_scheme=scheme)
    page.goto(link)
    for number, (heading, is_stopped) in enumerate(zip(WORDS[language], (False, True, False), strict=True)):
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert page.locator("html").get_attribute("lang") == language
        assert violations(page) == []
        assert not scrolls_sideways(page)
        expect(page.locator("#leave")).to_be_visible()
        assert Mute.objects.exists() is is_stopped
        if number < 2:
            page.locator("main button").focus()
            page.keyboard.press("Enter")


def test_a_link_that_is_none_of_ours_looks_the_same(live_server: LiveServer, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{live_server.url}/u/nothing")
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["en"][0])
    page.locator("main button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["en"][1])
    assert violations(page) == []
