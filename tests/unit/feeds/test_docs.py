"""What the documents say of rosters is so: the table of fields, and every mapping and file shown."""

import re
from pathlib import Path

import pytest

from tests.unit.feeds.rosters import read
from watchword.feeds import mapping
from watchword.feeds.fields_page import with_table

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE, HOWTO = DOCS / "reference/roster.md", DOCS / "howto/add-a-source.md"

EXAMPLES = [
    (page.stem, *found)
    for page in (REFERENCE, HOWTO)
    for found in re.findall(r"```yaml\n(.*?)```.*?```(?:csv|text)\n(.*?)```", page.read_text(), re.DOTALL)
]


def test_the_fields_are_as_make_docs_would_write_them() -> None:
    assert REFERENCE.read_text() == with_table(REFERENCE.read_text())


def test_the_examples_are_found() -> None:
    assert [page for page, _, _ in EXAMPLES] == ["roster", "roster", "add-a-source"]


@pytest.mark.parametrize(("page", "form", "file"), EXAMPLES)
def test_an_example_reads_its_file(page: str, form: str, file: str) -> None:
    made = mapping.load(form)
    rows, bad, number = read(made, file.encode(made.format.encoding))
    assert (bad, len(rows), number) == ([], 2, 2)
    assert [row["last_name"].title() for row in rows] == ["Reyes", "Okafor"]
    used = {name for row in rows for name in row}
    assert set(made.columns) - used == set()
