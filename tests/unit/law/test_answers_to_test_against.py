"""The table of answers that lawyers would agree on, one row a test, with what it rests on."""

from typing import Any

import pytest

from tests.unit.law.cases import I_200, NO_WARRANT_YET, WARRANT, answer, outcome_of, robbery
from watchword.law import Outcome

MUST_NOT, MAY, MUST, UNKNOWN = Outcome.MUST_NOT, Outcome.MAY, Outcome.MUST, Outcome.UNKNOWN

# A judgment so long before the arrest of 2019-08-20.
FOUR_YEARS_ELEVEN_MONTHS = robbery(judgment_date="2014-09-20", offence_date="2014-08-01")
FIVE_YEARS_ONE_MONTH = robbery(judgment_date="2014-07-20", offence_date="2014-01-01")
EIGHTEEN_MONTHS = [{"from": "2014-07-20", "to": "2016-01-20", "for_serious_crime": True}]
TWELVE_YEARS = robbery(judgment_date="2007-07-20", offence_date="2007-01-01")


def test_9_131_b_1_i_doc_with_an_i_200_only_must_not_hold_a_murderer() -> None:
    assert outcome_of(warrant=I_200, convictions=robbery(section="125.25", **{"class": "A-I"})) is MUST_NOT


def test_9_131_b_1_doc_with_a_judicial_warrant_may_hold_four_years_and_eleven_months_after_the_judgment() -> (
    None
):
    assert outcome_of(convictions=FOUR_YEARS_ELEVEN_MONTHS) is MAY


def test_9_131_a_2_ii_doc_must_not_hold_five_years_and_one_month_after_it() -> None:
    assert outcome_of(convictions=FIVE_YEARS_ONE_MONTH) is MUST_NOT


def test_9_131_a_2_ii_eighteen_months_served_for_it_are_left_out() -> None:
    assert outcome_of(convictions=FIVE_YEARS_ONE_MONTH, incarceration=EIGHTEEN_MONTHS) is MAY


def test_9_131_a_2_ii_while_nobody_knows_of_time_served_the_answer_waits_for_it() -> None:
    waiting = answer(convictions=FIVE_YEARS_ONE_MONTH, incarceration=None)
    assert (waiting.outcome, waiting.missing) == (UNKNOWN, ("facts.incarceration",))


def test_9_131_a_2_i_a_youthful_offender_is_not_convicted() -> None:
    assert outcome_of(convictions=robbery(youthful_offender=True)) is MUST_NOT


def test_14_154_b_2_police_may_hold_for_48_hours_after_an_old_conviction_and_illegal_reentry() -> None:
    held = answer(
        office="nypd",
        warrant=NO_WARRANT_YET,
        convictions=TWELVE_YEARS,
        illegal_reentry_after_removal_or_return=True,
    )
    assert held.outcome is MAY
    assert "until 2019-09-11 10:00" in held.conditions[0]
    assert any("do not notify" in condition for condition in held.conditions)
    assert "Wells v DeMarco" in held.overlays[0]


def test_14_154_b_2_the_case_law_of_2018_11_14_is_not_said_before_that_day() -> None:
    facts: dict[str, Any] = {"convictions": TWELVE_YEARS, "illegal_reentry_after_removal_or_return": True}
    assert not answer(office="nypd", on="2018-11-13", warrant=NO_WARRANT_YET, **facts).overlays
    assert answer(office="nypd", on="2018-11-14", warrant=NO_WARRANT_YET, **facts).overlays


@pytest.mark.parametrize("action", ["hold", "notify_release"])
def test_14_154_b_2_no_warrant_by_then_release_and_do_not_notify(action: str) -> None:
    assert (
        outcome_of(
            action,
            office="nypd",
            warrant=NO_WARRANT_YET,
            convictions=TWELVE_YEARS,
            illegal_reentry_after_removal_or_return=True,
            now="2019-09-11T10:01",
        )
        is MUST_NOT
    )


def test_9_205_b_probation_must_not_hold_where_the_police_may() -> None:
    facts: dict[str, Any] = {"convictions": TWELVE_YEARS, "illegal_reentry_after_removal_or_return": True}
    assert outcome_of(office="probation", warrant=NO_WARRANT_YET, **facts) is MUST_NOT


@pytest.mark.parametrize(("on", "outcome"), [("2018-12-01", MAY), ("2018-10-01", MUST_NOT)])
def test_l_2018_ch_189_sex_trafficking_of_a_child_is_listed_from_2018_11_13(
    on: str, outcome: Outcome
) -> None:
    of_2018 = robbery(section="230.34-a", offence_date="2018-01-10", judgment_date="2018-08-10")
    assert outcome_of(on=on, instant_arrest_date="2018-09-20", convictions=of_2018) is outcome


