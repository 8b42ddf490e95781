"""A real Chromium, and axe to look at each page with."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Playwright's synchronous face keeps an event loop in this thread, and Django would take our queries for asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


class OpenPage(Protocol):
    """Opens an empty page in a browser of its own; the options are Playwright's for a context."""

    def __call__(self, **options: Any) -> Page: ...


@pytest.fixture(scope="package")  # not session: Playwright's loop must be gone before other tests run theirs
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """A page whose script errors and refused resources fail the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.text} ({message.location['url']})")

    def open_page(**options: Any) -> Page:
        context = chromium.new_context(**({"locale": "en-US"} | options))
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, by the rules of WCAG 2.2 AA and good practice."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run({runOnly: tags})", WCAG_2_2_AA)
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]


def scrolls_sideways(page: Page) -> bool:
    """Whether there is something beside what fits; to the left as well, where a page reads from right to left."""
    wide: bool = page.evaluate(
        "() => { const all = document.documentElement; const wide = all.scrollWidth > all.clientWidth;"
        " scrollBy(-99999, 0); const left = scrollX; scrollBy(99999, 0); return wide || left !== 0 }"
    )
    return wide
