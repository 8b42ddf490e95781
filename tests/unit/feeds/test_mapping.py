"""A mapping that cannot be used says at which line and column, and what to write instead."""

from importlib.resources import files

import pytest

from watchword.feeds import mapping
from watchword.feeds.mapping import MappingError

GOOD = """\
agency: Harbor County Sheriff
title: Custody list
time_zone: America/New_York
rhythm: 15 minutes
absence: {means: vanished, after: 1}
format: {kind: csv}
columns:
  person_key: id
  status: held
values:
  status:
    IN: in_custody
"""

# What is changed in the mapping above, where the error stands, and words that must help.
MISTAKES = {
    "YAML that does not end": ("Custody list", "[Custody", "line 3, column 10", "expected ',' or ']'"),
    "a tab as indentation": ("  person_key", "\tperson_key", "line 8, column 1", "cannot start any token"),
    "a control character": ("person_key: id", "person_key: \x00id", "line 8, column 15", "double quotes"),
    "a key said twice": ("  status: held", "  person_key: no", "line 9, column 3", "second time; keep one"),
    "a missing key": ("title: Custody list\n", "", "line 1, column 1", "title: missing; add it"),
    "a misspelt key": ("title:", "titel:", "line 2, column 1", "spelling mistake"),
    "a key of no meaning in a part": ("after: 1", "before: 1", "line 5, column 28", "no such key here"),
    "no canonical field": ("  status: held", "  nation: held", "line 9, column 3", "the fields are person_key"),
    "no person_key": ("  person_key: id\n", "", "line 7, column 1", "name the column"),
    "a code that is none": ("IN: in_custody", "IN: inside", "line 12, column 5", "none of in_custody, furloughed"),
    "values of a field without column": ("  status: held\n", "", "line 10, column 3", "add it to columns"),
    "a time zone that is none": ("America/New_York", "Mars/Base", "line 3, column 1", "such as America/New_York"),
    "a folder of time zones": ("America/New_York", "America", "line 3, column 1", "such as America/New_York"),
    "a duration in words": ("15 minutes", "often", "line 4, column 1", "a number and a unit"),
    "a duration without unit": ("15 minutes", "15", "line 4, column 1", "a number and a unit"),
    "a duration of nothing": ("15 minutes", "0 days", "line 4, column 1", "a number and a unit"),
    "a duration without end": ("15 minutes", "9" * 20 + " days", "line 4, column 1", "longer than the calendar"),
    "a list where a word belongs": ("15 minutes", "[15]", "line 4, column 1", "a number and a unit"),
    "a word where parts belong": ("{kind: csv}", "csv", "line 6, column 1", "keys of its own, indented"),
    "a list where parts belong": ("    IN: in_custody", "    [IN]", "line 11, column 3", "keys of its own"),
    "an unknown absence": ("means: vanished", "means: gone", "line 5, column 11", "'ignore' or 'vanished'"),
    "an absence after no roster": ("after: 1", "after: 0", "line 5, column 28", "greater than or equal to 1"),
    "an unknown kind of file": ("csv", "pdf", "line 6, column 10", "'csv', 'json', 'ndjson', 'fixed', 'xlsx' or 'xml'"),
    "an unknown encoding": ("csv", "csv, encoding: klingon", "line 6, column 21", "try utf-8"),
    "a codec that is no encoding of text": ("csv", "csv, encoding: hex", "line 6, column 21", "try utf-8"),
    "a tab written plainly": ("csv", "csv, delimiter: \\t", "line 6, column 21", '"\\t", in double quotes'),
    "a quote between cells": ("csv", "csv, delimiter: '\"'", "line 6, column 21", "another character"),
    "a delimiter not in the encoding": ("csv", "csv, encoding: ascii, delimiter: §", "line 6, column 38", "another"),
    "an option of another kind": ("csv", "csv, sheet: Inmates", "line 6, column 21", "only kind: xlsx takes sheet"),
    "fixed without widths": ("csv", "fixed", "line 6, column 1", "needs widths"),
    "fixed without a column's place": ("csv", "fixed, widths: {id: [1, 8]}", "line 9, column 3", "format.widths"),
    "a place that ends before it begins": ("csv", "fixed, widths: {id: [8, 1]}", "line 6, column 32", "such as [1, 8]"),
    "formats of no date": ("held", "{column: held, formats: ['%Y']}", "line 9, column 26", "formats is not for"),
    "a separator of no list": ("held", "{column: held, separator: ';'}", "line 9, column 26", "separator is not for"),
    "no-words of a number": ("status: held", "age: {column: a, no: [x]}", "line 9, column 20", "no is not for age"),
    "a format that is no whole date": (
        "status: held\nvalues:\n  status:\n    IN: in_custody",
        "booked_at: {column: b, formats: ['%d %B %H:%M']}",
        "line 9, column 26",
        "gives no whole date",
    ),
    "a share in words": ("rhythm", "tolerated_bad_rows: some%\nrhythm", "line 4, column 1", "such as 5%"),
    "a share over all": ("rhythm", "tolerated_bad_rows: 300%\nrhythm", "line 4, column 1", "less than or equal"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_place_and_remedy(mistake: str) -> None:
    before, after, place, help_ = MISTAKES[mistake]
    assert before in GOOD
    with pytest.raises(MappingError) as caught:
        mapping.load(GOOD.replace(before, after, 1))
    assert place in str(caught.value)
    assert help_ in str(caught.value)


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(MappingError) as caught:
        mapping.load(GOOD.replace("15 minutes", "often").replace("kind: csv", "kind: pdf"))
    assert str(caught.value).count("\n") == 2


@pytest.mark.parametrize("text", ["", "[]", "words", "5", "[" * 50_000, "&a [*a]"])
def test_what_is_no_mapping_at_all_is_refused_in_words(text: str) -> None:
    with pytest.raises(MappingError):
        mapping.load(text)


def test_words_of_a_source_stay_words() -> None:
    made = mapping.load(
        GOOD.replace("IN: in_custody", "Y: in_custody\n    N: released\n    0: escaped\n    on: died")
    )
    assert made.values["status"] == {"Y": "in_custody", "N": "released", "0": "escaped", "on": "died"}


@pytest.mark.parametrize("name", [file.name for file in (files("watchword.feeds") / "mappings").iterdir()])
def test_the_mappings_that_come_along_can_be_used(name: str) -> None:
    assert mapping.load((files("watchword.feeds") / "mappings" / name).read_text()).agency
