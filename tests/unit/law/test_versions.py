"""The table of New York City's versions, one row a test, asked on the day before each and on its first day."""

from datetime import date
from typing import Any

import pytest

from tests.unit.law.cases import I_200, NO_WARRANT_YET, answer, outcome_of, robbery
from watchword.law import Outcome, decide, question, rulebook
from watchword.law.words import differences

MUST_NOT, MAY, UNKNOWN = Outcome.MUST_NOT, Outcome.MAY, Outcome.UNKNOWN

VERSIONS = [
    ("doc", "2012-03-21", "LL 62/2011"),
    ("doc", "2013-07-16", "LL 22/2013"),
    ("nypd", "2013-07-16", "LL 21/2013"),
    ("doc", "2014-12-14", "LL 58/2014 s.1-3"),
    ("doc", "2015-02-12", "LL 58/2014 s.4"),
    ("nypd", "2014-12-14", "LL 59/2014"),
    ("probation", "2017-12-01", "LL 226/2017"),
    ("doc", "2018-01-30", "LL 228/2017"),
    ("nypd", "2018-01-30", "LL 228/2017"),
    ("doc", "2026-01-29", "LL 63/2026"),
    ("nypd", "2026-01-29", "LL 63/2026"),
]


@pytest.mark.parametrize(("office", "day", "citation"), VERSIONS, ids=[f"{c} {o}" for o, _, c in VERSIONS])
def test_each_version_is_in_force_from_its_day_with_its_citation(
    office: str, day: str, citation: str
) -> None:
    version = answer(office=office, on=day).version
    assert version is not None
    assert version["citation"].startswith(citation)
    assert version["in_force_from"] == day


@pytest.mark.parametrize(
    ("office", "day"), [("doc", "2012-03-20"), ("nypd", "2013-07-15"), ("probation", "2017-11-30")]
)
def test_before_an_office_has_a_section_the_answer_is_unknown(office: str, day: str) -> None:
    silent = answer(office=office, on=day)
    assert (silent.outcome, silent.version) == (UNKNOWN, None)


(UNLICENSED,) = robbery(law="VTL", section="511", felony=False, judgment_date="2013-01-01")
WEAPON = {"law": "PL", "section": "265.01", "grade": "misdemeanor"}
PETTY = robbery(law="PL", section="155.25", felony=False, **{"class": "A"})
A_2012: dict[str, Any] = {"on": "2012-06-01", "instant_arrest_date": "2012-05-20", "warrant": I_200}
A_2013: dict[str, Any] = {"on": "2013-08-01", "instant_arrest_date": "2013-07-20", "warrant": I_200}


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"convictions": PETTY}, MAY),
        ({"convictions": robbery(youthful_offender=True)}, MUST_NOT),
        ({"convictions": []}, MUST_NOT),
        (
            {
                "pending_cases": [
                    {"jurisdiction": "NY", "law": "PL", "section": "155.25", "grade": "misdemeanor"}
                ]
            },
            MAY,
        ),
        (
            {
                "pending_cases": [
                    {"jurisdiction": "NY", "law": "PL", "section": "240.20", "grade": "violation"}
                ]
            },
            MUST_NOT,
        ),
        ({"outstanding_criminal_warrant": True}, MAY),
        ({"known_gang_member": True}, MAY),
        ({"possible_tsdb_match": True}, MAY),
        ({"removal_order_or_warrant": True}, MAY),
        ({"removal_order_or_warrant": True, "known_from": "federal_immigration_authorities"}, MAY),
        ({"known_gang_member": True, "known_from": "federal_immigration_authorities"}, MUST_NOT),
        ({"known_gang_member": True, "known_from": "court"}, MUST_NOT),
    ],
)
@pytest.mark.parametrize("action", ["hold", "notify_release"])
def test_ll_62_2011_any_crime_case_warrant_gang_match_or_removal_order(
    action: str, facts: dict[str, Any], outcome: Outcome
) -> None:
    assert outcome_of(action, **{"convictions": [], **A_2012, **facts}) is outcome


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"convictions": robbery(judgment_date="1990-01-01")}, MAY),
        ({"convictions": robbery(section="155.25", felony=False, judgment_date="2003-07-21")}, MAY),
        ({"convictions": robbery(section="155.25", felony=False, judgment_date="2003-07-20")}, MUST_NOT),
        ({"convictions": robbery(section="230.00", felony=False, judgment_date="2013-01-01")}, MUST_NOT),
        (
            {
                "convictions": robbery(
                    section="240.37", felony=False, judgment_date="2013-01-01", relates_to_patronizing=True
                )
            },
            MAY,
        ),
        (
            {
                "convictions": robbery(
                    section="240.37", felony=False, judgment_date="2013-01-01", relates_to_patronizing=False
                )
            },
            MUST_NOT,
        ),
        (
            {
                "convictions": robbery(
                    law="VTL", section="511", subdivision="(1)(a)", felony=False, judgment_date="2013-01-01"
                )
            },
            MUST_NOT,
        ),
        (
            {
                "convictions": robbery(
                    law="VTL",
                    section="511",
                    subdivision="(2)(a)(ii)",
                    felony=False,
                    judgment_date="2013-01-01",
                )
            },
            MAY,
        ),
        ({"pending_cases": [{"law": "PL", "section": "155.25", "grade": "misdemeanor"}]}, MUST_NOT),
        ({"pending_cases": [{"law": "PL", "section": "155.25", "grade": "misdemeanor"}] * 2}, MAY),
        ({"pending_cases": [{"law": "PL", "section": "230.00", "grade": "misdemeanor"}] * 2}, MUST_NOT),
        ({"pending_cases": [{"law": "PL", "section": "155.35", "grade": "felony"}]}, MAY),
        ({"pending_cases": [{"law": "PL", "section": "130.52", "grade": "misdemeanor"}]}, MAY),
        ({"pending_cases": [{"law": "VTL", "section": "1192", "grade": "misdemeanor"}]}, MAY),
        (
            {
                "pending_cases": [
                    {
                        "law": "PL",
                        "section": "120.00",
                        "grade": "misdemeanor",
                        "released_under_cpl_170_70": False,
                    }
                ]
            },
            MAY,
        ),
        (
            {
                "pending_cases": [
                    {
                        "law": "PL",
                        "section": "120.00",
                        "grade": "misdemeanor",
                        "released_under_cpl_170_70": True,
                    }
                ]
            },
            MUST_NOT,
        ),
        (
            {
                "pending_cases": [
                    {"law": "PL", "section": "265.01", "grade": "misdemeanor", "firearm_or_ammunition": True}
                ]
            },
            MAY,
        ),
        ({"known_gang_member": True, "known_from": "court"}, MAY),
        ({"known_gang_member": True, "known_from": "other_government"}, MUST_NOT),
    ],
)
@pytest.mark.parametrize("office", ["doc", "nypd"])
def test_ll_21_and_22_2013_covered_crimes_and_cases(
    office: str, facts: dict[str, Any], outcome: Outcome
) -> None:
    known: dict[str, Any] = {"convictions": [], "office": office, **A_2013, **facts}
    assert outcome_of("hold", **known) is outcome