def test_l_2023_ch_777_a_repealed_crime_stays_listed_for_an_offence_before_the_repeal() -> None:
    facts: dict[str, Any] = {"on": "2025-08-01", "instant_arrest_date": "2025-07-01"}
    before = robbery(section="130.50", offence_date="2023-05-05", judgment_date="2025-02-02")
    after = robbery(section="130.50", offence_date="2024-10-05", judgment_date="2025-02-02")
    unknown = robbery(section="130.50", offence_date=None, judgment_date="2025-02-02")
    assert outcome_of(**facts, convictions=before) is MAY
    assert outcome_of(**facts, convictions=after) is MUST_NOT
    assert answer(**facts, convictions=unknown).missing == ("facts.convictions[0].offence_date",)


@pytest.mark.parametrize("action", ["hold", "notify_release"])
def test_ccp_2_251_texas_must_comply_while_no_proof_is_shown(action: str) -> None:
    facts: dict[str, Any] = {"place": "tx", "agency_has_custody": True, "warrant": I_200}
    assert outcome_of(action, **facts, proof_shown=False) is MUST
    assert outcome_of(action, **facts, proof_shown=True) is MAY
    assert answer(action, **facts, proof_shown=None).missing == ("facts.proof_shown",)


def test_24_211_07_the_same_facts_differ_in_2015_and_in_2022_in_washington() -> None:
    facts: dict[str, Any] = {
        "place": "dc",
        "age": 30,
        "cost_agreement": True,
        "in_custody_for_the_crime": True,
        "warrant": I_200,
        "convictions": robbery(category="dangerous_or_violent"),
    }
    assert outcome_of(on="2015-06-01", **facts) is MAY
    assert outcome_of(on="2022-06-01", **facts) is MUST_NOT


def test_24_211_07_between_october_2019_and_the_new_text_the_emergency_acts_are_a_doubt() -> None:
    facts: dict[str, Any] = {"place": "dc", "age": 30, "cost_agreement": False}
    assert not any("Emergency" in doubt for doubt in answer(on="2019-09-30", **facts).doubts)
    assert any("Emergency" in doubt for doubt in answer(on="2019-10-01", **facts).doubts)
    assert not any("Emergency" in doubt for doubt in answer(on="2021-04-27", **facts).doubts)


@pytest.mark.parametrize(
    "issuer", ["bankruptcy_judge", "state_judge", "immigration_officer", "immigration_judge", "none"]
)
def test_9_131_a_5_only_an_article_iii_judge_or_a_federal_magistrate_signs_a_judicial_warrant(
    issuer: str,
) -> None:
    assert outcome_of(warrant=WARRANT | {"issuer": issuer}) is MUST_NOT
    assert outcome_of(warrant=WARRANT | {"issuer": "federal_magistrate"}) is MAY


@pytest.mark.parametrize("part", ["probable_cause", "names_person", "authorises_custody"])
def test_9_131_a_5_the_warrant_needs_probable_cause_the_person_and_custody(part: str) -> None:
    assert outcome_of(warrant=WARRANT | {part: False}) is MUST_NOT
    assert answer(warrant=WARRANT | {part: None}).missing == (f"facts.warrant.{part}",)


@pytest.mark.parametrize("presented", ["after_detainer", "not_yet", "never"])
def test_9_131_b_1_i_the_warrant_comes_with_the_detainer(presented: str) -> None:
    assert outcome_of(warrant=WARRANT | {"presented": presented}) is MUST_NOT


@pytest.mark.parametrize(
    ("office", "known_from", "outcome"),
    [
        ("doc", "court", MAY),
        ("doc", "other_government", MAY),
        ("doc", "earlier_search", MUST_NOT),
        ("doc", "none_of_these", MUST_NOT),
        ("nypd", "earlier_search", MUST_NOT),
        ("probation", "earlier_search", MAY),
        ("probation", "none_of_these", MUST_NOT),
    ],
)
def test_9_131_b_1_ii_and_9_205_b_2_how_the_office_knows(
    office: str, known_from: str, outcome: Outcome
) -> None:
    assert outcome_of(office=office, known_from=known_from) is outcome


def test_9_131_b_1_ii_a_search_still_to_be_made_is_a_condition_of_the_answer() -> None:
    waiting = answer(known_from=None)
    assert (waiting.outcome, waiting.missing) == (MAY, ("facts.known_from",))
    assert any("search" in condition for condition in waiting.conditions)


