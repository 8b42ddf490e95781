"""The rules on real lists: what share of spellings they match, and that they match nothing wrongly."""

import csv
import lzma
from collections import defaultdict
from typing import TextIO, cast

import pytest

from tests.conftest import SHARED
from watchword.feeds.models import Place, Source
from watchword.feeds.places.countries import country_code
from watchword.feeds.places.gazetteer import Facility, set_facilities
from watchword.feeds.places.spellings import gazetteer

pytestmark = pytest.mark.shared

NO_COUNTRY_FOR_CERTAIN = {
    *("KOREA", "CONGO", "GEORGIA"),
    *("USSR", "CZECHOSLOVAKIA", "SERBIA AND MONTENEGRO", "NETHERLANDS ANTILLES"),
    *("UNKNOWN", "STATELESS", ""),
}

NAMED_TWICE = {
    *("CENTRAL LOUISIANA ICE PROC CTR", "ORANGE COUNTY JAIL"),
    *("PHELPS COUNTY JAIL", "WEBB COUNTY DETENTION CENTER (CCA)"),
}
"""Names that one list gives to a facility for which ours has another name, and ours to another facility."""


def test_countries_of_birth_as_an_agency_spells_them() -> None:
    with (SHARED / "data/countries/ice-country-spellings.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    unmatched = {row["spelling"] for row in rows if country_code(row["spelling"]) is None}
    assert unmatched == NO_COUNTRY_FOR_CERTAIN

    def said(found: list[dict[str, str]]) -> int:
        return sum(int(count or 0) for row in found for name, count in row.items() if name != "spelling")

    matched = said([row for row in rows if row["spelling"] not in unmatched]) / said(rows)
    print(f"countries: {len(rows) - len(unmatched)} of {len(rows)} spellings, {matched:.2%} of all records")
    assert matched > 0.998


def test_no_synonym_of_a_public_list_is_taken_for_another_country() -> None:
    with (SHARED / "data/countries/govuk_country_synonyms.csv").open(encoding="utf-8") as file:
        pairs = [(row["synonym"], row["canonical"]) for row in csv.DictReader(file)]
    known = [(said, country_code(said), country_code(meant)) for said, meant in pairs]
    assert [one for one in known if one[1] and one[2] and one[1] != one[2]] == []


@pytest.mark.django_db
def test_facilities_as_several_public_lists_spell_them(source: Source) -> None:
    packed = SHARED / "data/facilities/dsd_facilities.csv.xz"
    with cast(TextIO, lzma.open(packed, "rt", encoding="utf-8")) as file:
        ours = {row["id"]: (row["primary_name"], row["county_names"]) for row in csv.DictReader(file)}
    set_facilities(
        [Facility(name=name, city=where) for name, where in ours.values()], by="R. Officer", reason="x"
    )
    ids = {(name, city): number for number, name, city in Place.objects.values_list("id", "name", "city")}
    with (SHARED / "data/facilities/facility-name-variants.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["code"] in ours and row["source"] != "dsd2026"]
    facilities = defaultdict[str, set[int]](set)
    for row in rows:
        facilities[row["name"]].add(ids[ours[row["code"]]])
    known = gazetteer()
    meant = {said: known.one.get(known.key(said)) for said in facilities}
    right = sum(meant[said] in numbers for said, numbers in facilities.items())
    other = {said for said, numbers in facilities.items() if meant[said] and meant[said] not in numbers}
    print(
        f"facilities: {right} of {len(facilities)} spellings; the list gives {len(other)} to another facility"
    )
    assert right / len(facilities) > 0.70
    assert other == NAMED_TWICE
