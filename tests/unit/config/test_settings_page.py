"""docs/reference/settings.md."""

from pathlib import Path

from watchword.config.settings_page import page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "settings.md"


def test_it_is_as_make_docs_would_write_it() -> None:
    assert PAGE.read_text() == page()
