"""The requests that came, by another law: which answers change, and why."""

from datetime import date
from typing import Any

import pytest

from tests.county import County
from tests.integration.desk.staff import signed_in
from tests.integration.desk.test_counter import JUDGES, MURDER, convicted, taken
from watchword.core.errors import WatchwordError
from watchword.desk.counter.models import Decision
from watchword.desk.counter.supposing import moved, what_if
from watchword.law import rulebook, with_offences

pytestmark = pytest.mark.django_db

LARCENY = MURDER | {"section": "155.30", "hate_crime": False}
AMENDMENT = """
lists:
- cite: "a proposed amendment"
  status: secondary
  from: 2014-12-14
  offences:
  - {section: "155.30", name: Grand larceny in the fourth degree, class: E}
"""


def test_an_amendment_that_adds_an_offence_changes_the_answer_that_hung_on_it(county: County) -> None:
    request = taken(county, warrant=JUDGES, possible_tsdb_match=False, incarceration=[])
    convicted(request, LARCENY)
    found = what_if(book=with_offences(rulebook("nyc"), AMENDMENT, "amendment.yaml"))
    changed = {each.action: each for each in found if each.differs}
    assert {action: (each.before, each.after) for action, each in changed.items()} == {
        "hold": ("MUST NOT", "MAY"),
        "notify_release": ("MUST NOT", "MAY"),
    }
    assert any("no before, yes then" in step for step in changed["hold"].why)
    assert moved(found)["transfer", "UNKNOWN", "UNKNOWN"] == 1
    assert not Decision.objects.exists()


def test_the_same_law_changes_nothing(county: County) -> None:
    convicted(taken(county, warrant=JUDGES))
    assert not [each for each in what_if(book=rulebook("nyc")) if each.differs]


def test_an_earlier_day_is_another_law(county: County) -> None:
    convicted(taken(county, warrant={"issuer": "immigration_officer"}, known_from="search_at_release"))
    (hold,) = [each for each in what_if(as_of=date(2012, 6, 1)) if each.action == "hold"]
    assert (hold.before, hold.after) == ("MUST NOT", "MAY")
    assert hold.why[0].startswith("LL 62/2011")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("lists: [", "amendment.yaml"),
        ("lists: nothing", "amendment.yaml"),
        (AMENDMENT.replace("155.30", "125.25"), "on the list already"),
        (AMENDMENT.replace("section:", "sektion:"), "amendment.yaml"),
        (AMENDMENT.replace("2014-12-14", "soon"), "amendment.yaml"),
    ],
)
def test_an_amendment_that_cannot_be_used_says_why(text: str, why: str) -> None:
    with pytest.raises(WatchwordError, match=why):
        with_offences(rulebook("nyc"), text, "amendment.yaml")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"offences": AMENDMENT}, "2 of 3 answers would be others"),
        ({"offences": ""}, "Give another day, or offences"),
        ({"offences": "lists: ["}, "the amendment"),
        (
            {"offences": "", "as_of_month": "6", "as_of_day": "1", "as_of_year": "2012"},
            "answers would be others",
        ),
    ],
)
def test_the_page_shows_the_table_and_the_plot(county: County, given: dict[str, Any], words: str) -> None:
    convicted(taken(county, warrant=JUDGES, possible_tsdb_match=False, incarceration=[]), LARCENY)
    page = signed_in().get("/desk/requests/what-if", given).content.decode()
    assert words in page
    assert ('<svg class="plot"' in page) == ("others" in words)
