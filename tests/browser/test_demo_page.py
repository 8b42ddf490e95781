"""What `make run` shows: a roster on its way to a person, and a phone that the person at the screen picks up."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, scrolls_sideways, violations
from tests.integration.demo.playing import Playing, playing
from watchword.demo.watchers import WATCHERS

pytestmark = pytest.mark.system("chromium")

YOURS = WATCHERS[0]
NARROW = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture(scope="module")
def demo() -> Iterator[Playing]:
    with playing() as demo:
        demo.wait_until_it_says("Yours to answer")
        yield demo


def test_a_booking_becomes_a_ringing_phone_and_the_pin_confirms_the_notice(
    demo: Playing, open_page: OpenPage
) -> None:
    way, phones = open_page(), open_page()
    way.set_default_timeout(60_000)
    way.goto(f"{demo.url}/way")
    phones.goto(demo.phones)
    booked = way.get_by_role("row").filter(has_text=re.compile(r"\bbooked\s+roster \d"))
    expect(booked).to_contain_text("Call: ringing", timeout=60_000)

    handset = phones.get_by_role("article", name=re.compile(f"^{YOURS.name}"))
    handset.get_by_role("button", name="Pick up").click()
    expect(handset.get_by_text("listens for keys")).to_be_visible()
    handset.get_by_label("Or type keys").fill(f"{YOURS.pin}#")
    phones.keyboard.press("Enter")

    expect(booked).to_contain_text("Call: confirmed", timeout=60_000)
    expect(booked.locator("time")).to_be_visible()
    for name in (YOURS.name, YOURS.phone or "", "Karimi"):
        assert name not in way.content(), "the page of the way holds nobody's name and no contact"


def test_the_page_of_the_way_is_accessible_wide_narrow_dark_and_in_spanish(
    demo: Playing, open_page: OpenPage
) -> None:
    for options in ({}, NARROW, {"color_scheme": "dark"}, {"locale": "es-US"}):
        page = open_page(**options)
        page.goto(f"{demo.url}/way?still")
        assert violations(page) == []
        assert not scrolls_sideways(page)


def test_the_page_holds_still_when_asked(demo: Playing, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{demo.url}/way")
    page.get_by_role("link", name="Hold still").click()
    expect(page.get_by_role("link", name="Go on")).to_be_visible()
    assert page.locator("[hx-get]").count() == 0


def test_without_scripts_the_page_loads_itself_anew(demo: Playing, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{demo.url}/way")
    with page.expect_navigation(timeout=20_000):
        pass
    expect(page.get_by_role("heading", level=1)).to_have_text("From a roster to a person")
