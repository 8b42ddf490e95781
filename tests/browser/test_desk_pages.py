"""The desk, as staff use it: without scripts, by keyboard, wide and narrow, light and dark."""

import os

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenPage, scrolls_sideways, violations
from tests.county import County
from tests.deliveries import planned, release
from tests.integration.custody.rosters import Feed, crowd
from tests.integration.custody.test_deciding import send, told, watchers
from tests.integration.desk.staff import WHY, code_of
from tests.integration.desk.test_counter import JUDGES, convicted, taken
from tests.integration.desk.test_what_if import AMENDMENT, LARCENY
from watchword.delivery.escalation import put_at_desk
from watchword.desk.staff.actions import add_staff
from watchword.desk.staff.models import Staff
from watchword.notices.models import Notice
from watchword.worklist.models import Task

pytestmark = [pytest.mark.system("chromium"), pytest.mark.django_db(transaction=True)]

WIDTHS = [pytest.param(1200, "light", id="wide and light"), pytest.param(320, "dark", id="narrow and dark")]


def look(page: Page, name: str) -> None:
    """Everybody can use the page as it stands; where a folder is named, a picture of it goes there."""
    assert page.locator("script").count() == 0
    assert violations(page) == []
    assert not scrolls_sideways(page)
    if folder := os.environ.get("PICTURES"):
        width = (page.viewport_size or {"width": 0})["width"]
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def come_in(page: Page, live_server: LiveServer, name: str = "ana.reyes") -> None:
    """Through the door for the first time: the password, the app, and in with both."""
    cache.clear()
    password = add_staff(name, Staff.Role.OFFICER, **WHY)
    page.goto(f"{live_server.url}/desk/")
    look(page, "desk-door")
    _give_password(page, name, password)
    look(page, "desk-set-up")
    secret = page.locator(".key").inner_text()
    page.get_by_role("textbox", name="Code").fill(code_of(secret))
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("Now sign in with it")
    _give_password(page, name, password)
    look(page, "desk-code")
    page.get_by_role("textbox", name="Code").fill(code_of(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The desk")


def _give_password(page: Page, name: str, password: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Code")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), WIDTHS)
def test_an_incident_is_released_by_somebody_who_came_in_with_both_factors(
    live_server: LiveServer, open_page: OpenPage, width: int, scheme: str
) -> None:
    feed = Feed()
    everybody = crowd(60)
    send(feed, everybody)
    watchers(feed, [row["id"] for row in everybody[:8]])
    gone = [row | {"status": "released"} for row in everybody[:30]]
    moved = [row | {"facility": "South"} for row in everybody[30:]]
    send(feed, gone, moved)
    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    come_in(page, live_server)
    look(page, "desk-home")
    page.get_by_role("main").get_by_role("link", name="Incidents").click()
    look(page, "desk-incidents")
    page.get_by_role("link", name="more change than is normal").click()
    look(page, "desk-incident")
    page.get_by_text("Release it").click()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    look(page, "desk-incident-refused")
    page.get_by_label("Why?").fill("The jail confirms every one.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("status")).to_contain_text("It is done")
    look(page, "desk-incident-done")
    assert len(told()) == 8


@pytest.mark.parametrize(("width", "scheme"), WIDTHS)
def test_a_task_is_finished_by_somebody_who_says_what_was_done(
    live_server: LiveServer, county: County, open_page: OpenPage, width: int, scheme: str
) -> None:
    planned(release(county), 1)
    put_at_desk([Notice.objects.get().pk], Task.Kind.NOT_CONFIRMED)
    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    come_in(page, live_server)
    page.get_by_role("main").get_by_role("link", name="Tasks").click()
    look(page, "desk-tasks")
    page.get_by_role("link", name="nobody confirmed").click()
    look(page, "desk-task")
    page.get_by_role("button", name="It is done").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what was done")
    page.get_by_label("What was done?").fill("She called us; she knows.")
    page.get_by_role("button", name="It is done").click()
    expect(page.get_by_role("status")).to_contain_text("That task is done")
    look(page, "desk-task-done")
    assert Task.objects.get().done


@pytest.mark.parametrize(("width", "scheme"), WIDTHS)
def test_a_federal_request_is_carried_from_its_paper_to_its_answer(
    live_server: LiveServer, county: County, open_page: OpenPage, width: int, scheme: str
) -> None:
    county.person("1001")
    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme, accept_downloads=True)
    come_in(page, live_server)
    page.get_by_role("main").get_by_role("link", name="Counter").click()
    page.get_by_role("link", name="A request has come").click()
    look(page, "counter-take")
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what came")
    page.get_by_text("a civil immigration detainer").click()
    page.get_by_label("When did it come?").fill("2019-09-09T09:00")
    page.get_by_label("Which federal office asks?").fill("ICE, New York field office")
    page.get_by_label("Which list is the person on?").select_option("harbor")
    page.get_by_label("The person's number on that list").fill("1001")
    page.get_by_label("Event number").fill("NYC1909000123")
    page.get_by_label("Box 2").select_option("ticked")
    page.get_by_label("Is there a warrant with it?").select_option("immigration_officer")
    page.get_by_role("button", name="Take it").click()
    hold = page.get_by_role("region", name="Hold past the release")
    expect(hold).to_contain_text("MUST NOT")
    look(page, "counter-request")
    page.get_by_text("Add one by hand").click()
    page.get_by_label("The charge, as it is written").fill("125.25")
    page.get_by_label("In which state?").fill("NY")
    page.locator("#by_hand_source").fill("DCJS criminal history")
    source = page.get_by_role("group", name="Of what day is that source?")
    for unit, number in (("Month", "9"), ("Day", "8"), ("Year", "2019")):
        source.get_by_label(unit).fill(number)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("row", name="PL 125.25")).to_contain_text("DCJS criminal history, 2019-09-08")
    for action in ("Hold past the release", "Tell the federal office of the release"):
        part = page.get_by_role("region", name=action)
        if width < 500:
            look(page, "counter-convicted")
        part.get_by_label("Why?").fill("No judge signed it.")
        part.get_by_role("button", name="Decide").click()
        expect(page.get_by_role("status")).to_contain_text("in the ledger")
    transfer = page.get_by_role("region", name="Hand the person over")
    transfer.get_by_text("Decide", exact=True).first.click()
    transfer.get_by_text("No", exact=True).click()
    transfer.get_by_label("Why?").fill("No judge signed it.")
    transfer.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("status")).to_contain_text("a second person confirms")
    look(page, "counter-waits")
    url = page.url
    second = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    come_in(second, live_server, "ben.hill")
    second.goto(url.partition("?")[0])
    second.get_by_role("button", name="I have looked: no").click()
    expect(second.get_by_role("link", name="The letter of answer")).to_be_visible()
    look(second, "counter-answered")
    with second.expect_download() as download:
        second.get_by_role("link", name="The letter of answer").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    if folder := os.environ.get("PICTURES"):
        download.value.save_as(f"{folder}/answer.pdf")


@pytest.mark.parametrize(("width", "scheme"), WIDTHS)
def test_what_another_law_would_change_and_what_is_published_can_be_read_by_everybody(
    live_server: LiveServer, county: County, open_page: OpenPage, width: int, scheme: str
) -> None:
    convicted(taken(county, warrant=JUDGES, possible_tsdb_match=False, incarceration=[]), LARCENY)
    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    come_in(page, live_server)
    page.goto(f"{live_server.url}/desk/requests/what-if")
    page.get_by_label("which offences would an amendment add").fill(AMENDMENT)
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("2 of 3 answers would be others")
    look(page, "what-if")
    page.get_by_role("link", name="Reports").click()
    look(page, "reports")
    page.goto(f"{live_server.url}/desk/reports/doc/2020")
    expect(page.get_by_role("heading", name="It does not add up yet")).to_be_visible()
    look(page, "report")
