"""The way in tells nobody anything, opens for whoever it should, and closes behind them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.county import County
from tests.integration.account.people import PIN, signed_up
from tests.integration.account.test_links import EMAIL, sent_to
from watchword.core.clock import now
from watchword.registrants.asking.limits import MOST_AN_HOUR
from watchword.registrants.coming_back.models import LinkWish, OneTimeLink, Session
from watchword.registrants.models import Registrant, SignInTry
from watchword.registrants.numbers import number_of
from watchword.registrants.sign_in import WRONG_TRIES


@pytest.fixture
def bea(county: County) -> Registrant:
    return signed_up(county).registrant


def words_of(response: Any) -> str:
    """A page without what guards its forms, which is another each time."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", response.content.decode())


def answer(client: Client, path: str, **given: str) -> tuple[int, dict[str, str], str, int]:
    """Status, headers, words without what was typed, and how many statements it took."""
    with CaptureQueriesContext(connection) as captured:
        response = client.post(path, given)
    words = words_of(response)
    for typed in given.values():
        words = words.replace(typed, "TYPED")
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    return response.status_code, headers, words, len(captured.captured_queries)


def enter(client: Client, registrant: Registrant) -> None:
    client.post("/my/in", {"number": number_of(registrant.pk), "pin": PIN})


def test_wrong_unknown_and_locked_look_alike_and_cost_the_same(client: Client, bea: Registrant) -> None:
    known, nobodys = number_of(bea.pk), number_of(99_999)
    answers = [answer(client, "/my/in", number=number, pin="904817") for number in (known, nobodys)]
    for _ in range(WRONG_TRIES):
        SignInTry.objects.create(number_index=SignInTry.objects.earliest("id").number_index, right=False)
    answers.append(answer(client, "/my/in", number=known, pin=PIN))
    assert all(each[1:] == answers[0][1:] for each in answers)
    assert not Session.objects.exists()


def test_asking_for_a_link_is_answered_alike_whoever_is_there(client: Client, bea: Registrant) -> None:
    answers = [
        answer(client, "/my/forgot", contact=contact)
        for contact in (EMAIL, "nobody@example.org", "202 555 0123", "202 555 0199")
    ]
    assert all(each == answers[0] for each in answers)
    assert LinkWish.objects.count() == 4


def test_one_address_of_the_internet_gets_few_links_whomever_it_asks_for(
    client: Client, bea: Registrant
) -> None:
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    for number in range(MOST_AN_HOUR["link"]):
        assert elsewhere.post("/my/forgot", {"contact": f"n{number}@example.org"}).status_code == 200
    answers = [elsewhere.post("/my/forgot", {"contact": c}) for c in (EMAIL, "no@example.org")]
    assert [each.status_code for each in answers] == [429, 429]
    assert words_of(answers[0]) == words_of(answers[1])
    assert LinkWish.objects.count() == MOST_AN_HOUR["link"]
    assert client.post("/my/forgot", {"contact": EMAIL}, REMOTE_ADDR="203.0.113.8").status_code == 200