@pytest.mark.parametrize(
    ("judgment", "outcome"), [("2014-08-20", MUST_NOT), ("2014-08-21", MAY), ("2014-08-19", MUST_NOT)]
)
def test_9_131_a_2_ii_at_least_five_years_are_over_on_the_very_day(judgment: str, outcome: Outcome) -> None:
    assert outcome_of(convictions=robbery(judgment_date=judgment, offence_date="2014-01-01")) is outcome


def test_9_131_a_2_ii_a_judgment_after_the_instant_arrest_is_read_in_two_ways() -> None:
    both = answer(convictions=robbery(offence_date="2019-08-19", judgment_date="2019-09-01"))
    assert (both.outcome, both.missing) == (UNKNOWN, ())
    assert any("read literally" in doubt for doubt in both.doubts)
    assert any("read by its purpose" in doubt for doubt in both.doubts)


def test_9_131_a_2_i_beside_a_youthful_adjudication_another_judgment_is_read_in_two_ways() -> None:
    both = answer(convictions=[*robbery(), *robbery(section="140.20", youthful_offender=True)])
    assert both.outcome is UNKNOWN
    assert any("worded by person" in doubt for doubt in both.doubts)


@pytest.mark.parametrize(
    ("conviction", "outcome"),
    [
        ({"section": "215.51", "class": "E"}, MAY),
        ({"section": "220.16"}, MUST_NOT),
        ({"section": "265.02", "subdivision": "(1)"}, MUST_NOT),
        ({"section": "265.02", "subdivision": "(3)"}, MAY),
        ({"section": "265.02", "subdivision": "8"}, MAY),
        ({"section": "265.02", "subdivision": "(9)"}, MUST_NOT),
        ({"section": "265.02", "subdivision": None}, UNKNOWN),
        ({"section": "135.65", "subdivision": "(2)(b)"}, MAY),
        ({"section": "135.65", "subdivision": "(2)(a)"}, MUST_NOT),
        ({"section": "135.65", "subdivision": "(2)"}, UNKNOWN),
        ({"section": "160.15", "felony": False}, MUST_NOT),
        ({"section": "120.00", "felony": True, "hate_crime": True}, MAY),
        ({"section": "120.00", "felony": False, "hate_crime": True}, MUST_NOT),
        ({"section": "120.05", "inchoate": "attempt", "class": "E"}, MAY),
        ({"section": "215.51", "inchoate": "attempt", "felony": False, "class": "A"}, MUST_NOT),
        ({"section": "215.51", "inchoate": "attempt", "felony": None, "class": None}, MUST_NOT),
        ({"section": "105.15", "inchoate": "conspiracy", "object": {"law": "PL", "section": "125.25"}}, MAY),
        (
            {"section": "105.10", "inchoate": "conspiracy", "object": {"law": "PL", "section": "155.30"}},
            MUST_NOT,
        ),
        ({"section": "105.15", "inchoate": "conspiracy", "object": None}, UNKNOWN),
        ({"law": "VTL", "section": "600", "subdivision": "(2)(a)", "felony": True}, MAY),
        ({"law": "VTL", "section": "600", "subdivision": "(2)(a)", "felony": False}, MUST_NOT),
        ({"law": "VTL", "section": "1192", "subdivision": "(2)", "felony": True}, MUST_NOT),
        ({"jurisdiction": "foreign"}, MUST_NOT),
        ({"jurisdiction": "NJ", "law": "other", "predicate_felony": True, "equivalent_to": "PL 160.10"}, MAY),
        (
            {"jurisdiction": "US", "law": "other", "predicate_felony": True, "equivalent_to": "PL 155.30"},
            MUST_NOT,
        ),
        ({"jurisdiction": "NJ", "law": "other", "predicate_felony": True, "equivalent_to": "none"}, MUST_NOT),
        (
            {"jurisdiction": "NJ", "law": "other", "predicate_felony": False, "equivalent_to": "PL 160.10"},
            MUST_NOT,
        ),
        ({"jurisdiction": "NJ", "law": "other", "predicate_felony": True, "equivalent_to": None}, UNKNOWN),
    ],
)
def test_9_131_a_7_what_is_a_violent_or_serious_crime(conviction: dict[str, Any], outcome: Outcome) -> None:
    assert outcome_of(convictions=robbery(**conviction)) is outcome


def test_9_131_b_1_ii_b_a_possible_terrorist_match_needs_no_conviction_but_a_warrant() -> None:
    assert outcome_of(convictions=[], possible_tsdb_match=True) is MAY
    assert outcome_of(convictions=[], possible_tsdb_match=True, warrant=I_200) is MUST_NOT
    assert outcome_of(convictions=[], possible_tsdb_match=True, warrant=I_200, office="nypd") is MAY


