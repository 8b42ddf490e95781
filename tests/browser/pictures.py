"""Takes the pictures of docs/explanation/pages.md: each page of the site, wide and narrow, with invented people.

`make pictures` runs it; it is no test, and nothing runs it with the tests.
"""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenPage
from tests.county import County
from tests.integration.account.people import PIN, contact, hand_over_all, signed_up
from tests.integration.registrants.asking.people import WHY, held
from tests.integration.site.sign_up.test_walking_through import given_later, newest_code
from tests.integration.site.sign_up.walking import open_to_anyone
from tests.integration.site.test_message import PIN as PIN_OF_THE_MESSAGE
from tests.integration.site.test_message import told
from tests.integration.site.test_pushes import page as pushes_link
from tests.integration.site.test_pushes import pushed
from watchword.config.languages import NAMES
from watchword.core.clock import now
from watchword.delivery.links import token_of
from watchword.registrants.asking.models import Relation
from watchword.registrants.asking.rules import set_rule
from watchword.registrants.coming_back.models import Session
from watchword.registrants.numbers import number_of

pytestmark = [pytest.mark.system("chromium"), pytest.mark.django_db(transaction=True)]

DOCS = Path(__file__).parents[2] / "docs/explanation"
WIDE, NARROW = {"width": 1024, "height": 640}, {"width": 320, "height": 568}
_ONE_PICTURE: list[tuple[str, str]] = []
"""File and caption, in the order of the page that shows them."""


@pytest.fixture(scope="module", autouse=True)
def _the_page_that_shows_them() -> Iterator[None]:
    (DOCS / "pages").mkdir(exist_ok=True)
    yield
    shown = [
        f"## {caption}\n\n"
        + " ".join(
            f'<img src="pages/{name}-{size}.webp" alt="{caption}, {size}" width="{width}">'
            for size, width in (("wide", 560), ("narrow", 200))
            if (DOCS / f"pages/{name}-{size}.webp").exists()
        )
        for name, caption in _ONE_PICTURE
    ]
    words = (
        "# The pages, as they look\n\nWide and on a small phone, with invented people. `make pictures` takes them anew "
        "after a change.\n"
    )
    (DOCS / "pages.md").write_text("\n\n".join([words.rstrip(), *shown]) + "\n")


def snap(page: Page, name: str, caption: str, *, sizes: tuple[str, ...] = ("wide", "narrow")) -> None:
    _ONE_PICTURE.append((name, caption))
    before = page.viewport_size
    for size in sizes:
        page.set_viewport_size(WIDE if size == "wide" else NARROW)  # type: ignore[arg-type]
        picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
        picture.convert("RGB").save(DOCS / f"pages/{name}-{size}.webp", quality=60, method=6)
    if before is not None:
        page.set_viewport_size(before)


def fill(page: Page, *, go: str = "main button[type=submit]", **answers: str) -> None:
    """Answer a page and send it."""
    for name, words in answers.items():
        field = page.locator(f"[name={name}]").first
        if field.get_attribute("type") == "radio":
            page.locator(f"[name={name}][value='{words}'] + label").click()
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(words)
        else:
            field.fill(words)
    page.locator(go).first.click()


NAME = {"full_name": "Jon Mercer", "age": "38"}
RIGHT = {"relation": "victim", "case": "26-118"}


def test_signing_up(live_server: LiveServer, county: County, open_page: OpenPage) -> None:
    held(county)
    page = open_page()
    page.goto(live_server.url)
    snap(page, "front", "The front page")
    page.goto(f"{live_server.url}/sign-up")
    snap(page, "who", "Who wants to be told?")
    fill(page)
    snap(page, "missing", "What was left out is said on top, and beside it")
    fill(page, for_whom="both")
    snap(page, "know", "What is known of the person")
    fill(page, know="name")
    snap(page, "name", "The name, and one more fact")
    fill(page, **NAME)
    snap(page, "held", "Of a verified source nothing is shown")
    fill(page, held="yes")
    snap(page, "right", "The right to know")
    fill(page, **RIGHT)
    snap(page, "contacts", "Contacts")
    fill(page, phone="202 555 0123", email="bea@example.org")
    snap(page, "other", "The other of both")
    fill(page, email="ada@example.org", language="es")
    snap(page, "safety", "What is safe")
    fill(page)
    snap(page, "language", "Language, and a PIN where one asks for oneself")
    fill(page)
    snap(page, "code", "The code")
    fill(page, code=newest_code("text"))
    page.locator("button[value=later]").click()
    snap(page, "other-code", "The other's code, if they are there")
    page.locator("button[value=later]").click()
    page.wait_for_selector(".number")
    snap(page, "done", "The number to come back with")
    page.emulate_media(media="print")
    snap(page, "done-printed", "The same on paper", sizes=("wide",))


