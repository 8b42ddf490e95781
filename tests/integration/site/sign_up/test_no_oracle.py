"""Through the pages, too, nobody learns whether a person is there, a contact is known, or a limit is met."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.county import County
from tests.integration.registrants.asking.people import held, request
from tests.integration.registrants.asking.test_no_oracle import STORIES, Counted
from tests.integration.registrants.asking.test_requests import over_one_contact
from tests.integration.site.sign_up.walking import RIGHT, Walk, open_to_anyone
from watchword.registrants.asking.limits import MOST_AN_HOUR
from watchword.registrants.asking.models import Knock, Request

HIDDEN = [story for story in STORIES if story != "held"]
ANSWERS: dict[str, dict[str, str]] = {"by number": {"number": "1001"}, "by name": {"full_name": "Jon Mercer"}}


def pages_of(walk: Walk) -> list[str]:
    return [walk.heading, walk.page.replace(walk.sealed, "DRAFT")]


def ask_a_verified_source(by: dict[str, str]) -> list[list[str]]:
    """Every page of it, up to the first code; without what is random."""
    walk, seen = Walk(), []
    steps: list[Callable[[], Walk]] = [
        partial(walk.find, **by),
        partial(walk.answer, held="yes"),
        partial(walk.answer, **RIGHT),
        walk.reach,
        walk.finish,
    ]
    for step in steps:
        step()
        seen.append(pages_of(walk))
    return seen


@pytest.mark.parametrize("way", ANSWERS)
@pytest.mark.parametrize("story", STORIES)
def test_of_a_verified_source_every_page_and_every_statement_is_the_same_whoever_it_is_about(
    county: County, monkeypatch: pytest.MonkeyPatch, story: str, way: str
) -> None:
    counted = Counted(monkeypatch)
    pages: list[list[list[str]]] = []
    expected = counted.of(lambda: pages.append(ask_a_verified_source(ANSWERS[way])))
    STORIES[story](county)
    assert counted.of(lambda: pages.append(ask_a_verified_source(ANSWERS[way]))) == expected
    assert pages[0] == pages[1]
    assert Request.objects.filter(state="waiting").count() >= 2


@pytest.mark.parametrize("way", ANSWERS)
@pytest.mark.parametrize("story", HIDDEN)
def test_of_an_open_source_who_must_not_be_found_looks_like_nobody(
    county: County, monkeypatch: pytest.MonkeyPatch, story: str, way: str
) -> None:
    open_to_anyone()
    counted = Counted(monkeypatch)
    shown: list[list[str]] = []

    def look() -> None:
        shown.append(pages_of(Walk().find(**ANSWERS[way])))

    expected = counted.of(look)
    STORIES[story](county)
    assert counted.of(look) == expected
    assert shown[0] == shown[1]
    assert shown[0][0] == "We found nobody"


def test_found_or_not_an_open_source_runs_the_same_statements(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_to_anyone()
    counted = Counted(monkeypatch)
    expected = counted.of(lambda: Walk().find())
    held(county)
    assert counted.of(lambda: Walk().find()) == expected


def nothing(county: County) -> None:
    """The contact is new to us."""


def asked_before(county: County) -> None:
    request()


@pytest.mark.parametrize("before", [nothing, asked_before, over_one_contact])
def test_a_contact_that_is_known_or_has_too_many_registrations_is_answered_alike(
    county: County, monkeypatch: pytest.MonkeyPatch, before: Callable[[County], None]
) -> None:
    held(county)
    before(county)
    open_to_anyone()
    Walk().find(number="1001").answer(chosen="1001").reach().finish()
    counted = Counted(monkeypatch)
    seen: list[list[str]] = []

    def sign_up(phone: str, email: str) -> None:
        walk = Walk().find(number="1001").answer(chosen="1001").reach(phone, email).finish()
        seen.append([page.replace("ends in 24", "ends in 23") for page in pages_of(walk)])

    new = counted.of(lambda: sign_up("202 555 0124", "cal@example.org"))
    known = counted.of(lambda: sign_up("202 555 0123", "bea@example.org"))
    assert seen[0] == seen[1]
    assert known == new


@pytest.mark.parametrize("act", ["look", "ask"])
def test_one_address_of_the_internet_is_asked_to_wait_whoever_it_asks_about(county: County, act: str) -> None:
    held(county)
    open_to_anyone()
    Knock.objects.all().delete()
    walk = Walk()
    for _ in range(MOST_AN_HOUR[act]):
        Knock.objects.create(address_index=_index(), act=act)
    seen = []
    for number in ("1001", "9999"):
        walk = Walk().find(number=number)
        if act == "ask":
            walk.answer(chosen="watch").reach().finish()
        seen.append((walk.response.status_code, walk.page))
    assert seen[0] == seen[1]
    assert seen[0][0] == 429
    assert Walk(address="203.0.113.8").find(number="1001").response.status_code == 200


def _index() -> bytes:
    from watchword.core.encryption import keyring

    return keyring().blind_index("203.0.113.7", "asking.knock")
