"""docs/explanation/delivery.md: every test that its fault table names exists, and it has every fault of the carrier."""

import ast
import re
from pathlib import Path

from watchword.carrier.faults import KINDS

TESTS = Path(__file__).parents[2]
DOCUMENT = TESTS.parent / "docs" / "explanation" / "delivery.md"

ROWS = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in DOCUMENT.read_text().splitlines()
    if line.startswith("|") and "::" in line
]


def test_every_row_names_a_test_that_exists() -> None:
    assert ROWS
    for _, _, _, test, _ in ROWS:
        path, _, name = test.strip("`").partition("::")
        module = ast.parse((TESTS / path).read_text())
        assert name in {each.name for each in module.body if isinstance(each, ast.FunctionDef)}, test


def test_the_carrier_can_be_told_to_fail_in_each_way_that_a_row_says_and_no_way_of_its_is_left_out() -> None:
    told = {tuple(pair.split()) for *_, cell in ROWS for pair in re.findall("`([a-z]+ [a-z_]+)`", cell)}
    assert told == {(api, kind) for api, kinds in KINDS.items() for kind in kinds}
