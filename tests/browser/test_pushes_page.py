"""The page of pushes, as somebody at the desk uses it: by keyboard, without scripts, on a small phone, in the dark."""

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenPage, scrolls_sideways, violations
from tests.county import County
from tests.integration.site.test_pushes import page as link
from tests.integration.site.test_pushes import pushed
from watchword.delivery.models import Replay

pytestmark = [pytest.mark.system("chromium"), pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_push_is_sent_again_without_scripts_on_a_page_that_everybody_can_use(
    live_server: LiveServer, county: County, open_page: OpenPage, language: str, scheme: str
) -> None:
    delivery = pushed(county)
    page = open_page(locale=language, viewport={"width": 320, "height": 640}, color_scheme=scheme)
    page.goto(live_server.url + link())
    assert page.locator("script").count() == 0
    assert page.locator("html").get_attribute("lang") == language
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.locator("tbody button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    assert violations(page) == []
    assert Replay.objects.get().delivery == delivery
