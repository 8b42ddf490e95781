"""Whoever asks learns nothing from the answer, nor from what was computed for it: not of a person, nor of a contact."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.county import County
from tests.integration.registrants.asking.people import BORN, WHY, held, request
from watchword.core.encryption import KeyRing
from watchword.core.errors import WatchwordError
from watchword.custody.finding.records import Sought
from watchword.registrants import pins
from watchword.registrants.asking.lookup import look_up
from watchword.registrants.asking.models import Relation
from watchword.registrants.asking.rules import set_rule

SOUGHT = {"by number": Sought(number="1001"), "by name": Sought(name="Jon Mercer", born=BORN)}
STORIES: dict[str, Callable[[County], object]] = {
    "nobody": lambda county: held(county, "9", first_name="Ana", last_name="Stone"),
    "held": held,
    "protected": lambda county: held(county, protected=True),
    "sealed": lambda county: held(county, sealed=True),
    "a minor": lambda county: held(county, birth_date=None, age=16),
    "asked about before": lambda county: request(),
}


class Counted:
    """What was asked of the database, and what was hashed and encrypted, without what it was about."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hashes: list[str] = []
        for owner, name in ((KeyRing, "blind_index"), (KeyRing, "encrypt"), (type(pins._hasher), "hash")):
            self._count(monkeypatch, owner, name)

    def _count(self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def counting(*args: Any, **named: Any) -> Any:
            self.hashes.append(name)
            return real(*args, **named)

        monkeypatch.setattr(owner, name, counting)

    def of(self, act: Callable[[], object]) -> tuple[list[str], list[str]]:
        """The statements' beginnings, and the hashes, of doing this."""
        self.hashes.clear()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            act()
        statements = [query["sql"].partition('"s')[0][:40] for query in captured.captured_queries]
        return statements, list(self.hashes)


@pytest.mark.parametrize("way", SOUGHT)
@pytest.mark.parametrize("story", STORIES)
def test_a_request_computes_the_same_whoever_it_is_about(
    county: County, monkeypatch: pytest.MonkeyPatch, story: str, way: str
) -> None:
    counted = Counted(monkeypatch)
    expected = counted.of(lambda: request(sought=SOUGHT[way]))
    STORIES[story](county)
    assert counted.of(lambda: request(sought=SOUGHT[way])) == expected
    assert expected[1].count("hash") == 1


@pytest.mark.parametrize("way", SOUGHT)
@pytest.mark.parametrize("story", [story for story in STORIES if story != "held"])
def test_who_must_not_be_found_looks_like_nobody(
    county: County, monkeypatch: pytest.MonkeyPatch, story: str, way: str
) -> None:
    set_rule("harbor", is_open=True, who=list(Relation)[1:], **WHY)
    counted = Counted(monkeypatch)
    expected = counted.of(lambda: look_up("harbor", SOUGHT[way]))
    STORIES[story](county)
    shown = []
    assert counted.of(lambda: shown.append(look_up("harbor", SOUGHT[way]))) == expected
    assert shown[0].people == []


def test_an_open_source_shows_where_somebody_is_with_the_same_statements(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_rule("harbor", is_open=True, who=[Relation.ANYONE], **WHY)
    counted = Counted(monkeypatch)
    nobody = [counted.of(partial(look_up, "harbor", sought)) for sought in SOUGHT.values()]
    held(county)
    assert [counted.of(partial(look_up, "harbor", sought)) for sought in SOUGHT.values()] == nobody
    (seen,) = look_up("harbor", SOUGHT["by name"]).people
    assert (seen.number, seen.name, seen.facility, seen.status) == (
        "1001",
        "Jon Mercer",
        "North Jail",
        "in_custody",
    )


def test_a_verified_source_shows_nothing_and_does_not_look(county: County) -> None:
    held(county)
    with (
        CaptureQueriesContext(connection) as captured,
        pytest.raises(WatchwordError, match="Nothing is shown"),
    ):
        look_up("harbor", SOUGHT["by number"])
    assert not any("custody_" in query["sql"] for query in captured.captured_queries)
