"""The page behind the link in an email or text, as its reader sees it."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenPage, scrolls_sideways, violations
from tests.county import County
from tests.integration.site.test_message import PIN, told
from watchword.delivery.links import token_of
from watchword.delivery.models import Delivery
from watchword.notices.models import Notice
from watchword.registrants.models import ContactPoint

pytestmark = [pytest.mark.system("chromium"), pytest.mark.django_db(transaction=True)]

NARROW = {"viewport": {"width": 320, "height": 640}}
ENGLISH, SPANISH = "en", "es"


def link(server: LiveServer, delivery: Delivery, language: str = ENGLISH) -> str:
    return f"{server.url}/m/{token_of(delivery.pk)}?lang={language}"


def enter(page: Page, pin: str) -> None:
    page.locator("#pin").fill(pin)
    page.locator("form:has(#pin) button").click()


def test_the_page_says_nothing_of_anybody_before_the_pin(
    live_server: LiveServer, county: County, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(link(live_server, told(county)))
    expect(page.get_by_role("heading", level=1)).to_have_text("You have a message")
    for word in ("Ana", "Example", "Jail", "custody", "held", "1001", "reader@"):
        assert word not in page.content()


def test_the_right_pin_shows_the_message_and_confirms_it(
    live_server: LiveServer, county: County, open_page: OpenPage
) -> None:
    delivery = told(county)
    page = open_page()
    page.goto(link(live_server, delivery))
    enter(page, PIN)
    expect(page.get_by_role("article")).to_contain_text("Ana Example")
    notice = Notice.objects.get()
    assert (notice.state, notice.confirmed_by_channel) == (Notice.State.CONFIRMED, "email")


@pytest.mark.parametrize("language", [ENGLISH, SPANISH])
def test_every_state_of_the_page_is_accessible_and_fits_a_small_phone(
    live_server: LiveServer, county: County, open_page: OpenPage, language: str
) -> None:
    page = open_page(**NARROW)
    page.goto(link(live_server, told(county, language), language))
    for step in (None, "161803", PIN):
        if step:
            enter(page, step)
        if step != PIN:
            page.locator("summary").click()
        assert page.locator("html").get_attribute("lang") == language
        assert violations(page) == []
        assert not scrolls_sideways(page)


def test_the_dark_page_has_contrast_enough(
    live_server: LiveServer, county: County, open_page: OpenPage
) -> None:
    page = open_page(color_scheme="dark")
    page.goto(link(live_server, told(county)))
    for pin in ("161803", PIN):
        enter(page, pin)
        assert violations(page) == []


def test_the_page_works_without_scripts(live_server: LiveServer, county: County, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(link(live_server, told(county)))
    enter(page, PIN)
    expect(page.get_by_role("article")).to_contain_text("Ana Example")
    assert page.locator("#leave").get_attribute("href") == "https://www.weather.gov/"


def test_the_language_can_be_changed_on_the_page(
    live_server: LiveServer, county: County, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(link(live_server, told(county, SPANISH)))
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("link", name="English")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tiene un mensaje")
    enter(page, PIN)
    expect(page.locator("html")).to_have_attribute("lang", SPANISH)
    expect(page.get_by_role("article")).to_have_attribute("lang", SPANISH)


@pytest.mark.parametrize("way", ["a press", "the Escape key"])
def test_leaving_goes_elsewhere_and_back_does_not_lead_here_again(
    live_server: LiveServer, county: County, open_page: OpenPage, way: str
) -> None:
    page = open_page()
    page.route("https://www.weather.gov/", lambda route: route.fulfill(body="Sunny."))
    page.goto(f"{live_server.url}/")
    page.goto(link(live_server, told(county)))
    if way == "a press":
        page.locator("#leave").click()
    else:
        page.keyboard.press("Escape")
    page.wait_for_url("https://www.weather.gov/")
    page.go_back()
    assert page.url == f"{live_server.url}/"


def test_whoever_got_the_link_by_mistake_can_stop_it(
    live_server: LiveServer, county: County, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(link(live_server, told(county)))
    page.get_by_text("These messages are not for me").click()
    page.get_by_role("button", name="Stop these messages").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert violations(page) == []
    assert ContactPoint.objects.get().stopped_why == "wrong_number"
