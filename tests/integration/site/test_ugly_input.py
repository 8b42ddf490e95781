"""Whatever is sent, a clear page comes back: never a fault of ours."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.county import County
from tests.integration.registrants.asking.people import held
from tests.integration.site.sign_up.walking import PIN, Walk, open_to_anyone
from watchword.registrants.asking.models import Request

UGLY = {
    "nothing": "",
    "blanks": " \t ",
    "a NUL": "a\x00b",
    "emoji": "👩\u200d👧 Ana 🚔",
    "marks that turn the direction": "\u202eano\u202c \u200f\u200e",
    "half a surrogate": "%ud800",
    "tags": "<script>alert(1)</script>{{ 7*7 }}",
    "SQL": "'; DROP TABLE x; --",
    "a very long word": "ñ" * 5_000,
    "a megabyte": "x" * 1_000_000,
    "figures of other scripts": "٢٠٢ ٥٥٥ ٠١٢٣",
    "a page break": "a\x0c\x1b[31m\r\nb",
}
STEPS: dict[str, Callable[[Walk, str], Walk]] = {
    "who": lambda walk, words: walk.answer(for_whom=words),
    "number": lambda walk, words: walk.find(number=words),
    "name": lambda walk, words: walk.find(full_name=words),
    "part of a day": lambda walk, words: walk.find(born_year=""),
    "age": lambda walk, words: walk.find(age=words),
    "born": lambda walk, words: walk.find(born_year=words),
    "country": lambda walk, words: walk.find(country=words),
    "chosen": lambda walk, words: walk.find(number="1001").answer(chosen=words),
    "contacts": lambda walk, words: (
        walk.find(number="1001").answer(chosen="1001").reach(phone=words, email=words)
    ),
    "kind": lambda walk, words: walk.find(number="1001").answer(chosen="1001").reach(kind=words),
    "safety": lambda walk, words: (
        walk.find(number="1001").answer(chosen="1001").reach().answer(starts=words, zone=words)
    ),
    "pin": lambda walk, words: walk.find(number="1001").answer(chosen="1001").reach().finish(pin=words),
    "code": lambda walk, words: (
        walk.find(number="1001").answer(chosen="1001").reach().finish().answer(code=words)
    ),
    "go": lambda walk, words: walk.go(words),
    "draft": lambda walk, words: walk.answer(draft=words),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", STEPS)
def test_signing_up_answers_ugly_words_with_a_page(county: County, step: str) -> None:
    held(county)
    open_to_anyone()
    for name, words in UGLY.items():
        walk = STEPS[step](Walk(address="127.0.0.1"), words)
        assert walk.response.status_code == 200, (step, name)
        assert "<h1>" in walk.page, (step, name)
        assert "<script>alert" not in walk.page


PAGES = ("/my/in", "/my/forgot", "/m/{}", "/u/{}", "/c/{}", "/my/link/{}", "/office/pushes/{}", "/sign-up")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", PAGES)
def test_every_other_page_answers_ugly_words(county: County, page: str) -> None:
    client = Client(REMOTE_ADDR="127.0.0.1")
    for name, words in UGLY.items():
        path = page.format(words[:200].replace("?", "") or "x")
        fields = dict.fromkeys(("number", "pin", "contact", "code", "go", "draft", "lang"), words)
        for answer in (
            client.get(path, {"lang": words[:200], "done": words[:200]}),
            client.post(path, fields),
        ):
            assert answer.status_code < 500, (page, name, answer.status_code)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_other_methods_are_refused(county: County, method: str) -> None:
    client = Client()
    for page in PAGES:
        assert getattr(client, method)(page.format("x")).status_code in (404, 405), page


@pytest.mark.django_db(transaction=True)
def test_more_than_can_be_taken_is_refused(county: County) -> None:
    assert Client().post("/sign-up", {"draft": "x" * 3_000_000}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_the_last_page_sent_ten_times_is_one_request(county: County) -> None:
    held(county)
    open_to_anyone()
    walk = Walk().find(number="1001").answer(chosen="1001").reach()
    walk.answer(starts="", ends="", zone="America/New_York", voicemail="less", disguise="")
    last = {"draft": walk.sealed, "language": "en", "pin": PIN}
    assert {walk.client.post("/sign-up", last).status_code for _ in range(10)} == {200}
    assert Request.objects.count() == 1
