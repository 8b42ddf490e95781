"""docs/explanation/custody.md: each oddity's rule names a test that exists."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[2] / "integration" / "custody"
DOCUMENT = Path(__file__).parents[3] / "docs" / "explanation" / "custody.md"

TABLE = DOCUMENT.read_text().partition("| Oddity | Rule | Test |")[2].partition("\n\n")[0]
ROWS = [line.strip("|").rpartition("|") for line in TABLE.splitlines()[2:]]


def names_in(path: Path) -> set[str]:
    """The tests of a module, and its tables of cases."""
    body = ast.parse(path.read_text()).body
    functions = {each.name for each in body if isinstance(each, ast.FunctionDef)}
    assigned = [each.targets[0] if isinstance(each, ast.Assign) else each.target for each in body
                if isinstance(each, ast.Assign | ast.AnnAssign)]  # fmt: skip
    return functions | {each.id for each in assigned if isinstance(each, ast.Name)}


def test_every_oddity_names_its_test() -> None:
    assert len(ROWS) > 40
    for oddity, _, cell in ROWS:
        named = re.findall(r"`([^`]+\.py)::(\w+)`", cell)
        assert named, oddity
        for path, name in named:
            assert name in names_in(TESTS / path), f"{oddity}: {path}::{name}"