CIVIL = {"purpose": "civil_immigration_enforcement", "otherwise_required_by_law": False, "asker": "ice"}


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"warrant": I_200}, MAY),
        ({"convictions": []}, MUST_NOT),
        ({"convictions": [], "possible_tsdb_match": True}, MAY),
        ({"convictions": [], "purpose": "unrelated_to_civil_immigration"}, MAY),
        ({"convictions": [], "otherwise_required_by_law": True}, MAY),
        ({"convictions": [], "information_asked": "citizenship_or_immigration_status"}, MAY),
    ],
)
def test_9_131_h_1_when_correction_may_tell(facts: dict[str, Any], outcome: Outcome) -> None:
    assert (
        outcome_of("disclose_information", **({"information_asked": "release_date"} | CIVIL | facts))
        is outcome
    )


def test_14_154_b_2_a_warrant_that_comes_in_time_and_none_that_comes_late() -> None:
    facts: dict[str, Any] = {
        "office": "nypd",
        "convictions": TWELVE_YEARS,
        "illegal_reentry_after_removal_or_return": True,
    }
    in_time = WARRANT | {"presented": "after_detainer", "presented_at": "2019-09-10T09:00"}
    late = WARRANT | {"presented": "after_detainer", "presented_at": "2019-09-11T10:30"}
    assert outcome_of(**facts, warrant=in_time, now="2019-09-10T12:00") is MAY
    assert not answer(**facts, warrant=in_time, now="2019-09-10T12:00").overlays
    assert outcome_of(**facts, warrant=late, now="2019-09-11T11:00") is MUST_NOT
    assert outcome_of(**facts, warrant=WARRANT | {"presented": "never", "issuer": "none"}) is MUST_NOT


@pytest.mark.parametrize("office", ["doc", "nypd", "probation"])
def test_no_section_of_the_city_regulates_transfer(office: str) -> None:
    silent = answer("transfer", office=office)
    assert silent.outcome is UNKNOWN
    assert any("transfer" in doubt for doubt in silent.doubts)


def test_9_205_b_whether_probation_may_notify_is_open() -> None:
    silent = answer("notify_release", office="probation")
    assert (silent.outcome, silent.missing) == (UNKNOWN, ())
    assert any("Probation may notify" in doubt for doubt in silent.doubts)


@pytest.mark.parametrize(
    ("action", "facts", "outcome"),
    [
        ("hold", {}, MUST_NOT),
        ("notify_release", {"release_date_public": True}, MAY),
        ("notify_release", {"convictions": robbery(category="serious_felony")}, MAY),
        ("transfer", {"convictions": robbery(category="violent_felony"), "warrant": I_200}, MAY),
        ("transfer", {"convictions": [], "judicial_probable_cause": True, "warrant": I_200}, MAY),
        ("transfer", {"convictions": []}, MAY),
        (
            "notify_release",
            {"convictions": robbery(category="listed_wobbler", judgment_date="2004-09-10")},
            MAY,
        ),
        (
            "notify_release",
            {"convictions": robbery(category="listed_wobbler", judgment_date="2004-09-08")},
            MUST_NOT,
        ),
        (
            "notify_release",
            {"convictions": robbery(category="listed_wobbler", judgment_date="2014-09-08", felony=False)},
            MUST_NOT,
        ),
        (
            "notify_release",
            {
                "convictions": [
                    *robbery(category="serious_felony"),
                    *robbery(category="proposition_47_misdemeanor", felony=False),
                ]
            },
            MUST_NOT,
        ),
        (
            "notify_release",
            {"convictions": [], "pending_cases": [{"category": "qualifying_felony", "held_to_answer": True}]},
            MAY,
        ),
        (
            "transfer",
            {
                "convictions": [],
                "warrant": I_200,
                "pending_cases": [{"category": "qualifying_felony", "held_to_answer": True}],
            },
            MUST_NOT,
        ),
    ],
)
def test_gov_7282_5_and_7284_6_california(action: str, facts: dict[str, Any], outcome: Outcome) -> None:
    known = {"release_date_public": False, "registrant": False, "judicial_probable_cause": False}
    assert outcome_of(action, place="ca", **(known | facts)) is outcome


def test_5_ilcs_805_illinois_must_not_hold_on_a_detainer_or_administrative_warrant_alone() -> None:
    assert outcome_of(place="il", warrant=I_200) is MUST_NOT
    assert outcome_of("notify_release", place="il", warrant=I_200) is MAY
    assert (
        outcome_of(
            "notify_release", place="il", warrant=I_200, on="2022-01-01", otherwise_required_by_law=False
        )
        is MUST_NOT
    )
