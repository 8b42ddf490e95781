"""The page behind a signed link, as the web server answers it."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from tests.county import County
from watchword.core.signing import sign
from watchword.delivery.links import token_of
from watchword.delivery.models import Attempt, Delivery
from watchword.delivery.planning import plan_deliveries
from watchword.notices.actions import write_current_status
from watchword.notices.models import Notice
from watchword.registrants.actions import register
from watchword.registrants.models import ContactPoint

PIN = "271828"
WRONG_PIN = "161803"


def told(county: County, language: str = "en") -> Delivery:
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


def answer(client: Client, token: str, pin: str | None = None) -> tuple[int, dict[str, str], str]:
    """Status, headers and words of the page, as if every token were the same."""
    path = f"/m/{token}"
    response = client.get(path) if pin is None else client.post(path, {"pin": pin})
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    return response.status_code, headers, response.content.decode().replace(token, "TOKEN")


def test_an_unknown_link_looks_like_a_known_one(client: Client, county: County) -> None:
    token = token_of(told(county).pk)
    for unknown in (sign("another purpose", 1), token_of(10_000), "nonsense", "x" * 500):
        assert answer(client, unknown) == answer(client, token)
        assert answer(client, unknown, PIN) == answer(client, token, WRONG_PIN)


def test_once_locked_the_right_pin_looks_like_a_wrong_one(client: Client, county: County) -> None:
    token = token_of(told(county).pk)
    wrong = [answer(client, token, f"1618{guess:02}") for guess in range(12)]
    assert wrong == [wrong[0]] * len(wrong)
    assert answer(client, token, PIN) == wrong[0]
    assert Notice.objects.get().state == Notice.State.OPEN


@pytest.mark.parametrize("spelled", [PIN, f" {PIN} "])
def test_the_right_pin_confirms_the_notice(client: Client, county: County, spelled: str) -> None:
    status, _, words = answer(client, token_of(told(county).pk), spelled)
    assert status == 200
    assert "Ana Example" in words
    assert Notice.objects.get().state == Notice.State.CONFIRMED


def test_opening_the_link_confirms_nothing_and_stops_nothing(client: Client, county: County) -> None:
    token = token_of(told(county).pk)
    for path in (f"/m/{token}", f"/m/{token}/not-mine"):
        client.get(path)
        client.head(path)
    assert Notice.objects.get().state == Notice.State.OPEN
    assert ContactPoint.objects.get().stopped_at is None


def test_stopping_an_unknown_link_looks_like_stopping_a_known_one(client: Client, county: County) -> None:
    known, unknown = token_of(told(county).pk), sign("another purpose", 1)
    pages = [client.post(f"/m/{token}/not-mine") for token in (unknown, known)]
    assert [page.status_code for page in pages] == [200, 200]
    assert pages[0].content == pages[1].content
    assert ContactPoint.objects.get().stopped_why == "wrong_number"


def test_nothing_of_the_page_is_kept_framed_indexed_or_passed_on(client: Client, county: County) -> None:
    token = token_of(told(county).pk)
    for pin in (None, WRONG_PIN, PIN):
        _, headers, _ = answer(client, token, pin)
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "Set-Cookie" not in headers


@pytest.mark.parametrize(
    ("browser", "asked", "language"),
    [
        ("es-MX,es;q=0.9", "", "es"),
        ("de", "", "en"),
        ("es", "?lang=en", "en"),
        ("en", "?lang=es", "es"),
        ("en", "?lang=xx", "en"),
    ],
)
def test_the_page_speaks_the_language_asked_for_else_the_browsers(
    client: Client, county: County, browser: str, asked: str, language: str
) -> None:
    response = client.get(f"/m/{token_of(told(county).pk)}{asked}", headers={"Accept-Language": browser})
    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in response.content.decode()


def test_with_the_right_pin_the_page_says_what_was_done_to_reach_them(client: Client, county: County) -> None:
    delivery = told(county)
    Attempt.objects.create(
        reference=uuid4(), delivery=delivery, number=1, outcome="accepted", provider="smtp"
    )
    words = "Email sent to r***@home.example"
    assert words not in answer(client, token_of(delivery.pk), WRONG_PIN)[2]
    page = answer(client, token_of(delivery.pk), PIN)[2]
    assert words in page
    assert "You entered your PIN on the page" in page
