"""Rule files: mistakes are told with file, line and remedy; the lists are the enacted text's."""

import json
import re
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import SHARED
from tests.unit.law.cases import answer
from watchword.law import PLACES, RulesError, rulebook
from watchword.law.offences import Offences
from watchword.law.pages import pages, schemas
from watchword.law.reading import read, read_offences

DOCS = Path(__file__).parents[3] / "docs"
TEXAS = (files("watchword.law") / "places" / "tx.yaml").read_text()
ENACTED = SHARED / "data/law/statutes"


@pytest.mark.parametrize(
    ("right", "wrong", "remedy"),
    [
        ("fact: agency_has_custody", "fact: agency_has_costody", "did you mean agency_has_custody?"),
        ("is: true, says: the person has shown", "is: maybe, says: the person has shown", "true or false"),
        ("outcome: MUST\n", "outcome: SHOULD\n", "MUST NOT, MAY, MUST, UNKNOWN"),
        ("when: {term: duty}", "when: {term: dutty}", "did you mean duty?"),
        ("status: from memory\n        changed", "status: rumour\n        changed", "verified, secondary"),
        ("from: 2017-09-01", "from: 2017-9-1", "write it as 2014-12-14"),
        ("zone: America/Chicago", "zone: America/Chikago", "America/New_York"),
        ("doubts: [exempt]", "doubts: [exemt]", "did you mean exempt?"),
        ("comply:\n    says:", "comply:\n    sais:", "did you mean says?"),
        ("rules:\n", "rules:\n  silent: {}\n", "second time"),
    ],
)
def test_a_mistake_is_told_with_its_file_line_and_remedy(right: str, wrong: str, remedy: str) -> None:
    assert right in TEXAS
    changed = TEXAS.replace(right, wrong, 1)
    begin = next(at for at, (old, new) in enumerate(zip(TEXAS, changed, strict=False)) if old != new)
    line = changed[:begin].count("\n") + 1
    with pytest.raises(RulesError) as caught:
        read(changed, "tx.yaml", Offences())
    assert "tx.yaml" in str(caught.value)
    assert remedy in str(caught.value)
    if remedy != "second time":  # which is told at the second
        assert f"line {line}," in str(caught.value)


def test_a_term_made_of_itself_is_refused() -> None:
    with pytest.raises(RulesError, match="made of itself"):
        read(TEXAS.replace("rules:\n", "  circle: {not: {term: circle}}\nrules:\n", 1), "tx.yaml", Offences())


def test_an_offence_without_a_name_is_refused() -> None:
    text = (
        'lists:\n- cite: LL 1\n  status: verified\n  from: 2020-01-01\n  offences:\n  - {section: "125.25"}\n'
    )
    with pytest.raises(RulesError, match=r"line 6.*name is missing"):
        read_offences(text, "nyc.yaml")


@pytest.mark.shared
@pytest.mark.parametrize("law", ["int_2014_0486.txt", "int_2014_0487.txt"])
def test_the_list_is_that_of_the_enacted_text(law: str) -> None:
    text = (ENACTED / law).read_text(errors="replace")
    told = re.search(r"sections of the penal law: (.*?);", text, re.DOTALL)
    assert told is not None
    words = told[1].replace("265.02 (2)", "265.02(2)").replace(" through (8)", "-(8)").replace("or ", "")
    enacted = set(re.split(r",\s*", words))
    ours = {
        entry.section + ("(2)-(8)" if len(entry.subdivisions) > 1 else _written(entry.subdivisions))
        for entry in rulebook("nyc").offences.entries
        if entry.law == "PL" and entry.begin.year == 2014
    }
    assert ours == enacted


def _written(subdivisions: tuple[str, ...]) -> str:
    return "".join(f"({part})" for each in subdivisions for part in re.findall(r"\w+", each))


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_that_is_made_from_the_rules_is_as_make_docs_would_write_it(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name]


@pytest.mark.parametrize("place", PLACES)
def test_an_answer_keeps_to_its_published_schema(place: str) -> None:
    schema = json.loads(schemas()["reference/law-answer.schema.json"])
    for action in ("hold", "notify_release", "disclose_information", "transfer"):
        jsonschema.validate(answer(action, place=place).as_data(), schema)
