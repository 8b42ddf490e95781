"""The carrier's page with JavaScript, in a real browser: it keeps itself up to date and serves everybody."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from smtplib import SMTP
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import OpenPage, scrolls_sideways, violations
from tests.integration.carrier.customer import PHONE, Customer, customer_with_carrier
from tests.integration.carrier.test_partners import pushed
from tests.integration.carrier.test_printshop import ADDRESS, printed
from watchword.phone.tty import tones

pytestmark = pytest.mark.system

NARROW = {"viewport": {"width": 320, "height": 640}}
SPOKEN = (
    "window.spoken = []; SpeechSynthesis.prototype.speak = function (words) {"
    " window.spoken.push([words.lang, words.text]); setTimeout(() => words.onend(), 0); };"
)


@pytest.fixture(scope="module")
def listening() -> Iterator[Customer]:
    with customer_with_carrier() as customer:
        yield customer


@pytest.fixture
def customer(listening: Customer) -> Customer:
    """A customer that asks for a PIN on the phone, of a carrier that knows Rosa's phone."""
    listening.do("POST", "/reset")
    listening.heard.clear()
    listening.answers = {
        "/voice": '<Gather numDigits="6" timeout="60" action="/pin"><Say language="es-MX">Su PIN.</Say></Gather>',
        "/pin": '<Say>Thank you.</Say><Pause length="60"/>',
        "/webhooks/carrier/message": "<Message>Thank you.</Message>",
    }
    listening.set_phone(label="Rosa's phone")
    return listening


def opened(customer: Customer, page: Page, path: str = "/") -> Page:
    page.goto(customer.carrier.url + path)
    return page


def handset(page: Page) -> Locator:
    return page.get_by_role("article", name="Rosa's phone")


def test_a_call_rings_is_picked_up_spoken_answered_and_put_down(
    customer: Customer, open_page: OpenPage
) -> None:
    page = open_page()
    page.add_init_script(SPOKEN)
    opened(customer, page)
    sid = customer.call().json["sid"]
    expect(page.get_by_role("alert")).to_have_text("Rosa's phone is ringing.")
    expect(page).to_have_title("☎ The carrier")
    handset(page).get_by_role("button", name="Pick up").click()
    expect(handset(page).get_by_text("listens for keys")).to_be_visible()
    page.wait_for_function("window.spoken.length == 1")
    assert page.evaluate("window.spoken") == [["es-MX", "Su PIN."]]
    for key in "482913":
        handset(page).get_by_role("button", name=re.compile(f"^{key}")).click()
    expect(handset(page).get_by_text("Thank you.")).to_be_visible()
    assert customer.told("/pin")[0].fields["Digits"] == "482913"
    handset(page).get_by_role("button", name="Hang up").click()
    expect(handset(page).get_by_text("Calls (1)")).to_be_visible()
    expect(page).to_have_title("The carrier")
    assert customer.state(sid) == "completed"


def test_a_call_works_by_keyboard_alone_and_the_focus_stays(customer: Customer, open_page: OpenPage) -> None:
    page = opened(customer, open_page())
    customer.call()
    handset(page).get_by_role("button", name="Pick up").focus()
    page.keyboard.press("Enter")
    expect(handset(page).get_by_text("listens for keys")).to_be_visible()
    handset(page).get_by_role("button", name=re.compile("^7")).focus()
    page.keyboard.press("Enter")
    customer.text()  # something else happens on the same phone
    expect(handset(page).get_by_text("You have a message")).to_be_visible()
    expect(handset(page).get_by_role("button", name=re.compile("^7"))).to_be_focused()
    handset(page).get_by_label("Or type keys").focus()
    page.keyboard.type("82913")
    page.keyboard.press("Enter")
    assert customer.until(lambda: customer.told("/pin"))[0].fields["Digits"] == "782913"


