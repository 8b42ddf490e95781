"""Places as sources spell them: what an office is asked, what it answers, and what is known then."""

from io import StringIO

import pytest

from watchword.audit.models import Entry
from watchword.core.errors import WatchwordError
from watchword.feeds.models import Place, Source, Spelling
from watchword.feeds.places import spellings
from watchword.feeds.places.gazetteer import Facility, keep, read_facilities, same_as, set_facilities
from watchword.feeds.places.queries import facility_names, list_spellings
from watchword.worklist.models import Task

OFFICER = {"by": "R. Officer", "reason": "I asked the jail."}
NORTH = Facility(name="North Jail", kind="jail", city="Harbor", spellings=("N Jail", "Site 4"))


@pytest.fixture(autouse=True)
def _gazetteer(db: None) -> None:
    set_facilities([NORTH, Facility(name="South Jail")], **OFFICER)


def say(source: Source, *said: str, field: str = "facility") -> dict[str, str]:
    """The source says these; what each is known to mean now, or how it stands."""
    spellings.note(source, ((field, one) for one in said))
    found = Spelling.objects.filter(source=source, field=field, said__in=said).select_related("place")
    return {one.said: (one.place.name if one.place else one.country) or one.state for one in found}


def asked() -> list[str]:
    """What the open tasks are about."""
    return list(Task.objects.filter(done=False).order_by("id").values_list("subject", flat=True))


def number(said: str) -> int:
    return Spelling.objects.get(said=said).pk


def test_a_spelling_of_the_gazetteer_is_known_however_it_is_written(source: Source) -> None:
    assert say(source, "NORTH  JAIL", "n. jail", "Site 4", "South Jail") == {
        "NORTH  JAIL": "North Jail",
        "n. jail": "North Jail",
        "Site 4": "North Jail",
        "South Jail": "South Jail",
    }
    assert asked() == []


def test_a_spelling_that_matches_nothing_is_one_task_for_each_source(source: Source) -> None:
    other = Source.objects.create(name="airport", mapping=source.mapping)
    assert say(source, "Lockup 9", "LOCKUP-9") == {"Lockup 9": "unknown", "LOCKUP-9": "unknown"}
    say(source, "lockup 9")  # in a later roster
    say(other, "Lockup 9 ")
    assert len(asked()) == 2
    assert "ockup" not in str(list(Task.objects.values()))


def test_what_an_officer_answers_is_known_from_then_on(source: Source) -> None:
    say(source, "Lockup 9", "LOCKUP-9")
    assert same_as(number("Lockup 9"), "north jail", **OFFICER) == "North Jail"
    assert asked() == []
    assert say(source, "lockup #9") == {"lockup #9": "North Jail"}
    assert facility_names([(source.pk, "LOCKUP-9"), (source.pk, "elsewhere")]) == {
        (source.pk, "LOCKUP-9"): "North Jail"
    }
    other = Source.objects.create(name="airport", mapping=source.mapping)
    assert say(other, "Lockup 9 ") == {"Lockup 9 ": "unknown"}  # it may mean another place there


def test_what_is_kept_means_itself_and_is_asked_no_more(source: Source) -> None:
    say(source, "In transit")
    keep(number("In transit"), **OFFICER)
    assert say(source, "IN TRANSIT") == {"IN TRANSIT": "kept"}
    assert (asked(), facility_names([(source.pk, "In transit")])) == ([], {})
    set_facilities([Facility(name="Transit Hall", spellings=("In transit",))], **OFFICER)
    assert say(source, "in-transit") == {"in-transit": "kept"}  # what an officer said stands
    same_as(number("In transit"), "Transit Hall", **OFFICER)  # until another word
    assert say(source, "in_transit") == {"in_transit": "Transit Hall"}


def test_each_decision_is_in_the_ledger_by_numbers(source: Source) -> None:
    say(source, "Lockup 9", "In transit")
    same_as(number("Lockup 9"), "North Jail", **OFFICER)
    keep(number("In transit"), **OFFICER)
    entries = Entry.objects.order_by("id").values_list("action", "subject", "reason", "facts")
    north = Place.objects.get(name="North Jail").pk
    assert list(entries)[1:] == [
        ("place.same_as", f"spelling:{number('Lockup 9')}", OFFICER["reason"], {"place": north}),
        ("place.keep", f"spelling:{number('In transit')}", OFFICER["reason"], {}),
    ]
    for nobody in ({"by": " ", "reason": "x"}, {"by": "x", "reason": " "}):
        with pytest.raises(WatchwordError, match="Say who decides"):
            keep(number("Lockup 9"), **nobody)


