"""A registrant's own pages, as she uses them: by keyboard, on a small phone, without scripts, leaving in a hurry."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenPage, scrolls_sideways, violations
from tests.county import County
from tests.integration.account.people import PIN, contact, signed_up
from tests.integration.account.test_links import EMAIL
from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.delivery.codes import send_links
from watchword.delivery.models import TestMessage
from watchword.registrants.coming_back.links import LINK_CONTEXT
from watchword.registrants.coming_back.models import Session
from watchword.registrants.contact_codes import CODE_CONTEXT
from watchword.registrants.models import Registrant, Registration
from watchword.registrants.numbers import number_of

pytestmark = [pytest.mark.system("chromium"), pytest.mark.django_db(transaction=True)]

NARROW = {"viewport": {"width": 320, "height": 640}}
PATHS = (
    *("", "/messages", "/about", "/contacts", "/contacts/add", "/quiet", "/quiet/hours", "/quiet/days"),
    *("/language", "/pin", "/sure", "/data", "/data/export", "/data/erase"),
)


def sign_in(page: Page, server: LiveServer, bea: Registrant, language: str = "en") -> None:
    """By keyboard alone."""
    page.goto(f"{server.url}/my/in?lang={language}")
    page.locator("#id_number").focus()
    page.keyboard.type(number_of(bea.pk))
    page.keyboard.press("Tab")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server.url}/my")


def last_code() -> str:
    sent = TestMessage.objects.filter(says="code").latest("requested_at")
    return keyring().decrypt(bytes(sent.secret or b""), CODE_CONTEXT)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits_a_small_phone(
    live_server: LiveServer, county: County, open_page: OpenPage, language: str, scheme: str
) -> None:
    registration = signed_up(county, language=language)
    bea = registration.registrant
    page = open_page(**NARROW, color_scheme=scheme)
    sign_in(page, live_server, bea, language)
    Session.objects.update(sure_until=now() + timedelta(minutes=9))
    one = [f"/contacts/{contact(bea, channel).pk}" for channel in ("email", "voice")]
    for path in (
        *PATHS,
        *one,
        f"{one[0]}/use",
        f"{one[1]}/use",
        f"{one[0]}/hours",
        f"/signup/{registration.pk}/end",
    ):
        page.goto(f"{live_server.url}/my{path}")
        assert page.locator("html").get_attribute("lang") == language, path
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path
        expect(page.locator("#leave")).to_be_visible()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_pausing_adding_a_contact_and_erasing_with_a_code(
    live_server: LiveServer, county: County, open_page: OpenPage, has_scripts: bool
) -> None:
    registration = signed_up(county)
    page = open_page(java_script_enabled=has_scripts, **NARROW)
    sign_in(page, live_server, registration.registrant)
    page.get_by_role("button", name="Pause").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Paused.")
    page.get_by_role("button", name="Turn on again").press("Enter")
    expect(page.get_by_text("On: we tell you")).to_be_visible()

    page.get_by_role("link", name="Your contacts").press("Enter")
    page.get_by_role("link", name="Add a contact").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
    page.get_by_text("b***@example.org").click()
    page.get_by_role("button", name="Send the code").press("Enter")
    page.get_by_label("The code").fill("12")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("That is not the code")
    page.get_by_label("The code").fill(last_code())
    page.keyboard.press("Enter")
    page.get_by_label("Email address or phone number").fill("new@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("n***@example.org")
    page.get_by_label("The code").fill(last_code())
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("We can use this contact now.")

    page.goto(f"{live_server.url}/my/data")
    page.get_by_role("link", name="Erase my data").press("Enter")
    page.get_by_role("button", name="Erase everything").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your data is erased")
    assert Registration.objects.get().ended_why == "erased"


@pytest.mark.parametrize("way", ["a press", "the Escape key"])
def test_leaving_signs_out_and_back_shows_nothing(
    live_server: LiveServer, county: County, open_page: OpenPage, way: str, settings: Any
) -> None:
    elsewhere = f"{live_server.url}/u/elsewhere"
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"leave_url": elsewhere})
    bea = signed_up(county).registrant
    page = open_page()
    sign_in(page, live_server, bea)
    page.goto(f"{live_server.url}/my/messages")
    expect(page.get_by_role("article")).to_contain_text("Jon Mercer")
    if way == "a press":
        page.locator("#leave").click()
    else:
        page.keyboard.press("Escape")
    page.wait_for_url(elsewhere)
    assert not Session.objects.exists()
    page.go_back()
    page.wait_for_url(f"{live_server.url}/my/in**")
    assert "Mercer" not in page.content()


def test_a_link_opens_the_page_by_a_button_and_once(
    live_server: LiveServer, county: County, open_page: OpenPage
) -> None:
    signed_up(county)
    page = open_page(**NARROW)
    page.goto(f"{live_server.url}/my/forgot")
    page.get_by_label("Email address or phone number").fill(EMAIL)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at your messages")
    assert violations(page) == []
    send_links()
    token = keyring().decrypt(bytes(TestMessage.objects.get().secret or b""), LINK_CONTEXT)
    page.goto(f"{live_server.url}/my/link/{token}?lang=en")
    assert violations(page) == []
    page.get_by_role("button", name="Open my page").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your page")
    page.goto(f"{live_server.url}/my/link/{token}?lang=en")
    page.get_by_role("button", name="Open my page").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("does not work any more")
    assert violations(page) == []
