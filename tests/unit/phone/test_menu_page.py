"""The page that shows the line's menu is what the line says."""

from pathlib import Path

from watchword.phone.line.steps import STEPS
from watchword.phone.prompts import prompt

PAGE = Path(__file__).parents[3] / "docs/reference/phone-line.md"


def rows() -> list[str]:
    """A row for each key of each menu whose keys are always the same."""
    return [
        f"| `{step.name}` | {key} | {prompt('en', offer)} |"
        for step in STEPS.values()
        for key, offer in step.keys.items()
    ]


def test_every_key_of_every_menu_is_on_the_page_and_none_besides() -> None:
    table = PAGE.read_text("utf-8").partition("## Every key\n")[2].partition("\n## ")[0]
    assert [line for line in table.splitlines() if line.startswith("| `")] == rows()


def test_every_menu_says_what_its_keys_do_and_names_the_key() -> None:
    for step in STEPS.values():
        for key, offer in step.keys.items():
            assert key in prompt("en", offer), (step.name, key)