def test_an_office_without_a_gazetteer_is_asked_nothing_until_it_has_one(source: Source) -> None:
    Place.objects.all().delete()
    say(source, "Lockup 9", "North Jail")
    assert asked() == []
    set_facilities([NORTH], **OFFICER)
    assert asked() == [f"spelling:{number('Lockup 9')}"]
    assert {one["said"]: one["means"] for one in list_spellings()} == {
        "Lockup 9": "",
        "North Jail": "North Jail",
    }


def test_a_change_of_the_gazetteer_answers_and_asks_again(source: Source) -> None:
    say(source, "Lockup 9", "N Jail")
    set_facilities([Facility(name="North Jail", city="Harbor", spellings=("Lockup 9",))], **OFFICER)
    assert asked() == [f"spelling:{number('N Jail')}"]
    assert [one["said"] for one in list_spellings(unknown=True)] == ["N Jail"]


def test_a_name_of_several_facilities_matches_none_of_them(source: Source) -> None:
    say(source, "Lake Co Det Ctr", "Lake Co Detention Center")
    lake = [Facility(name="Lake Co Detention Center", city=city) for city in ("Westlake", "Eastlake")]
    set_facilities(lake, **OFFICER)
    assert len(asked()) == 2  # each way to write it may be another of them
    west, east = (Place.objects.get(city=city).pk for city in ("Westlake", "Eastlake"))
    with pytest.raises(WatchwordError, match="names no facility, or several"):
        same_as(number("Lake Co Det Ctr"), "Lake Co Detention Center", **OFFICER)
    same_as(number("Lake Co Det Ctr"), str(west), **OFFICER)
    same_as(number("Lake Co Detention Center"), str(east), **OFFICER)
    assert list(Spelling.objects.order_by("said").values_list("place", flat=True)) == [west, east]
    assert asked() == []


def test_a_country_is_matched_by_its_names_and_else_asked_about(source: Source) -> None:
    said = say(source, "MEXICO", "Méjico", "KOREA", "USSR", field="birth_country")
    assert said == {"MEXICO": "MX", "Méjico": "MX", "KOREA": "unknown", "USSR": "unknown"}
    assert len(asked()) == 2
    assert same_as(number("KOREA"), "kr", **OFFICER) == "KR"
    keep(number("USSR"), **OFFICER)
    assert (asked(), say(source, "Korea", field="birth_country")) == ([], {"Korea": "KR"})
    with pytest.raises(WatchwordError, match="no country"):
        same_as(number("USSR"), "Atlantis", **OFFICER)


def test_a_facility_that_is_none_and_a_spelling_that_is_none_are_said_so(source: Source) -> None:
    say(source, "Lockup 9")
    with pytest.raises(WatchwordError, match="'Atlantis' names no facility"):
        same_as(number("Lockup 9"), "Atlantis", **OFFICER)
    with pytest.raises(WatchwordError, match="no spelling 0"):
        keep(0, **OFFICER)
    assert len(asked()) == 1


def test_a_column_that_holds_no_places_is_one_task_not_thousands(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spellings, "MOST", 3)
    say(source, *(f"Cell {number}" for number in range(9)))
    say(source, *(f"Bed {number}" for number in range(9)))
    assert Spelling.objects.count() == 3
    assert [subject.split(":")[0] for subject in asked()] == ["spelling"] * 3 + ["source"]


def test_facilities_are_read_from_a_csv_file() -> None:
    file = "Name,City,Spellings\nNorth  Jail,Harbor,N Jail | Site 4\nSouth Jail,,\n"
    assert list(read_facilities(StringIO(file))) == [
        Facility(name="North Jail", city="Harbor", spellings=("N Jail", "Site 4")),
        Facility(name="South Jail"),
    ]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("", "first line should name its columns"),
        ("facility\nNorth Jail\n", "first line should name its columns"),
        ("name,warden\nNorth Jail,x\n", "first line should name its columns"),
        ("name\nNorth Jail,Harbor\n", "Line 2 has more cells"),
        ('name\n"North Jail\n', "no CSV"),
    ],
)
def test_a_file_that_is_no_gazetteer_is_refused(file: str, why: str) -> None:
    with pytest.raises(WatchwordError, match=why):
        list(read_facilities(StringIO(file)))
