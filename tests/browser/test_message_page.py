"""The page behind the link in an email or text, as its reader sees it."""

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenPage, scrolls_sideways, violations
from tests.county import County
from watchword.core.signing import sign
from watchword.delivery.links import token_of
from watchword.delivery.models import Delivery
from watchword.delivery.planning import plan_deliveries
from watchword.notices.actions import write_current_status
from watchword.notices.models import Notice
from watchword.registrants.actions import register
from watchword.registrants.models import ContactPoint

pytestmark = [pytest.mark.system, pytest.mark.django_db(transaction=True)]

PIN = "271828"
NARROW = {"viewport": {"width": 320, "height": 640}}
ENGLISH, SPANISH = "en", "es"


def told(county: County, language: str = ENGLISH) -> Delivery:
    """Somebody who has a message behind a link in an email."""
    county.person("1001", first_name="Ana", last_name="Example")
    with transaction.atomic():
        registration = register(
            source_name=county.source.name,
            person_key="1001",
            email="reader@home.example",
            phone=None,
            language=language,
            pin=PIN,
            verified=True,
            by="officer",
        )
        assert registration.entitled_from is not None
        write_current_status(registration.pk, registration.entitled_from)
    plan_deliveries()
    return Delivery.objects.get()


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


def test_a_wrong_pin_and_a_link_that_we_never_made_look_alike(
    live_server: LiveServer, county: County, open_page: OpenPage
) -> None:
    delivery = told(county)
    strangers = sign("something else", delivery.pk)
    seen = []
    for token in (token_of(delivery.pk), strangers, "nonsense"):
        page = open_page()
        page.goto(f"{live_server.url}/m/{token}")
        before = page.content().replace(token, "TOKEN")
        enter(page, "161803")
        expect(page.get_by_role("alert")).to_be_visible()
        seen.append((before, page.content().replace(token, "TOKEN")))
    assert seen[0] == seen[1] == seen[2]
    assert Notice.objects.get().state == Notice.State.OPEN


def test_after_many_wrong_pins_the_right_one_looks_like_another_wrong_one(
    live_server: LiveServer, county: County, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(link(live_server, told(county)))
    for guess in range(30):
        enter(page, f"1618{guess:02}")
    wrong = page.content()
    enter(page, PIN)
    assert page.content() == wrong
    assert Notice.objects.get().state == Notice.State.OPEN


@pytest.mark.parametrize("language", [ENGLISH, SPANISH])
def test_every_state_of_the_page_is_accessible_and_fits_a_small_phone(
    live_server: LiveServer, county: County, open_page: OpenPage, language: str
) -> None:
    page = open_page(**NARROW)
    page.goto(link(live_server, told(county, language), language))
    for step in (None, "161803", PIN):
        if step:
            enter(page, step)
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


def test_nothing_of_the_page_is_kept_framed_indexed_or_passed_on(
    live_server: LiveServer, county: County, open_page: OpenPage
) -> None:
    response = open_page().goto(link(live_server, told(county)))
    assert response is not None
    headers = response.headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "noindex" in headers["x-robots-tag"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "set-cookie" not in headers
