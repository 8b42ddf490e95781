"""A person is found by number, or by name and one more fact, however the name is written; and who hides is not."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from tests.county import County
from watchword.core.clock import now
from watchword.custody.comparing import compare
from watchword.custody.finding import index
from watchword.custody.finding.queries import find
from watchword.custody.finding.records import Sought, SoughtError
from watchword.custody.models import Person, Record, SearchWaiting, SearchWord
from watchword.feeds.models import Source
from watchword.feeds.receiving import add_source, receive
from watchword.pipeline import load_roster

BORN = date(1988, 3, 9)


def listed(county: County, key: str = "1001", **record: Any) -> Person:
    """Somebody the source lists, in the search."""
    person = county.person(
        key, **{"first_name": "María José", "last_name": "García-López", "birth_date": BORN, **record}
    )
    wait_and_catch_up(person)
    return person


def wait_and_catch_up(person: Person) -> None:
    SearchWaiting.objects.create(source_id=person.source_id, person=person)
    index.catch_up()


def found(name: str = "", **facts: Any) -> list[str]:
    hidden = facts.pop("hidden", False)
    if not facts:
        facts = {"born": BORN}
    return [Person.objects.get(pk=one.person).key for one in find(Sought(name=name, **facts), hidden=hidden)]


WRITTEN = {
    "without accents": ("Maria Jose Garcia Lopez", {}),
    "the family name first": ("GARCIA LOPEZ, MARIA JOSE", {}),
    "one of two family names": ("Maria Garcia", {}),
    "the family names as one word": ("Maria Garcialopez", {}),
    "the given names as one word": ("Mariajose Lopez", {}),
    "a slip of a finger": ("Mari Gracia", {}),
    "two slips": ("Mariya Garzia", {}),
    "a nickname": ("Pepe Lopez", {}),
    "the wrong family name, by the right birth date": ("Maria Fernandez", {}),
    "a suffix": ("Maria Garcia Jr.", {}),
    "an initial": ("Maria J. Garcia", {}),
    "a day for a month": ("Maria Garcia", {"born": date(1988, 9, 3)}),
    "a year wrong": ("Maria Garcia", {"born": date(1989, 3, 9)}),
    "by country": ("Maria Garcia", {"birth_country": "mx"}),
    "in another script": ("Мария Гарсия", {}),
}


@pytest.mark.parametrize(("name", "facts"), WRITTEN.values(), ids=WRITTEN)
def test_a_name_finds_its_person_though_it_is_written_so(
    county: County, name: str, facts: dict[str, Any]
) -> None:
    listed(county, birth_country="MEXICO")
    listed(county, "1002", first_name="John", last_name="Miller")
    assert found(name, **facts) == ["1001"]


TRANSLITERATED = [
    ("Мария Иванова", "Mariya Ivanova"),
    ("Mohammed al-Sayed", "محمد السيد"),
    ("Yusuf Khalil", "Youssef Halil"),
    ("王小明", "Wang Xiaoming"),
    ("Nguyễn Văn Hùng", "Van Hung Nguyen"),
    ("Juan De la Cruz", "Delacruz Juan"),
    ("Peter van Doren", "Vandoren, Pieter"),
    ("Seán O’Brien", "Sean Obrien"),
]


@pytest.mark.parametrize(("listed_as", "asked"), TRANSLITERATED)
def test_a_name_is_found_both_ways_between_scripts_and_spellings(
    county: County, listed_as: str, asked: str
) -> None:
    listed(county, first_name=None, last_name=listed_as)
    assert found(asked) == ["1001"]
    Record.objects.update(last_name=asked)
    wait_and_catch_up(Person.objects.get())
    assert found(listed_as) == ["1001"]


def test_by_a_number_however_it_is_typed_and_a_booking_number_too(county: County) -> None:
    listed(county, "AB-001234", booking="2026/77")
    assert found(number="ab 001234") == ["AB-001234"]
    assert found(number="202677") == ["AB-001234"]
    assert found(number="001234") == []


def test_the_likest_comes_first(county: County) -> None:
    listed(county, "1", first_name="Jon", last_name="Smyth", birth_date=None)
    listed(county, "2", first_name="John", last_name="Smith", birth_date=None)
    listed(county, "3", first_name="John", last_name="Smith")
    assert found("John Smith") == ["3", "2", "1"]


def test_an_age_fits_a_birth_date_and_an_age_that_is_a_year_old(county: County) -> None:
    today = localdate()
    listed(county, "born", birth_date=today - timedelta(days=round(30.5 * 365.25)))
    listed(county, "aged", birth_date=None, age=30)
    listed(county, "older", birth_date=None, age=44)
    for age in (29, 30, 31):
        assert sorted(found("Maria Garcia", age=age)) == ["aged", "born"]


def test_an_alias_finds_its_person_and_another_persons_fact_does_not(county: County) -> None:
    listed(county, also_known_as=["Lupe Santos"], birth_country="Guatemala")
    assert found("Guadalupe Santos", birth_country="GT") == ["1001"]
    assert found("Guadalupe Santos", birth_country="HN") == []
    assert found("Guadalupe Santos", born=date(1970, 1, 1)) == []


def test_only_of_the_source_that_was_asked(county: County) -> None:
    listed(county)
    listed(County("airport"), "77")
    sought = Sought(name="Maria Garcia", born=BORN)
    assert len(find(sought)) == 2
    (one,) = find(sought, source=county.source.pk)
    assert Person.objects.get(pk=one.person).key == "1001"


HIDDEN = {
    "protected": {"protected": True},
    "sealed": {"sealed": True},
    "a minor by birth date": {"birth_date": localdate() - timedelta(days=17 * 365)},
    "a minor by age": {"birth_date": None, "age": 17},
}


@pytest.mark.parametrize("record", HIDDEN.values(), ids=HIDDEN)
def test_who_must_not_be_found_is_found_by_the_office_alone(county: County, record: dict[str, Any]) -> None:
    listed(county, **record)
    born = record.get("birth_date", BORN)
    fact = {"age": 17} if born is None else {"born": born}
    for asked in ({"number": "1001"}, {"name": "Maria Garcia", **fact}):
        assert found(**asked) == []
        assert found(**asked, hidden=True) == ["1001"]


def test_no_word_of_who_is_hidden_stays_among_those_that_are_searched(county: County) -> None:
    person = listed(county, first_name="Zebulon", last_name="Quartermain")
    listed(county, "1002", first_name="Zebulon", last_name="Miller")
    Record.objects.filter(person=person).update(protected=True)
    wait_and_catch_up(person)
    open_words = set(SearchWord.objects.filter(hidden=False).values_list("word", flat=True))
    assert "quartermain" not in open_words
    assert "zebulon" in open_words


MAPPING = """
agency: Harbor County Sheriff
title: Custody list
time_zone: America/New_York
rhythm: 15 minutes
absence: {means: vanished, after: 1}
format: {kind: csv}
columns: {person_key: id, last_name: last, first_name: first, birth_date: born, protected: protected}
"""


def load(*rows: str) -> None:
    lines = "\n".join(["id,last,first,born,protected", *rows]) + "\n"
    load_roster(Source.objects.get(name="bay"), io.BytesIO(lines.encode()), now())


@pytest.mark.django_db(transaction=True)
def test_a_roster_is_found_when_it_is_done_and_follows_what_it_says() -> None:
    add_source("bay", MAPPING)
    load("1,Miller,John,1988-03-09,n", "2,Gomez,Rosa,1988-03-09,n")
    assert (found("Jon Miller"), found("Rosa Gomes")) == (["1"], ["2"])
    load("1,Miller,John,1988-03-09,n", "2,Bianchi,Rosa,1988-03-09,n")
    assert found("Rosa Bianki") == ["2"]
    load("1,Miller,John,1988-03-09,n", "2,Bianchi,Rosa,1988-03-09,y")
    assert (found("Rosa Bianchi"), found(number="2")) == ([], [])
    load("1,Miller,John,1988-03-09,n", "2,Bianchi,Rosa,1988-03-09,n")
    assert found(number="2") == ["2"]


@pytest.mark.django_db(transaction=True)
def test_who_must_not_be_found_is_hidden_in_the_transaction_that_says_so() -> None:
    add_source("bay", MAPPING)
    load("1,Miller,John,1988-03-09,n", "2,Gomez,Rosa,1988-03-09,n")
    lines = b"id,last,first,born,protected\n1,Miller,John,1988-03-09,n\n2,Gomez,Rosa,1988-03-09,y\n"
    compare(
        receive(Source.objects.get(), io.BytesIO(lines), now())
    )  # and nothing after it, as if the process died
    assert (found("Rosa Gomez"), found("Rosa Gomez", hidden=True)) == ([], ["2"])


def test_who_came_of_age_is_found_and_who_left_long_ago_is_not(county: County) -> None:
    of_age = listed(county, birth_date=localdate() - timedelta(days=17 * 365))
    Record.objects.filter(person=of_age).update(birth_date=BORN)
    left = listed(county, "1002", first_name="John", last_name="Miller")
    county.event(
        left, "released", after={"status": "released"}, recorded_at=now() - index.KEPT - timedelta(days=1)
    )
    lately = listed(county, "1003", first_name="Rosa", last_name="Gomez")
    county.event(lately, "released", after={"status": "released"})
    index.sweep()
    index.catch_up()
    assert [found("Maria Garcia"), found("John Miller"), found("Rosa Gomez")] == [["1001"], [], ["1003"]]


def test_what_is_no_question_is_refused() -> None:
    for nothing in (
        {"name": "Maria Garcia"},
        {"born": BORN},
        {"number": " "},
        {"name": "Ana", "age": 200},
    ):
        with pytest.raises(SoughtError):
            Sought(**nothing)
    assert "Garcia" not in repr(Sought(name="Maria Garcia", born=BORN))


def test_a_name_without_a_letter_finds_nobody(county: County) -> None:
    listed(county)
    assert found("*** 77", birth_country="MX") == []