def test_texts_and_mails_appear_without_disturbing_what_is_being_written(
    customer: Customer, open_page: OpenPage
) -> None:
    page = opened(customer, open_page())
    field = handset(page).get_by_label("Text from Rosa's phone")
    field.fill("4829")
    customer.text(body="Open https://we.example/m/abc")
    expect(handset(page).get_by_role("link", name="https://we.example/m/abc")).to_be_visible()
    expect(field).to_have_value("4829")
    field.press_sequentially("13")
    field.press("Enter")
    expect(handset(page).get_by_text("Thank you.")).to_be_visible()
    assert customer.told("/webhooks/carrier/message")[0].fields["Body"] == "482913"
    expect(field).to_have_value("")
    mail = EmailMessage()
    mail["Subject"], mail["To"], mail["From"] = (
        "You have a message",
        "rosa@example.org",
        "notices@watchword.example",
    )
    mail.set_content("Open https://we.example/m/def")
    with SMTP("127.0.0.1", customer.carrier.smtp_port) as server:
        server.send_message(mail)
    expect(page.get_by_role("link", name="https://we.example/m/def")).to_be_visible()


def test_what_cannot_be_done_is_said_where_it_was_tried(customer: Customer, chromium: Browser) -> None:
    page = opened(customer, chromium.new_page())
    page.route("**/text", lambda route: route.fulfill(status=409, body="<p data-why>No line is known.</p>"))
    handset(page).get_by_label("Text from Rosa's phone").fill("hi")
    handset(page).get_by_role("button", name="Send").click()
    expect(handset(page).get_by_role("alert")).to_have_text("No line is known.")
    page.close()


@pytest.mark.parametrize("options", [{}, NARROW | {"color_scheme": "dark"}], ids=["wide", "narrow and dark"])
def test_the_page_is_accessible_in_every_state(
    customer: Customer, open_page: OpenPage, options: dict[str, object]
) -> None:
    customer.text()
    printed(customer)
    customer.answers |= {"/tty": "<Play>/tones.wav</Play>", "/tones.wav": tones("Hello")}
    customer.set_phone("+12025550142", label="Amina's phone", calls={"kind": "voicemail"})
    customer.call("+12025550142", "/tty")
    sid = customer.call().json["sid"]
    page = opened(customer, open_page(**options))
    page.emulate_media(reduced_motion="reduce")
    for state in ("ringing", "in-progress"):
        expect(page.locator(f'[data-state="{state}"]')).to_have_count(1)
        assert violations(page) == []
        assert not scrolls_sideways(page)
        if state == "ringing":
            customer.do("POST", f"/calls/{sid}/pick-up")
    customer.do("POST", f"/calls/{sid}/hang-up")
    for summary in page.locator("summary").all():
        summary.click()
    assert violations(page) == []
    assert not scrolls_sideways(page)


def test_a_letter_appears_in_its_letterbox_without_loading_the_page_anew(
    customer: Customer, open_page: OpenPage
) -> None:
    page = opened(customer, open_page())
    expect(page.get_by_text("No letter has been printed yet.")).to_be_visible()
    printed(customer)
    letterbox = page.get_by_role("article", name=ADDRESS)
    expect(letterbox.get_by_text("delivered; from MAIL SERVICES, PO BOX 10")).to_be_visible()
    expect(page.locator('[data-count="letter"]')).to_have_text("1")


def test_a_push_appears_at_its_partner_without_loading_the_page_anew(
    customer: Customer, open_page: OpenPage
) -> None:
    page = opened(customer, open_page())
    expect(page.get_by_text("Nothing has been pushed yet.")).to_be_visible()
    pushed(customer)
    partner = page.get_by_role("article", name="harbor-shelter")
    expect(partner.get_by_role("link", name="http://127.0.0.1:8600/m/x?lang=en")).to_be_visible()
    expect(page.locator('[data-count="push"]')).to_have_text("1")
    assert violations(page) == []


@pytest.mark.parametrize(
    "path",
    [
        f"/phones/{PHONE}",
        "/mailboxes/rosa@example.org",
        f"/letterboxes/{quote(ADDRESS)}",
        "/partners/harbor-shelter",
        "/?find=nothing",
    ],
)
def test_the_other_pages_are_accessible_too(customer: Customer, open_page: OpenPage, path: str) -> None:
    page = open_page(**NARROW)
    page.goto(customer.carrier.url + path)
    assert violations(page) == []
    assert not scrolls_sideways(page)
