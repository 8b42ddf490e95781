"""What is asked next, and what would change an answer."""

from datetime import datetime
from typing import Any

import pytest

from watchword.law import (
    Question,
    asked_of,
    hours_end,
    in_best_order,
    outcome,
    question,
    what_would_change,
    with_facts,
)

FIVE_YEARS: dict[str, Any] = {
    "detainer": True,
    "instant_arrest_date": "2019-08-20",
    "possible_tsdb_match": False,
    "convictions": [
        {
            "jurisdiction": "NY",
            "law": "PL",
            "section": "125.25",
            "felony": True,
            "judgment_date": "2018-01-10",
            "offence_date": "2017-05-05",
            "youthful_offender": False,
            "juvenile_delinquent": False,
        }
    ],
}


def asked(facts: dict[str, Any], action: str = "hold", office: str = "doc") -> Question:
    said = {"jurisdiction": "nyc", "office": office, "as_of": "2019-09-09", "action": action}
    return question(said | {"facts": facts})


def test_a_warrant_of_a_judge_would_change_what_a_form_of_an_officer_does_not() -> None:
    officers = asked(FIVE_YEARS | {"warrant": {"issuer": "immigration_officer"}})
    assert outcome(officers)[0] == "MUST NOT"
    first, *_ = what_would_change(officers)
    assert first.facts["facts.warrant.issuer"] == "federal_magistrate"
    assert first.outcome == "MAY"
    assert outcome(with_facts(officers, first.facts))[0] == "MAY"


def test_every_change_named_leads_where_it_says() -> None:
    for facts in (FIVE_YEARS, {"detainer": True, "convictions": []}, {"detainer": True}):
        one = asked(facts)
        for change in what_would_change(one):
            assert outcome(with_facts(one, change.facts))[0] == change.outcome != outcome(one)[0]


def test_whatever_matters_is_asked_once_and_nothing_else() -> None:
    actions = [
        asked({"detainer": True}, action) for action in ("hold", "notify_release", "disclose_information")
    ]
    order = in_best_order(actions)
    assert sorted(order) == sorted({path for one in actions for path in outcome(one)[1]})


def test_what_may_settle_everything_is_asked_before_what_settles_itself_alone() -> None:
    order = in_best_order([asked({"detainer": True})])
    assert order.index("facts.warrant.presented") < order.index("facts.warrant.names_person")


def test_nothing_is_asked_of_what_is_decided() -> None:
    assert in_best_order([asked({"detainer": True, "warrant": {"presented": "never"}})]) == []


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("facts.warrant.issuer", "choice"),
        ("facts.detainer", "yes_no"),
        ("facts.convictions", "list"),
        ("facts.convictions[2].judgment_date", "day"),
        ("facts.convictions[0].class", "words"),
        ("facts.incarceration[0].from", "day"),
        ("facts.release_due_at", "moment"),
        ("facts.age", "number"),
    ],
)
def test_a_path_says_how_it_is_asked(path: str, kind: str) -> None:
    assert asked_of(path).kind == kind


def test_the_end_of_48_hours_leaves_out_the_weekend() -> None:
    match = {"detainer": True, "possible_tsdb_match": True, "release_due_at": "2019-09-06T10:00"}
    assert hours_end(asked(match, office="nypd")) == datetime(2019, 9, 10, 10)  # noqa: DTZ001 - local
    assert hours_end(asked(match)) is None
