"""What the style sheets ask for is there: a browser asks as soon as it has read one, whatever a later one says."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SHEETS = sorted(Path(settings.STATIC_ROOT).rglob("*.css"))


def test_the_style_sheets_are_built() -> None:
    assert {"site.css", "uswds.css", "uswds-table.css"} <= {sheet.name for sheet in SHEETS}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_each_file_that_a_style_sheet_names_is_served(sheet: Path) -> None:
    named = re.findall(r"url\(\"?([^\")]+)", sheet.read_text())
    assert [name for name in named if not (sheet.parent / name).is_file()] == []
