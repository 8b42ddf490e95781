"""The front page, and who may see the way live."""

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from tests.county import County
from tests.integration.site.test_message import told

ELSEWHERE = "203.0.113.7"


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "WATCHWORD", settings.WATCHWORD.model_copy(update={"demo": True}))


@pytest.mark.usefixtures("county")
def test_the_front_page_of_an_installation_tells_nothing_of_its_work(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.templates[0].name == "site/home.html"
    assert "demo" not in response.content.decode()
    for page in ("/way", "/way/now"):
        assert client.get(page).status_code == 404


@pytest.mark.usefixtures("county", "demo")
def test_even_in_the_demo_only_this_machine_sees_the_way(client: Client) -> None:
    assert "the page of phones" in client.get("/").content.decode()
    assert "the page of phones" not in client.get("/", REMOTE_ADDR=ELSEWHERE).content.decode()
    for page in ("/way", "/way/now"):
        assert client.get(page).status_code == 200
        assert client.get(page, REMOTE_ADDR=ELSEWHERE).status_code == 404


@pytest.mark.usefixtures("demo")
def test_the_way_shows_an_event_its_notice_and_no_name(client: Client, county: County) -> None:
    told(county)
    words = client.get("/way/now").content.decode()
    assert "where things stand" in words
    assert "Email: waiting" in words
    for secret in ("Ana", "Example", "1001", "reader@"):
        assert secret not in words


def test_a_browser_that_asks_for_an_icon_unasked_is_shown_where_it_is(client: Client) -> None:
    """Old phones ask for it on every site; Chromium does where the page's head is not read yet."""
    where = client.get("/favicon.ico")
    assert where.status_code == 301
    assert finders.find(where["Location"].removeprefix(settings.STATIC_URL))