def test_an_open_source_and_a_landline(live_server: LiveServer, county: County, open_page: OpenPage) -> None:
    held(county)
    open_to_anyone()
    page = open_page()
    page.goto(f"{live_server.url}/sign-up")
    for answers in ({"for_whom": "myself"}, {"know": "name"}):
        fill(page, **answers)
    fill(page, **NAME)
    snap(page, "people", "Of an open source, who is there is shown")
    fill(page, chosen="1001")
    for answers in ({"phone": "202 555 0123", "kind": "landline"}, {}, {"pin": PIN}):
        fill(page, **answers)
    snap(page, "call", "A phone that takes no texts is called")
    path = given_later(county)[1]
    page.goto(live_server.url + path.replace("lang=es", "lang=en"))
    snap(page, "later", "A code given later, by its link")


def test_messages(live_server: LiveServer, county: County, open_page: OpenPage) -> None:
    delivery = told(county)
    page = open_page()
    page.goto(f"{live_server.url}/m/{token_of(delivery.pk)}")
    snap(page, "message", "A message asks for the PIN")
    fill(page, pin=PIN_OF_THE_MESSAGE)
    snap(page, "told", "The message")


def test_ones_own_page(live_server: LiveServer, county: County, open_page: OpenPage) -> None:
    registration = signed_up(county)
    bea = registration.registrant
    page = open_page()
    page.goto(f"{live_server.url}/my/in")
    snap(page, "in", "Coming back")
    page.goto(f"{live_server.url}/my/forgot")
    snap(page, "forgot", "Coming back without the number")
    page.goto(f"{live_server.url}/my/in")
    fill(page, number=number_of(bea.pk), pin=PIN)
    page.wait_for_url(f"{live_server.url}/my")
    snap(page, "my", "One's own page")
    for path, caption in (
        ("messages", "Every message, and how it was sent"),
        ("contacts", "Contacts in their order"),
        (f"contacts/{contact(bea, 'voice').pk}", "One contact"),
        ("quiet", "Quiet hours and days"),
        ("quiet/hours", "Hours in which only what is urgent comes"),
        ("language", "Language and clock"),
        ("pin", "What cuts somebody off needs the PIN and a contact"),
        ("data", "One's data"),
        ("about", "What is not seen here, and help now"),
    ):
        page.goto(f"{live_server.url}/my/{path}")
        snap(page, f"my-{path.split('/')[0]}{'-one' if path.count('/') else ''}", caption)
    Session.objects.update(sure_until=now() + timedelta(minutes=9))
    for path, caption in (("contacts/add", "One more contact"), ("data/erase", "Erasing")):
        page.goto(f"{live_server.url}/my/{path}")
        snap(page, f"my-{path.split('/')[1]}", caption)


def test_the_office(live_server: LiveServer, county: County, open_page: OpenPage) -> None:
    pushed(county)
    hand_over_all()
    page = open_page()
    page.goto(live_server.url + pushes_link())
    snap(page, "pushes", "For the office: pushes to partners")


@pytest.mark.parametrize(
    ("name", "options", "caption"),
    [
        ("dark", {"color_scheme": "dark"}, "In the dark"),
        ("arabic", {"locale": "ar"}, "From right to left: Arabic"),
    ],
)
def test_otherwise(
    live_server: LiveServer,
    county: County,
    open_page: OpenPage,
    settings: Any,
    name: str,
    options: dict[str, Any],
    caption: str,
) -> None:
    settings.LANGUAGES = list(NAMES.items())
    held(county)
    set_rule("harbor", is_open=True, who=[Relation.VICTIM, Relation.FAMILY, Relation.COUNSEL], **WHY)
    page = open_page(**options)
    page.goto(f"{live_server.url}/sign-up")
    for answers in ({"for_whom": "myself"}, {"know": "name"}):
        fill(page, **answers)
    fill(page, **NAME)
    snap(page, f"{name}-people", f"{caption}: who is there")
    fill(page, chosen="1001")
    fill(page)
    snap(page, f"{name}-right", f"{caption}: the right to know, with what was left out")
    fill(page, **RIGHT)
    snap(page, f"{name}-contacts", f"{caption}: contacts")
