"""When two spellings are the same, and which country a spelling means."""

import pytest

from watchword.feeds.places.countries import added_names, country_code, country_name, is_country
from watchword.feeds.places.folding import ABBREVIATIONS, folded

ALIKE = [
    ("North Jail", "NORTH  JAIL"),
    ("North-Jail", "north jail"),
    ("Cañón City", "CANON CITY"),
    ("St. Mary's Hall", "ST MARYS HALL"),
    ("St. Mary’s Hall", "ST MARYS HALL"),
    ("U.S. Marshals", "US MARSHALS"),
    ("River & Lake Annex", "River and Lake Annex"),
    ("Harbor Det. Ctr.", "HARBOR DETENTION CENTER"),
    ("Harbor Proc Ctr (East)", "Harbor Processing Centre - East"),
]
APART = [
    ("Unit 1.1", "Unit 11"),
    ("Unit A-1", "Unit A-11"),
    ("Camp 1", "Camp I"),
    ("North Jail", "North Jail Annex"),
    ("North Jail", "Jail North"),
    ("Harbor Co. Jail", "Harbor County Jail"),  # CO is Colorado, too
    ("St. John Jail", "Saint John Jail"),
    ("***", "---"),
    ("北监狱", "南监狱"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spellings_that_are_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_spellings_that_are_not(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.parametrize("said", [*ABBREVIATIONS, *(said for pair in (*ALIKE, *APART) for said in pair)])
def test_folding_twice_changes_nothing_more(said: str) -> None:
    assert folded(folded(said)) == folded(said)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("MEXICO", "MX"),
        ("México", "MX"),
        ("Estados Unidos", "US"),
        ("U.S.A.", "US"),
        ("cote d'ivoire", "CI"),
        ("SAINT LUCIA", "LC"),
        ("CHINA, PEOPLES REPUBLIC OF", "CN"),
        ("MICRONESIA, FEDERATED STATES OF", "FM"),
        ("Korea, Republic of", "KR"),
        ("DEM REP OF THE CONGO", "CD"),
        ("Burma", "MM"),
        ("KOREA", None),  # which?
        ("CONGO", None),
        ("Georgia", None),  # the country, or the state?
        ("MM", None),  # Myanmar, or Mexico?
        ("USSR", None),
        ("STATELESS", None),
        ("MEXCIO", None),  # nothing is guessed
        ("", None),
    ],
)
def test_a_country_is_named_for_certain_or_not_at_all(said: str, code: str | None) -> None:
    assert country_code(said) == code


def test_every_name_that_we_add_means_the_country_it_stands_with() -> None:
    ours = added_names()
    added = {name: code for code, names in ours["also"].items() for name in names}
    assert {name: country_code(name) for name in added} == added
    assert all(map(is_country, ours["also"]))
    assert [country_code(name) for name in ours["several"]] == [None] * len(ours["several"])


def test_a_country_has_a_name_in_each_of_our_languages() -> None:
    assert (country_name("MX", "en"), country_name("MX", "es")) == ("Mexico", "México")
