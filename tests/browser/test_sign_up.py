"""Signing up in a real browser, by keyboard alone, on a small phone: from the front page to the number, with the code
read from a carrier's phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenPage, scrolls_sideways, violations
from tests.county import County
from tests.deliveries import Carrier, carrier_process, until, worker_process
from tests.integration.registrants.asking.people import held
from tests.integration.site.sign_up.walking import PIN, open_to_anyone
from watchword.registrants.models import Registrant, Registration

pytestmark = [pytest.mark.system("chromium"), pytest.mark.django_db(transaction=True)]

PHONE = "+12025550123"
LARGEST_PAGE = 20_000
LARGEST_PATH = 120_000
NARROW = {"width": 320, "height": 640}
END = {"en": "You are signed up", "es": "Ya está inscrito"}


@pytest.fixture(scope="module")
def carrier() -> Iterator[Carrier]:
    with carrier_process() as carrier:
        yield carrier


class Keys:
    """Somebody at a keyboard. Each page that comes is looked at, with axe where it may run scripts."""

    def __init__(self, page: Page, *, with_axe: bool = True) -> None:
        self.page = page
        self.with_axe = with_axe
        self.pages: list[int] = []
        self.files: dict[str, int] = {}
        page.on("response", self._weigh)

    def tab_to(self, selector: str) -> None:
        for _ in range(40):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
        raise AssertionError(f"the keyboard does not come to {selector}")

    def type(self, name: str, words: str) -> None:
        self.tab_to(f"[name={name}]")
        self.page.keyboard.type(words)

    def choose(self, name: str, value: str) -> None:
        self.tab_to(f"[name={name}]")
        self.page.keyboard.press("Space")
        wanted = self.page.locator(f"[name={name}][value='{value}']")
        for _ in range(10):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the keyboard does not choose {value}")

    def go_on(self) -> None:
        self.tab_to("main button[type=submit]")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def look(self) -> None:
        if self.with_axe:
            assert violations(self.page) == []
        assert not scrolls_sideways(self.page)
        expect(self.page.locator("#leave")).to_be_visible()
        assert len(self.page.content().encode()) <= LARGEST_PAGE

    @property
    def weight(self) -> int:
        """Bytes of all pages, and of each file once: a browser keeps those for a day."""
        return sum(self.pages) + sum(self.files.values())

    def _weigh(self, response: Response) -> None:
        size = int(response.headers.get("content-length") or 0)
        if "/static/" in response.url:
            self.files[response.url] = size
        else:
            self.pages.append(size)


@pytest.mark.parametrize(
    ("language", "options"),
    [("en", {"java_script_enabled": False}), ("es", {"color_scheme": "dark"})],
)
def test_the_whole_way_by_keyboard_with_the_code_from_a_phone(
    live_server: LiveServer,
    county: County,
    carrier: Carrier,
    open_page: OpenPage,
    language: str,
    options: dict[str, object],
) -> None:
    carrier.reset()
    held(county)
    open_to_anyone()
    page = open_page(locale=language, viewport=NARROW, **options)
    keys = Keys(page, with_axe=options.get("java_script_enabled", True) is True)
    worker = worker_process(carrier, drain=False)
    try:
        page.goto(live_server.url)
        keys.look()
        keys.tab_to("a[href^='/sign-up']")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        keys.look()
        keys.choose("for_whom", "myself")
        keys.go_on()
        keys.choose("know", "name")
        keys.go_on()
        keys.type("full_name", "Jon Mercer")
        keys.type("age", "38")
        keys.go_on()
        keys.choose("chosen", "1001")
        keys.go_on()
        keys.type("phone", "202 555 0123")
        keys.go_on()
        keys.go_on()
        keys.type("pin", PIN)
        keys.go_on()
        assert page.locator("html").get_attribute("lang") == language
        until(lambda: texts(carrier))
        keys.type("code", re.findall(r"\b\d{6}\b", texts(carrier)[0])[0])
        keys.go_on()
        expect(page.get_by_role("heading", level=1)).to_have_text(END[language])
        assert Registration.objects.get().state == "active"
        assert Registrant.objects.get().language == language
        assert keys.weight <= LARGEST_PATH
        until(lambda: len(texts(carrier)) > 1)
    finally:
        worker.terminate()
        worker.wait()


def test_on_paper_there_is_the_number_and_no_button(
    live_server: LiveServer, county: County, open_page: OpenPage
) -> None:
    held(county)
    open_to_anyone()
    page = open_page()
    page.goto(f"{live_server.url}/sign-up")
    for answers in (
        {"for_whom": "another"},
        {"know": "number"},
        {"number": "1001"},
        {"chosen": "1001"},
        {"email": "bea@example.org"},
        {},
        {},
    ):
        for name, words in answers.items():
            field = page.locator(f"[name={name}]").first
            if field.get_attribute("type") == "radio":
                page.locator(f"[name={name}][value='{words}'] + label").click()
            else:
                field.fill(words)
        page.locator("main button[type=submit]").first.click()
    page.locator("button[value=later]").click()
    page.emulate_media(media="print")
    expect(page.locator(".number")).to_contain_text(re.compile(r"\d{3} \d{3} \d{4}.*\d{3} \d{3}", re.DOTALL))
    expect(page.locator("button:visible, #leave:visible")).to_have_count(0)


def test_when_a_question_was_left_open_the_page_says_so_on_top_and_the_link_leads_to_it(
    live_server: LiveServer, county: County, open_page: OpenPage
) -> None:
    page = open_page(viewport=NARROW)
    page.goto(f"{live_server.url}/sign-up")
    keys = Keys(page)
    keys.go_on()
    expect(page.locator("#errors")).to_be_focused()
    keys.tab_to("#errors a")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "for_whom"
    assert page.title().startswith("Look again")


def texts(carrier: Carrier) -> list[str]:
    said = carrier.ask("GET", f"phones/{PHONE}/texts")["texts"]
    return [text["body"] for text in said if text["direction"] != "inbound"]