def test_number_and_pin_open_the_page_with_a_cookie_that_is_kept_from_all_others(
    client: Client, bea: Registrant
) -> None:
    enter(client, bea)
    cookie = client.cookies["my"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/my")
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    response = client.get("/my")
    assert "Jon Mercer" in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert bea.sessions.count() == 1


def test_the_cookie_goes_over_https_alone_where_there_is_https(
    client: Client, bea: Registrant, settings: Any
) -> None:
    settings.CSRF_COOKIE_SECURE = True
    enter(client, bea)
    assert client.cookies["my"]["secure"] is True


def test_a_mail_scanner_that_opens_a_link_uses_nothing_up(client: Client, bea: Registrant) -> None:
    (token,) = sent_to(EMAIL)
    for _ in range(3):
        page = words_of(client.get(f"/my/link/{token}"))
        client.head(f"/my/link/{token}")
    assert page == words_of(client.get("/my/link/nonsense"))
    assert OneTimeLink.objects.get().used_at is None
    assert client.post(f"/my/link/{token}").status_code == 302
    assert "Jon Mercer" in client.get("/my").content.decode()
    stranger = Client()
    assert "does not work any more" in stranger.post(f"/my/link/{token}").content.decode()
    assert stranger.get("/my").status_code == 302


@pytest.mark.parametrize("aged", ["began_at", "seen_at"])
def test_a_page_whose_session_is_over_leads_to_the_door(client: Client, bea: Registrant, aged: str) -> None:
    enter(client, bea)
    Session.objects.update(**{aged: now() - timedelta(hours=1)})
    response = client.get("/my/contacts")
    assert (response.status_code, response["Location"]) == (302, "/my/in")


def test_leaving_signs_out_and_goes_elsewhere(client: Client, bea: Registrant) -> None:
    enter(client, bea)
    response = client.get("/my/leave")
    assert response["Location"] == "https://www.weather.gov/"
    assert not Session.objects.exists()
    assert client.get("/my").status_code == 302


PAGES = (
    *("", "/messages", "/about", "/contacts", "/contacts/add", "/quiet", "/quiet/hours", "/quiet/days"),
    *("/language", "/pin", "/sure", "/data", "/data/export", "/data/erase"),
)


def test_no_page_opens_without_a_session_and_each_is_small(client: Client, bea: Registrant) -> None:
    for path in PAGES:
        assert client.get(f"/my{path}")["Location"] == "/my/in", path
    enter(client, bea)
    Session.objects.update(sure_until=now() + timedelta(minutes=5))
    for path in PAGES:
        for language in ("en", "es"):
            response = client.get(f"/my{path}", {"lang": language})
            assert response.status_code == 200, path
            assert len(response.content) <= 20_000, path
            assert response["Content-Language"] == language


def test_what_needs_both_asks_first_and_leads_nowhere_else(client: Client, bea: Registrant) -> None:
    enter(client, bea)
    assert client.get("/my/data/erase")["Location"] == "/my/sure?next=%2Fmy%2Fdata%2Ferase"
    for elsewhere in ("https://evil.example/", "//evil.example/my/", "/my/\\evil.example", "/sign-up"):
        page = client.get("/my/sure", {"next": elsewhere}).content.decode()
        assert "evil" not in page
        assert 'name="next" value=""' in page


def test_a_form_of_another_site_changes_nothing(bea: Registrant) -> None:
    client = Client(enforce_csrf_checks=True)
    for path in ("/my/in", "/my/forgot", "/my/link/nonsense"):
        assert client.post(path, {"number": number_of(bea.pk), "pin": PIN}).status_code == 403
    assert not Session.objects.exists()


def test_the_pages_show_nobody_elses(client: Client, bea: Registrant, county: County) -> None:
    other = signed_up(county, "1002", email="cal@example.org", phone="202 555 0188")
    point = other.registrant.contact_points.earliest("id").pk
    enter(client, bea)
    Session.objects.update(sure_until=now() + timedelta(minutes=5))
    for path in (
        *(f"/contacts/{point}", f"/contacts/{point}/use", f"/contacts/{point}/remove"),
        *(f"/contacts/{point}/hours", f"/signup/{other.pk}/end", f"/signup/{other.pk}/hand-over"),
    ):
        assert client.get(f"/my{path}").status_code == 404, path
    for path in (
        *(f"/contacts/{point}/test", f"/contacts/{point}/code", f"/switch/{other.registrant_id}"),
        *(f"/signup/{other.pk}/pause", f"/signup/{other.pk}/resume", "/messages/999999/read"),
        f"/signup/{other.pk}/mail/1",
    ):
        assert client.post(f"/my{path}").status_code == 404, path
    other.refresh_from_db()
    assert other.state == "active"