RELEASE_DATE_ASKED: dict[str, Any] = {
    "convictions": [],
    "otherwise_required_by_law": False,
    "information_asked": "release_date",
    "purpose": "civil_immigration_enforcement",
}


def test_ll_58_2014_s_4_information_is_limited_from_2015_02_12() -> None:
    asked: dict[str, Any] = {
        "information_asked": "release_date",
        "purpose": "civil_immigration_enforcement",
        "asker": "ice",
    }
    known: dict[str, Any] = {"convictions": [], "otherwise_required_by_law": False, **asked}
    assert outcome_of("disclose_information", on="2015-02-11", **known) is MAY
    assert outcome_of("disclose_information", on="2015-02-12", **known) is MUST_NOT


@pytest.mark.parametrize("office", ["nypd", "probation"])
def test_ll_228_2017_no_city_resource_for_immigration_enforcement_from_2018_01_30(office: str) -> None:
    asked: dict[str, Any] = {
        "information_asked": "release_date",
        "purpose": "civil_immigration_enforcement",
        "asker": "ice",
    }
    known: dict[str, Any] = {"convictions": [], "otherwise_required_by_law": False, **asked}
    assert outcome_of("disclose_information", office=office, on="2018-01-29", **known) is MAY
    assert outcome_of("disclose_information", office=office, on="2018-01-30", **known) is MUST_NOT


def test_ll_63_2026_other_federal_agencies_with_such_duties_are_immigration_authorities_too() -> None:
    asked: dict[str, Any] = {
        "purpose": "civil_immigration_enforcement",
        "asker": "other_federal_with_civil_immigration_duties",
    }
    known: dict[str, Any] = {
        "convictions": [],
        "otherwise_required_by_law": False,
        "information_asked": "release_date",
        **asked,
    }
    before = answer("disclose_information", on="2026-01-28", **known)
    assert before.outcome is UNKNOWN
    assert any("Until 2026-01-29" in doubt for doubt in before.doubts)
    assert outcome_of("disclose_information", on="2026-01-29", **known) is MUST_NOT


def test_the_rule_of_2019_is_shown_as_unknown_and_not_before_2020() -> None:
    of_the_rule = robbery(section="230.11")
    assert outcome_of(on="2019-09-09", convictions=of_the_rule) is MUST_NOT
    later = answer(on="2020-03-03", convictions=of_the_rule)
    assert later.outcome is UNKNOWN
    assert any("text was not found" in doubt for doubt in later.doubts)


def test_the_differences_of_two_days_name_every_version_and_offence_between_them() -> None:
    said = "\n".join(differences(rulebook("nyc"), date(2018, 10, 1), date(2019, 2, 1)))
    assert "PL 230.34-a: Sex trafficking of a child, from 2018-11-13" in said
    assert "PL 125.40" in said
    assert "Wells v DeMarco" in said
    assert not list(differences(rulebook("nyc"), date(2016, 1, 1), date(2016, 12, 31)))


def test_a_bare_question_waits_for_everything_that_matters_and_nothing_else() -> None:
    bare = decide(
        question(
            {"jurisdiction": "nyc", "office": "doc", "as_of": "2019-09-09", "action": "hold", "facts": {}}
        )
    )
    assert bare.outcome is UNKNOWN
    assert bare.missing == (
        "facts.convictions",
        "facts.detainer",
        "facts.known_from",
        "facts.possible_tsdb_match",
        "facts.warrant.authorises_custody",
        "facts.warrant.issuer",
        "facts.warrant.names_person",
        "facts.warrant.presented",
        "facts.warrant.probable_cause",
    )


def test_where_the_match_alone_decides_the_warrant_does_not_matter() -> None:
    """(b)(2) needs only the match, so nothing that (b)(1) asks besides it can change what the Police may do."""
    waiting = answer(
        office="nypd", warrant=NO_WARRANT_YET | {"issuer": None}, convictions=[], possible_tsdb_match=None
    )
    assert waiting.missing == ("facts.possible_tsdb_match",)
